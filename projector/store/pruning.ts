import type { Database } from 'better-sqlite3';
import { MAY_BE_PRUNED } from './left-out-facts.ts';

/** Rows that the journal holds at most, beside those that are never pruned. */
export const MAX_JOURNAL_ROWS = 2_000_000;

/** How far the journal of a history was pruned; times in milliseconds UTC. */
export interface Pruning {
  readonly history: number;
  readonly prunedAt: number;
  /** Facts before this time are gone. */
  readonly beforeAt: number;
  /** Rows that the last pruning has removed. */
  readonly rows: number;
}

/** What was left out from the beginning of a history on, because everything before was forgotten. */
export interface Beginning {
  readonly rowsUpTo: number;
  readonly projectsBefore: number;
}

export function lastPruning(analytics: Database, history: number): Pruning | null {
  const select = analytics.prepare<[number], Pruning>(
    'SELECT history, pruned_at AS prunedAt, before_at AS beforeAt, rows FROM pruning WHERE history = ?',
  );
  return select.get(history) ?? null;
}

/** The time before which facts of a history were pruned; null where none were. */
export function prunedBefore(analytics: Database, history: number): number | null {
  return lastPruning(analytics, history)?.beforeAt ?? null;
}

export function beginning(analytics: Database, history: number): Beginning {
  const select = analytics.prepare<[number], Beginning>(
    `SELECT change_log AS rowsUpTo, started_at AS projectsBefore FROM pruning JOIN history ON id = history
     WHERE history = ? AND change_log IS NOT NULL`,
  );
  return select.get(history) ?? { rowsUpTo: 0, projectsBefore: 0 };
}

export function notePruning(analytics: Database, { history, prunedAt, beforeAt, rows }: Pruning): void {
  analytics
    .prepare(
      `INSERT INTO pruning (history, pruned_at, before_at, rows) VALUES (?, ?, ?, ?) ON CONFLICT (history)
       DO UPDATE SET pruned_at = excluded.pruned_at, before_at = excluded.before_at, rows = excluded.rows`,
    )
    .run(history, prunedAt, beforeAt, rows);
}

/**
 * The time before which facts are due to be pruned: those before `oldest`, and so many more that `maxRows` are left. Null where
 * the journal has none.
 */
export function dueBefore(analytics: Database, oldest: number, maxRows = MAX_JOURNAL_ROWS): number | null {
  const first = analytics
    .prepare<[number], number>(`SELECT at FROM journal WHERE ${MAY_BE_PRUNED} ORDER BY at DESC LIMIT 1 OFFSET ?`)
    .pluck();
  const rows = analytics.prepare<[], number>('SELECT count(*) FROM journal').pluck().get()!;
  const before = Math.max(oldest, rows > maxRows ? (first.get(maxRows - 1) ?? 0) : 0);
  const isThere = analytics.prepare<[number], number>(
    `SELECT 1 FROM journal WHERE at < ? AND ${MAY_BE_PRUNED} LIMIT 1`,
  );
  return isThere.get(before) === undefined ? null : before;
}
