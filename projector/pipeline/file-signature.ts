import { statSync } from 'node:fs';

/**
 * What the file system says of a database: as long as it says the same, nothing was committed. While there is a WAL every commit
 * is in it, and of the file itself only its number counts: a checkpoint is no news, and who opens the database then may keep a
 * daemon that stops from removing its WAL. A WAL file that is empty is no WAL file: opening a database that was closed cleanly
 * leaves one behind.
 */
export function fileSignature(path: string): string {
  const wal = describe(`${path}-wal`);
  return wal === 'none' ? `${describe(path)} none` : `${numberOf(path)} ${wal}`;
}

/** Whether somebody has the database open, or died while it was: its WAL file holds something. */
export function hasLiveWal(path: string): boolean {
  const stat = statSync(`${path}-wal`, { throwIfNoEntry: false });
  return stat !== undefined && stat.size > 0;
}

/**
 * Numbers of a database's file and of its WAL, which other files under the same names do not have. As long as somebody has
 * the database open, SQLite itself gives neither of them another.
 */
export function fileNumbers(path: string): string {
  return `${numberOf(path)}:${numberOf(`${path}-wal`)}`;
}

function numberOf(path: string): bigint | 'none' {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino ?? 'none';
}

function describe(path: string): string {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat && stat.size > 0n ? `${stat.ino}:${stat.size}:${stat.mtimeNs}` : 'none';
}
