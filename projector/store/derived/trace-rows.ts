import type { Database, Statement } from 'better-sqlite3';
import type { Trace } from '../../../projections/state.ts';
import type { TraceTable } from '../../../projections/tables.ts';

/** Traces in the derived file. */
export class TraceRows implements TraceTable {
  readonly #insert: Statement;
  readonly #of: Statement<[string], string>;
  /** Few sessions are reviewed, and each session asks. */
  #isEmpty: boolean;

  constructor(db: Database) {
    this.#insert = db.prepare('INSERT INTO trace (position, subject, state) VALUES (?, ?, ?)');
    this.#of = db.prepare<[string], string>('SELECT state FROM trace WHERE subject = ? ORDER BY position').pluck();
    this.#isEmpty = db.prepare('SELECT 1 FROM trace LIMIT 1').get() === undefined;
  }

  add(trace: Trace): void {
    this.#insert.run(trace.position, trace.of, JSON.stringify(trace));
    this.#isEmpty = false;
  }

  of(of: string): Trace[] {
    return this.#isEmpty ? [] : this.#of.all(of).map((state) => JSON.parse(state) as Trace);
  }
}
