import type { Keys } from './keys.ts';

/** What was forgotten or pruned: rows of it are neither journaled nor derived, as if they were not there. */
export interface LeftOut {
  /** Hashes of session ids. */
  readonly sessions: readonly string[];
  /** Keys of projects. */
  readonly projects: readonly number[];
  /** Facts of the journal before this time, in milliseconds UTC, but for those that are never pruned. */
  readonly factsBefore: number;
  /** Rows of `change_log` up to this seq, and projects that were registered before this time; 0 for none. */
  readonly rowsUpTo: number;
  readonly projectsBefore: number;
}

export const NOTHING_LEFT_OUT: LeftOut = {
  sessions: [],
  projects: [],
  factsBefore: 0,
  rowsUpTo: 0,
  projectsBefore: 0,
};

/** Session ids whose answer is remembered; then all are asked anew. */
const MAX_REMEMBERED = 4_096;

/**
 * Tells rows of the daemon's database that are left out by the raw ids in them.
 *
 * @internal
 */
export class LeftOutRows {
  readonly #keys: Keys;
  readonly #sessions: ReadonlySet<string>;
  readonly #projects: ReadonlySet<number>;
  readonly #remembered = new Map<string, boolean>();

  constructor({ sessions, projects }: LeftOut, keys: Keys) {
    this.#keys = keys;
    this.#sessions = new Set(sessions);
    this.#projects = new Set(projects);
  }

  /** Whether a row of this project and this session ('' where it names none) is left out. */
  has(project: number, session: string): boolean {
    return this.#projects.has(project) || (this.#sessions.size > 0 && session !== '' && this.#hasSession(session));
  }

  #hasSession(id: string): boolean {
    const known = this.#remembered.get(id);
    if (known !== undefined) return known;
    const isLeftOut = this.#sessions.has(this.#keys.session(id));
    if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear();
    this.#remembered.set(id, isLeftOut);
    return isLeftOut;
  }
}
