import SQLite, { type Database } from 'better-sqlite3';

/** Runs a function over the daemon's database, open read-only. */
export function readHost<T>(path: string, read: (db: Database) => T): T {
  const db = new SQLite(path, { readonly: true, fileMustExist: true });
  try {
    return read(db);
  } finally {
    db.close();
  }
}
