import type { Database } from 'better-sqlite3';
import { inOrder } from '../../../projections/order.ts';
import { EVENTS, eventCode, type SubjectKind } from '../../../projections/vocabulary.ts';

/** Subjects whose events are read together. */
export const SUBJECTS_PER_CHUNK = 1_000;

/** Whose events can be read subject by subject. */
export type ColumnsKind = Exclude<SubjectKind, 'command'>;

/**
 * The events of some subjects, column by column: subjects by their keys, the events of each together and in its order. An event
 * is told by its place.
 */
export interface Columns {
  readonly keys: Float64Array;
  /** Of each subject the place after its last event. */
  readonly ends: Uint32Array;
  readonly codes: Uint8Array;
  /** Milliseconds UTC. */
  readonly times: Float64Array;
  readonly ids: Float64Array;
  /** Of each event which of `texts` says the rest; {@link readText} reads it. Few of them differ. */
  readonly said: Uint32Array;
  readonly texts: readonly string[];
}

/** What an event says, and what is known of its session. */
export interface Said {
  readonly project: number | null;
  readonly kind: string | null;
  readonly harness: string | null;
  readonly dimensions: Readonly<Record<string, string>> | null;
}

export function readText(text: string): Said {
  const [project, kind, harness, dimensions] = JSON.parse(text);
  return { project, kind, harness, dimensions: dimensions === null ? null : JSON.parse(dimensions) };
}

const OF_PULLS = Object.values(EVENTS).filter(({ subjectKind }) => subjectKind === 'pr');

/** Column of the event table that names a subject. Events of PRs belong to the session that owned them, too. */
const KEY = { session: 'event.session', pr: 'event.subject', project: 'event.project', install: '0' } as const;

/**
 * The events of all subjects of a kind whose `key` passes, from the rows of the event table, so many subjects at a time.
 *
 * @param passes a condition on `key`, in SQL; null for all of them
 * @internal
 */
export function* columnsFromRows(
  db: Database,
  kind: ColumnsKind,
  passes: string | null,
  ...values: (number | string)[]
): Generator<Columns> {
  // To sort all rows takes less time than to look each up.
  const [indexed, condition] = passes === null ? ['NOT INDEXED', ''] : ['', `AND ${passes}`];
  const rows = db
    .prepare<(number | string)[], [key: number, id: number, at: number, text: string]>(
      `SELECT ${KEY[kind]} AS key, id, at, json_array(project, kind, harness, dimensions)
       FROM event ${indexed} LEFT JOIN observed_session ON born = session
       WHERE key IS NOT NULL ${condition} ${kind === 'pr' ? `AND id % 64 IN (${OF_PULLS.map(({ code }) => code)})` : ''}
       ORDER BY key, id`,
    )
    .raw();
  let columns = new Filling();
  for (const [key, id, at, text] of rows.iterate(...values)) {
    if (key !== columns.key && columns.subjects === SUBJECTS_PER_CHUNK) {
      yield columns.filled();
      columns = new Filling();
    }
    columns.add(key, id, at, text);
  }
  if (columns.subjects > 0) yield columns.filled();
}

interface Row {
  readonly id: number;
  readonly at: number;
  readonly said: number;
}

/** Columns under way, filled subject by subject. */
class Filling {
  key: number | null = null;
  readonly #keys: number[] = [];
  readonly #ends: number[] = [];
  readonly #codes: number[] = [];
  readonly #times: number[] = [];
  readonly #ids: number[] = [];
  readonly #said: number[] = [];
  readonly #texts = new Map<string, number>();
  #ofSubject: Row[] = [];

  get subjects(): number {
    return this.#keys.length;
  }

  add(key: number, id: number, at: number, text: string): void {
    if (key !== this.key) {
      this.#endSubject();
      this.key = key;
      this.#keys.push(key);
    }
    let said = this.#texts.get(text);
    if (said === undefined) {
      said = this.#texts.size;
      this.#texts.set(text, said);
    }
    this.#ofSubject.push({ id, at, said });
  }

  filled(): Columns {
    this.#endSubject();
    return {
      keys: new Float64Array(this.#keys),
      ends: new Uint32Array(this.#ends),
      codes: new Uint8Array(this.#codes),
      times: new Float64Array(this.#times),
      ids: new Float64Array(this.#ids),
      said: new Uint32Array(this.#said),
      texts: [...this.#texts.keys()],
    };
  }

  #endSubject(): void {
    if (this.key === null) return;
    for (const { id, at, said } of inOrder(this.#ofSubject)) {
      this.#codes.push(eventCode(id));
      this.#times.push(at);
      this.#ids.push(id);
      this.#said.push(said);
    }
    this.#ends.push(this.#ids.length);
    this.#ofSubject = [];
  }
}
