import { randomUUID } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import type { ChangeCheckpoint } from './derived/batch.ts';

/** How far a history was read, and the last rows there. */
export type HistoryMark = Pick<ChangeCheckpoint, 'position' | 'tail'>;

/** The present history, begun when there is none yet. */
export function presentHistory(db: Database, now: number): number {
  const id = db.prepare<[], number | null>('SELECT max(id) FROM history').pluck().get();
  return id ?? beginHistory(db, now);
}

/** Begins a history: from now on another host database, or an older copy of the same, is read. */
export function beginHistory(db: Database, now: number): number {
  const { lastInsertRowid } = db
    .prepare('INSERT INTO history (history_id, started_at) VALUES (?, ?)')
    .run(`his_${randomUUID()}`, now);
  return Number(lastInsertRowid);
}

export function historyMark(db: Database, history: number): HistoryMark {
  const row = db
    .prepare<[number], { position: number; tail: string }>('SELECT position, tail FROM history WHERE id = ?')
    .get(history);
  return row ? { position: row.position, tail: JSON.parse(row.tail) } : { position: 0, tail: [] };
}

export function markHistory(db: Database, history: number, { position, tail }: HistoryMark): void {
  db.prepare('UPDATE history SET position = ?, tail = ? WHERE id = ?').run(position, JSON.stringify(tail), history);
}
