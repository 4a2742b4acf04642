import { statSync } from 'node:fs';
import SQLite from 'better-sqlite3';
import { sqliteCode } from '../errors.ts';

/**
 * Opening a database at rest read-only makes SQLite create an empty `-wal` and a `-shm` file, which a read-only handle cannot
 * remove. A handle that could write does so when it closes as the last one, by SQLite's own locks, and changes no byte of the
 * database. It is opened only while the WAL file is empty, so there is nothing that it could move into the database.
 */
export function leaveNoFiles(path: string): void {
  if (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size !== 0) return;
  try {
    const db = new SQLite(path, { fileMustExist: true, timeout: 0 });
    try {
      db.pragma('schema_version');
    } finally {
      db.close();
    }
  } catch (error) {
    // Somebody has the database open now, or this user may not write it: then the files stay.
    if (sqliteCode(error) === '') throw error;
  }
}
