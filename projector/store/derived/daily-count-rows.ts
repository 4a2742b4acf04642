import type { Database, Statement } from 'better-sqlite3';
import type { Count, DailyCountTable } from '../../../projections/tables.ts';

interface Counted extends Count {
  count: number;
}

/** Counts of commands in the derived file; those of a batch are added up before they are written. */
export class DailyCountRows implements DailyCountTable {
  readonly #batch = new Map<string, Counted>();
  readonly #write: Statement;
  readonly #first: Statement<[number], { readonly position: number; readonly at: number }>;

  constructor(db: Database) {
    this.#write = db.prepare(
      `INSERT INTO daily_count (day, name, command, actor, count, first_at, first_position) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET count = count + excluded.count, first_at = min(first_at, excluded.first_at),
         first_position = iif(excluded.first_at < first_at, excluded.first_position, first_position)`,
    );
    this.#first = db.prepare(
      `SELECT first_position AS position, first_at AS at FROM daily_count WHERE day = ? AND actor = 'user'
       ORDER BY first_at, first_position LIMIT 1`,
    );
  }

  add(count: Count): void {
    const key = `${count.day} ${count.name} ${count.actor} ${count.command}`;
    const counted = this.#batch.get(key);
    const isEarlier = counted !== undefined && count.at < counted.at;
    if (!counted || isEarlier) this.#batch.set(key, { ...count, count: (counted?.count ?? 0) + 1 });
    else counted.count += 1;
  }

  firstByUser(day: number) {
    this.flush();
    return this.#first.get(day);
  }

  flush(): void {
    for (const { day, name, command, actor, count, at, position } of this.#batch.values()) {
      this.#write.run(day, name, command, actor, count, at, position);
    }
    this.#batch.clear();
  }
}
