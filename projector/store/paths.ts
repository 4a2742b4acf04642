import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where everything lives: the daemon's data directory, and nowhere else. The run file is the daemon's too, and beside it. */
export interface Paths {
  readonly dataDir: string;
  /** The daemon's database. */
  readonly host: string;
  readonly analytics: string;
  readonly key: string;
  /** The daemon's own install id, where it made one. */
  readonly installId: string;
  /** Where a running daemon says that it runs. */
  readonly runFile: string;
  derived(number: number): string;
  /** A derived file that a process compares with and takes away again. */
  scratch(pid: number): string;
}

const DERIVED = /^analytics\.derived\.(\d+)\.db/;
const SCRATCH = /^analytics\.scratch\.(\d+)\.db/;

/**
 * Paths for the data directory that `AO_DATA_DIR` names, by default `~/.ao/data`.
 *
 * @internal
 */
export function pathsOf(env: NodeJS.ProcessEnv): Paths {
  const dataDir = resolve(env.AO_DATA_DIR || join(homedir(), '.ao', 'data'));
  return {
    dataDir,
    host: join(dataDir, 'ao.db'),
    analytics: join(dataDir, 'analytics.db'),
    key: join(dataDir, 'analytics.key'),
    installId: join(dataDir, 'telemetry_install_id'),
    runFile: resolve(env.AO_RUN_FILE || join(homedir(), '.ao', 'running.json')),
    derived: (number) => join(dataDir, `analytics.derived.${number}.db`),
    scratch: (pid) => join(dataDir, `analytics.scratch.${pid}.db`),
  };
}

/** The number of a derived file, or of one of SQLite's files beside it; null for any other file name. */
export function derivedNumber(fileName: string): number | null {
  const match = DERIVED.exec(fileName);
  return match ? Number(match[1]) : null;
}

/** The process whose scratch file a file is, or one of SQLite's files beside it; null for any other file name. */
export function scratchPid(fileName: string): number | null {
  const match = SCRATCH.exec(fileName);
  return match ? Number(match[1]) : null;
}

/** A file of the package, found from the sources as from the build. */
export function packagePath(...parts: string[]): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(directory, 'package.json'))) directory = dirname(directory);
  return join(directory, ...parts);
}
