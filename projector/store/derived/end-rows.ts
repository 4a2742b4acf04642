import type { Database, Statement } from 'better-sqlite3';
import type { End } from '../../../projections/state.ts';
import type { EndTable } from '../../../projections/tables.ts';
import { ManyRows } from './many-rows.ts';
import { MAX_CACHED } from './state-table.ts';

/** Ends in the derived file. */
export class EndRows implements EndTable {
  readonly #entries = new Map<number, End>();
  readonly #dirty = new Set<number>();
  /** The latest ends, ascending and with none left out between: neighbours of most ends are found here. */
  readonly #latest: number[] = [];
  readonly #get: Statement<[number], string>;
  readonly #before: Statement<[number], number>;
  readonly #after: Statement<[number], number>;
  readonly #restoredAround: Statement<[number, number, number], number>;
  readonly #between: Statement<[number, number], number>;
  readonly #livedThrough: Statement<[number, number, number], number>;
  readonly #write: ManyRows;
  readonly #delete: Statement;

  constructor(db: Database) {
    this.#get = db.prepare<[number], string>('SELECT state FROM session_end WHERE seq = ?').pluck();
    this.#before = db.prepare<[number], number>('SELECT max(seq) FROM session_end WHERE seq < ?').pluck();
    this.#after = db.prepare<[number], number>('SELECT min(seq) FROM session_end WHERE seq > ?').pluck();
    this.#restoredAround = db
      .prepare<[number, number, number], number>(
        'SELECT seq FROM session_end WHERE restored_at >= ? AND (at <= ? OR restored_at <= ?)',
      )
      .pluck();
    this.#between = db
      .prepare<[number, number], number>('SELECT seq FROM session_end WHERE at BETWEEN ? AND ?')
      .pluck();
    // No life is known of beyond its end, so the index on that bounds the search.
    this.#livedThrough = db
      .prepare<[number, number, number], number>(
        'SELECT 1 FROM session_end WHERE at > ? AND alive_since < ? AND alive_until > ? LIMIT 1',
      )
      .pluck();
    const columns = ['seq', 'at', 'restored_at', 'alive_since', 'alive_until', 'state'];
    this.#write = new ManyRows(db, 'session_end', columns);
    this.#delete = db.prepare('DELETE FROM session_end WHERE seq = ?');
  }

  get(seq: number): End | undefined {
    if (seq === 0) return undefined;
    const cached = this.#entries.get(seq);
    if (cached) return cached;
    const state = this.#get.get(seq);
    if (state === undefined) return undefined;
    const end = JSON.parse(state) as End;
    this.#entries.set(seq, end);
    return end;
  }

  before(seq: number): End | undefined {
    const index = this.#rank(seq);
    if (index > 0) return this.get(this.#latest[index - 1]!);
    this.flush();
    return this.get(this.#before.get(seq) ?? 0);
  }

  after(seq: number): End | undefined {
    if (this.#latest.length > 0 && seq >= this.#latest[0]!) return this.get(this.#latest[this.#rank(seq + 1)] ?? 0);
    this.flush();
    return this.get(this.#after.get(seq) ?? 0);
  }

  add(end: End): void {
    this.#entries.set(end.seq, end);
    this.#dirty.add(end.seq);
    this.#latest.push(end.seq);
  }

  changed(end: End): void {
    this.#dirty.add(end.seq);
  }

  remove(end: End): void {
    this.#entries.delete(end.seq);
    this.#dirty.delete(end.seq);
    const index = this.#rank(end.seq);
    if (this.#latest[index] === end.seq) this.#latest.splice(index, 1);
    this.#delete.run(end.seq);
  }

  restoredAround(restoredFrom: number, endedBefore: number, restoredBy: number): End[] {
    this.flush();
    return this.#restoredAround.all(restoredFrom, endedBefore, restoredBy).map((seq) => this.get(seq)!);
  }

  between(from: number, to: number): End[] {
    this.flush();
    return this.#between.all(from, to).map((seq) => this.get(seq)!);
  }

  livedThrough(at: number): boolean {
    this.flush();
    return this.#livedThrough.get(at, at, at) !== undefined;
  }

  flush(): void {
    for (const seq of this.#dirty) {
      const end = this.#entries.get(seq)!;
      const { at, restored, alive } = end;
      const times = [at, restored?.at ?? null, alive?.since ?? null, alive?.until ?? null];
      this.#write.add(seq, ...times, JSON.stringify(end));
    }
    this.#write.flush();
    this.#dirty.clear();
  }

  evict(): void {
    if (this.#entries.size <= MAX_CACHED) return;
    this.#entries.clear();
    this.#latest.length = 0;
  }

  /** How many of the latest ends are below a seq. */
  #rank(seq: number): number {
    let low = 0;
    let high = this.#latest.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#latest[middle]! < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
