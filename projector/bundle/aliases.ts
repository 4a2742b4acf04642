import { type ChangeFact, SCRATCH_PROJECT } from '../../projections/facts.ts';
import type { Instant } from '../../projections/instant.ts';
import { sessionNumber } from '../../projections/sessions.ts';
import type { Keys } from '../host/keys.ts';

/** The project that the daemon seeds itself keeps its name: rules know it. */
const SCRATCH = 'scratch';

/** Prefix of sessions that only the journal names, and without a project. */
const NO_PROJECT = 'p0';

/** What a digest tells apart; its letter begins the alias. */
export const DIGESTED = { preview: 'v', commit: 'c', request: 'r', fingerprint: 'f' } as const;
export type Digested = keyof typeof DIGESTED;

/**
 * Names for one bundle, which say no more than which is the same as which. They number things as they appear; only those of
 * sessions keep the order of the real numbers within a project, because rules ask for it.
 */
export class Aliases {
  readonly #keys: Keys;
  readonly #projects = new Map<number, string>([[SCRATCH_PROJECT, SCRATCH]]);
  readonly #sessions = new Map<string, string>();
  readonly #byHash = new Map<string, string>();
  readonly #names = new Map<string, Map<string, string>>();
  readonly #counts = new Map<string, number>();

  /** @param changes all rows that will be named, in their order */
  constructor(keys: Keys, changes: readonly ChangeFact[]) {
    this.#keys = keys;
    for (const { project } of changes) this.project(project);
    for (const [project, ids] of sessionsByProject(changes)) this.#nameSessions(this.project(project), ids);
  }

  project(key: number): string {
    const known = this.#projects.get(key);
    if (known !== undefined) return known;
    const alias = `p${this.#projects.size}`;
    this.#projects.set(key, alias);
    return alias;
  }

  /** Of a raw id that a row names. */
  session(id: string): string {
    return this.#sessions.get(id)!;
  }

  /** Of the hash that a fact of the journal names. */
  sessionOfHash(hash: string, project: number | null): string {
    const known = this.#byHash.get(hash);
    if (known !== undefined) return known;
    const prefix = project === null ? NO_PROJECT : this.project(project);
    const alias = `${prefix}-${this.#next(`sessions of ${prefix}`)}`;
    this.#byHash.set(hash, alias);
    return alias;
  }

  pull(url: string, project: number): string {
    const name = this.project(project);
    return this.#named('pull', url, () => `https://example.invalid/${name}/pull/${this.#next(`pulls of ${name}`)}`);
  }

  digest(kind: Digested, text: string): string {
    return text === '' ? '' : this.#named(kind, text, () => `${DIGESTED[kind]}${this.#next(kind)}`);
  }

  /** A time text in UTC. Of two texts that name one moment the second is marked, for rows are told apart by the text. */
  time(text: string, instant: Instant): string {
    return this.#named('time', text, () => {
      const utc = utcText(instant);
      const count = this.#next(utc);
      return count === 1 ? utc : `${utc}#${count}`;
    });
  }

  /** Sessions of one number, and those without any, stand beside one another. */
  #nameSessions(project: string, ids: readonly string[]): void {
    const numbers = [...new Set(ids.map(sessionNumber).filter((number) => number > 0))].sort((a, b) => a - b);
    const ranks = new Map(numbers.map((number, index) => [number, index + 1]));
    this.#counts.set(`sessions of ${project}`, numbers.length);
    for (const id of ids) {
      const rank = ranks.get(sessionNumber(id)) ?? 0;
      const count = this.#next(`sessions ${project}-${rank}`);
      const alias = count === 1 ? `${project}-${rank}` : `${project}.${count}-${rank}`;
      this.#sessions.set(id, alias);
      this.#byHash.set(this.#keys.session(id), alias);
    }
  }

  #named(kind: string, text: string, name: () => string): string {
    const known = this.#names.get(kind) ?? new Map<string, string>();
    this.#names.set(kind, known);
    const alias = known.get(text) ?? name();
    known.set(text, alias);
    return alias;
  }

  #next(counter: string): number {
    const count = (this.#counts.get(counter) ?? 0) + 1;
    this.#counts.set(counter, count);
    return count;
  }
}

/** A session is of the project that its creation row names, or else of that of the first row that names the session. */
function sessionsByProject(changes: readonly ChangeFact[]): Map<number, string[]> {
  const projectOf = new Map<string, number>();
  for (const fact of changes) {
    for (const id of sessionsIn(fact)) {
      if (fact.type === 'session_created' || !projectOf.has(id)) projectOf.set(id, fact.project);
    }
  }
  const sessions = new Map<number, string[]>();
  for (const [id, project] of projectOf) {
    const ids = sessions.get(project);
    if (ids) ids.push(id);
    else sessions.set(project, [id]);
  }
  return sessions;
}

function sessionsIn(fact: ChangeFact): string[] {
  if ('session' in fact) return [fact.session];
  return fact.type === 'pr_session_changed' ? [fact.toSession] : [];
}

/** A moment as ISO text to the nanosecond. */
function utcText({ at, nanos }: Instant): string {
  return `${new Date(at).toISOString().slice(0, -1)}${String(nanos).padStart(6, '0')}Z`;
}
