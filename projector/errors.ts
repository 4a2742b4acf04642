/** What a command that failed says: what was expected, what was found, and what to do. */
export interface Problem {
  /** A word that programs can tell the problem by. */
  readonly code: string;
  readonly message: string;
  readonly expected: string;
  readonly found: string;
  readonly remedy: string;
}

/** Exit codes of the command line. */
export const EXIT = { done: 0, failed: 1, usage: 2, anotherInstance: 3 } as const;

/** An error that a user can do something about. */
export class ProjectorError extends Error implements Problem {
  override readonly name = 'ProjectorError';
  readonly code: string;
  readonly expected: string;
  readonly found: string;
  readonly remedy: string;
  readonly exitCode: number;

  constructor(problem: Problem, exitCode: number = EXIT.failed) {
    super(problem.message);
    this.code = problem.code;
    this.expected = problem.expected;
    this.found = problem.found;
    this.remedy = problem.remedy;
    this.exitCode = exitCode;
  }
}

/** The daemon's database is not where it should be. */
export function hostMissing(path: string): ProjectorError {
  return new ProjectorError({
    code: 'host_missing',
    message: `There is no ${path}.`,
    expected: "the daemon's database",
    found: 'no such file',
    remedy: 'Start the daemon once, or set AO_DATA_DIR to its data directory.',
  });
}

/** SQLite's code of an error that it raised, such as `SQLITE_BUSY`; '' for any other error. */
export function sqliteCode(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : '';
}
