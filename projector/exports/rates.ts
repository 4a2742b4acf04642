import type { Database, Statement } from 'better-sqlite3';
import { minuteOf } from './settling.ts';

/** So many events of one name go one by one: in a minute, and in a UTC day. The others of their minute go as one, with a count. */
export const BURST = 20;
export const DAILY = 1_000;

const MINUTES_A_DAY = 1_440;

/** How many events of each name were exported one by one. Kept for a day after the newest of a name. */
export class Rates {
  readonly #ofMinute: Statement<[string, number], number>;
  readonly #ofDay: Statement<[string, number, number], number | null>;
  readonly #add: Statement;
  readonly #forget: Statement;

  constructor(analytics: Database) {
    this.#ofMinute = analytics
      .prepare<[string, number], number>('SELECT events FROM export_rate WHERE name = ? AND minute = ?')
      .pluck();
    this.#ofDay = analytics
      .prepare<[string, number, number], number | null>(
        'SELECT sum(events) FROM export_rate WHERE name = ? AND minute BETWEEN ? AND ?',
      )
      .pluck();
    this.#add = analytics.prepare(
      `INSERT INTO export_rate (name, minute, events) VALUES (?, ?, 1)
       ON CONFLICT (name, minute) DO UPDATE SET events = events + 1`,
    );
    this.#forget = analytics.prepare('DELETE FROM export_rate WHERE name = ? AND minute < ?');
  }

  /** Whether an event of this time goes alone; if so it is counted. */
  take(name: string, at: number): boolean {
    const minute = minuteOf(at);
    if ((this.#ofMinute.get(name, minute) ?? 0) >= BURST) return false;
    const day = minute - (minute % MINUTES_A_DAY);
    if ((this.#ofDay.get(name, day, day + MINUTES_A_DAY - 1) ?? 0) >= DAILY) return false;
    this.#add.run(name, minute);
    this.#forget.run(name, minute - 2 * MINUTES_A_DAY);
    return true;
  }
}
