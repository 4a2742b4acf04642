import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import SQLite, { type Database } from 'better-sqlite3';
import { ProjectorError, sqliteCode } from '../errors.ts';
import { isCurrent, migrate } from './migrate.ts';
import type { Paths } from './paths.ts';

const BUSY_TIMEOUT_MS = 5_000;
const SWITCH_AGAIN_MS = 20;

/** Opens `analytics.db` to write, makes it when it is not there, and migrates it. */
export function openAnalytics(paths: Paths, now: number): Database {
  const db = guard(paths, () => new SQLite(paths.analytics, { timeout: BUSY_TIMEOUT_MS }));
  try {
    guard(paths, () => {
      switchToWal(db);
      db.pragma('synchronous = NORMAL');
      db.pragma('cache_size = -2048');
      migrate(db);
      db.prepare('INSERT OR IGNORE INTO install (id, install_id, created_at) VALUES (1, ?, ?)').run(
        installId(paths),
        now,
      );
    });
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** SQLite does not wait where two processes switch a new file at once: one of them is told that it is locked. */
function switchToWal(db: Database): void {
  const asleep = new Int32Array(new SharedArrayBuffer(4));
  for (let left = BUSY_TIMEOUT_MS / SWITCH_AGAIN_MS; ; left--) {
    try {
      db.pragma('journal_mode = WAL');
      return;
    } catch (error) {
      if (left <= 0 || !sqliteCode(error).startsWith('SQLITE_BUSY')) throw error;
      Atomics.wait(asleep, 0, 0, SWITCH_AGAIN_MS);
    }
  }
}

/** Opens `analytics.db` to read, or returns null when nothing was ever projected here. */
export function openAnalyticsReadOnly(paths: Paths): Database | null {
  if (!existsSync(paths.analytics)) return null;
  const db = guard(paths, () => new SQLite(paths.analytics, { readonly: true, timeout: BUSY_TIMEOUT_MS }));
  try {
    if (guard(paths, () => isCurrent(db))) return db;
    db.close();
    return null;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** The daemon's install id if its file is there at this moment, else a random one. */
function installId(paths: Paths): string {
  const recorded = existsSync(paths.installId) ? readFileSync(paths.installId, 'utf8').trim() : '';
  return /^ins_[0-9a-f-]{36}$/.test(recorded) ? recorded : `ins_${randomUUID()}`;
}

function guard<T>(paths: Paths, open: () => T): T {
  try {
    return open();
  } catch (error) {
    throw explainStoreError(paths, error);
  }
}

/** What a user can do about an error that SQLite or the file system raised on a file of ours; any other error as it is. */
export function explainStoreError(paths: Paths, error: unknown): unknown {
  const code = sqliteCode(error) || fileSystemCode(error, paths);
  const found = `${code}: ${(error as Error).message}`;
  if (code === 'SQLITE_NOTADB' || code === 'SQLITE_CORRUPT') {
    return new ProjectorError({
      code: 'analytics_corrupt',
      message: `${paths.analytics} cannot be read.`,
      expected: 'a database that ao-projector wrote',
      found,
      remedy: 'Move it away, or put a backup in its place, and run `ao-projector rebuild`. The file was not changed.',
    });
  }
  if (code.startsWith('SQLITE_CANTOPEN') || code.startsWith('SQLITE_READONLY') || REFUSED.has(code)) {
    return new ProjectorError({
      code: 'data_dir_not_writable',
      message: `${paths.dataDir} cannot be written.`,
      expected: 'a directory that this user may write',
      found,
      remedy: 'Set AO_DATA_DIR to the data directory of the daemon, and check who owns it.',
    });
  }
  if (code === 'SQLITE_FULL' || code === 'ENOSPC') return diskFull(paths, found);
  if (code.startsWith('SQLITE_IOERR') || code === 'EIO') return fileSystemFailed(paths, found);
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return locked(paths, found);
  return error;
}

const REFUSED: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS']);

/** Code of an error that the file system raised in the data directory; '' for any other error. */
function fileSystemCode(error: unknown, { dataDir }: Paths): string {
  const { code, syscall, path = dataDir } = (error ?? {}) as NodeJS.ErrnoException;
  return syscall !== undefined && code !== undefined && path.startsWith(dataDir) ? code : '';
}

function fileSystemFailed(paths: Paths, found: string): ProjectorError {
  return new ProjectorError({
    code: 'file_system_failed',
    message: `The file system of ${paths.dataDir} does not do what it was asked to.`,
    expected: 'files that can be read and written',
    found,
    remedy:
      'See whether the disk is full, was made read-only, or fails. Then start again: everything up to the last commit is kept.',
  });
}

function locked(paths: Paths, found: string): ProjectorError {
  return new ProjectorError({
    code: 'database_locked',
    message: `Another process keeps a database in ${paths.dataDir} locked.`,
    expected: 'locks that are held for a moment',
    found,
    remedy: 'Try again; if that does not help, end the process that holds the lock.',
  });
}

function diskFull(paths: Paths, found: string): ProjectorError {
  return new ProjectorError({
    code: 'disk_full',
    message: `There is no room left in ${paths.dataDir}.`,
    expected: 'room for the next commit',
    found,
    remedy: 'Free some space and start again: everything up to the last commit is kept.',
  });
}
