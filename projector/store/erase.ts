import type { Database } from 'better-sqlite3';
import { ProjectorError } from '../errors.ts';

/**
 * `user_version` of `analytics.db` while its pages may still hold rows that were erased. It is committed with the deletion, so
 * whoever opens the file after a kill finishes the work.
 */
const PAGES_HOLD_ERASED = 1;

/**
 * Runs `remove` in one transaction. It returns how many rows it removed; pages of the files may hold them until
 * {@link finishErasing} has run.
 */
export function erase(analytics: Database, remove: () => number): number {
  const commit = analytics.transaction(() => {
    const rows = remove();
    if (rows > 0) analytics.pragma(`user_version = ${PAGES_HOLD_ERASED}`);
    return rows;
  });
  return commit.immediate();
}

/** Erases the identity table for good. Returns how many ids it held. */
export function eraseIdentities(analytics: Database): number {
  const rows = erase(analytics, () => analytics.prepare('DELETE FROM identity').run().changes);
  finishErasing(analytics);
  return rows;
}

/** Writes the file anew and empties its WAL, if rows were erased since that was last done. */
export function finishErasing(analytics: Database): void {
  if (analytics.pragma('user_version', { simple: true }) !== PAGES_HOLD_ERASED) return;
  analytics.exec('VACUUM');
  const [checkpoint] = analytics.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
  if (checkpoint!.busy !== 0) throw stillRead(analytics.name);
  analytics.pragma('user_version = 0');
}

function stillRead(path: string): ProjectorError {
  return new ProjectorError({
    code: 'erasing_unfinished',
    message: `The rows are erased, but ${path}-wal may still hold pages of them.`,
    expected: 'that nobody reads the file for a moment',
    found: 'a process that goes on reading it',
    remedy: 'End what reads the file. The next `run`, `rebuild` or `forget` empties it.',
  });
}
