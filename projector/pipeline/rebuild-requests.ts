import type { Database, Statement } from 'better-sqlite3';
import type { RebuildProgress } from './rebuild.ts';

export interface RebuildRequest extends RebuildProgress {
  readonly id: number;
  readonly state: 'asked' | 'running' | 'done' | 'failed';
  readonly error: string | null;
}

/** What `rebuild` asks of a process that runs, and what that says of it; in `analytics.db`, so that either may be killed. */
export class RebuildRequests {
  readonly #db: Database;
  readonly #asked: Statement<[], number>;
  readonly #update: Statement;
  readonly #get: Statement<[number], RebuildRequest>;

  constructor(db: Database) {
    this.#db = db;
    this.#asked = db.prepare<[], number>("SELECT min(id) FROM rebuild_request WHERE state = 'asked'").pluck();
    this.#update = db.prepare('UPDATE rebuild_request SET state = ?, rows = ?, total = ?, error = ? WHERE id = ?');
    this.#get = db.prepare('SELECT id, state, rows, total, error FROM rebuild_request WHERE id = ?');
  }

  ask(now: number): number {
    const { lastInsertRowid } = this.#db
      .prepare("INSERT INTO rebuild_request (requested_at, state, rows, total) VALUES (?, 'asked', 0, 0)")
      .run(now);
    return Number(lastInsertRowid);
  }

  /** The oldest request that nobody has begun with, or null. */
  next(): number | null {
    return this.#asked.get() ?? null;
  }

  get(id: number): RebuildRequest | undefined {
    return this.#get.get(id);
  }

  report(
    id: number,
    state: RebuildRequest['state'],
    { rows, total }: RebuildProgress,
    error: string | null = null,
  ): void {
    this.#update.run(state, rows, total, error, id);
  }

  /** Fails what a killed process had begun with. */
  failInterrupted(): void {
    this.#db
      .prepare(
        "UPDATE rebuild_request SET state = 'failed', error = 'The process was stopped.' WHERE state = 'running'",
      )
      .run();
  }
}
