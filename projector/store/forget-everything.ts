import type { Database } from 'better-sqlite3';
import { beginHistory } from './history.ts';

/** What is not about the daemon: who writes, and which migrations were applied. */
const KEPT = ['lease', '__drizzle_migrations'];

/**
 * Empties every table and begins a history from which all is left out that the daemon has written so far: rows of `change_log`
 * up to `head`, and facts before `now`. Returns how many rows went.
 */
export function forgetEverything(analytics: Database, head: number, now: number): number {
  const tables = analytics
    .prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .pluck()
    .all()
    .filter((table) => !KEPT.includes(table));
  let rows = 0;
  for (const table of tables) rows += analytics.prepare(`DELETE FROM ${table}`).run().changes;
  const history = beginHistory(analytics, now);
  analytics
    .prepare('INSERT INTO pruning (history, pruned_at, before_at, rows, change_log) VALUES (?, ?, ?, ?, ?)')
    .run(history, now, now, rows, head);
  return rows;
}
