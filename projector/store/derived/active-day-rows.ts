import type { Database, Statement } from 'better-sqlite3';
import type { ActiveDay } from '../../../projections/state.ts';
import type { ActiveDayTable } from '../../../projections/tables.ts';

/** Active days in the derived file. */
export class ActiveDayRows implements ActiveDayTable {
  readonly #get: Statement<[number], ActiveDay>;
  readonly #set: Statement;
  readonly #remove: Statement;
  readonly #countBefore: Statement<[number], number>;
  readonly #from: Statement<[number], ActiveDay>;

  constructor(db: Database) {
    this.#get = db.prepare('SELECT day, id, at FROM active_day WHERE day = ?');
    this.#set = db.prepare('INSERT OR REPLACE INTO active_day (day, id, at) VALUES (?, ?, ?)');
    this.#remove = db.prepare('DELETE FROM active_day WHERE day = ?');
    this.#countBefore = db.prepare<[number], number>('SELECT count(*) FROM active_day WHERE day < ?').pluck();
    this.#from = db.prepare('SELECT day, id, at FROM active_day WHERE day >= ? ORDER BY day');
  }

  get(day: number): ActiveDay | undefined {
    return this.#get.get(day);
  }

  set({ day, id, at }: ActiveDay): void {
    this.#set.run(day, id, at);
  }

  remove(day: number): void {
    this.#remove.run(day);
  }

  countBefore(day: number): number {
    return this.#countBefore.get(day) ?? 0;
  }

  from(day: number): ActiveDay[] {
    return this.#from.all(day);
  }
}
