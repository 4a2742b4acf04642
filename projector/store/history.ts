import { randomUUID } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { ProjectorError } from '../errors.ts';
import type { ChangeLog } from '../host/change-log.ts';
import type { Keys } from '../host/keys.ts';
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

/** How this `change_log` differs from the one that was read up to a checkpoint; null when it is the same. */
export function otherHistory(changes: ChangeLog, { position, tail }: HistoryMark, keys: Keys): string | null {
  if (position === 0) return null;
  const head = changes.head();
  const highest = Math.max(head, changes.sequence());
  if (highest < position) return `row ${position} was read, and no row above ${highest} was ever written`;
  for (const [seq, digest] of tail) {
    const present = changes.cell(seq);
    if (present !== undefined && keys.digest(present) !== digest) return `row ${seq} is not the row that was read`;
  }
  return null;
}

/** The host database is not the one that was read. */
export function historyChanged(found: string): ProjectorError {
  return new ProjectorError({
    code: 'history_changed',
    message:
      "The daemon's database is not the one that was read so far: it was replaced, or an older copy was put back.",
    expected: 'the rows that were read before',
    found,
    remedy:
      'Run `ao-projector rebuild` to start a new history from it. What was derived from the other one stays readable until then.',
  });
}
