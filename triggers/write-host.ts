import { existsSync } from 'node:fs';
import SQLite, { type Database } from 'better-sqlite3';
import { hostMissing, ProjectorError, sqliteCode } from '../projector/errors.ts';

/** A daemon holds its lock for milliseconds; it waits 5 s for ours before its own write fails. */
const LOCK_LIMIT_MS = 2_000;

/** Nobody who has the database open will close it for our sake, so this need not be long. */
const ALONE_LIMIT_MS = 100;

export interface WriteHostOptions {
  /** Whether the daemon may have the database open. */
  readonly whileRunning: boolean;
  /** A process that is known to be a running daemon; null when none is. */
  readonly daemon: number | null;
}

/**
 * Runs a function in one immediate transaction on the daemon's database, with a limit on the wait for its lock. Unless
 * `whileRunning` is set it insists on being the only one who has the database open, as SQLite's own locks tell.
 */
export function writeHost<T>(path: string, { whileRunning, daemon }: WriteHostOptions, write: (db: Database) => T): T {
  if (!existsSync(path)) throw hostMissing(path);
  if (!whileRunning && daemon !== null) throw inUse(`a daemon that runs (pid ${daemon})`);
  const db = new SQLite(path, { fileMustExist: true, timeout: whileRunning ? LOCK_LIMIT_MS : ALONE_LIMIT_MS });
  try {
    if (!whileRunning) db.pragma('locking_mode = EXCLUSIVE');
    return db.transaction(() => write(db)).immediate();
  } catch (error) {
    const code = sqliteCode(error);
    if (!code.startsWith('SQLITE_BUSY')) throw error;
    throw whileRunning ? locked(code) : inUse('another process that has the database open');
  } finally {
    db.close();
  }
}

function inUse(found: string): ProjectorError {
  return new ProjectorError({
    code: 'daemon_running',
    message:
      'The database is in use. A write of ours between a read and a write of one of the daemon’s transactions would make that transaction fail once (SQLITE_BUSY).',
    expected: 'a daemon that is stopped',
    found,
    remedy: 'Stop the daemon first, or take that risk with --while-running.',
  });
}

function locked(found: string): ProjectorError {
  return new ProjectorError({
    code: 'host_locked',
    message: `The daemon's database was locked for more than ${LOCK_LIMIT_MS / 1000} s; nothing was changed.`,
    expected: 'a moment in which nobody writes',
    found,
    remedy: 'Try again, or stop the daemon first.',
  });
}
