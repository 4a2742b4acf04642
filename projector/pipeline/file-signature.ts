import { statSync } from 'node:fs';

/**
 * What the file system says of a database: as long as it says the same, nothing was committed. A WAL file that is empty is no
 * WAL file: opening a database that was closed cleanly leaves one behind.
 */
export function fileSignature(path: string): string {
  return `${describe(path)} ${describe(`${path}-wal`)}`;
}

/**
 * Whether all that came between two signatures is a checkpoint: it is the same file still, the WAL is what it was, and no commit
 * goes past it. Who opens the database then may keep a daemon that stops from removing its WAL.
 */
export function isCheckpoint(before: string, after: string): boolean {
  const [fileBefore, walBefore] = before.split(' ');
  const [fileAfter, walAfter] = after.split(' ');
  return walBefore !== 'none' && walBefore === walAfter && numberIn(fileBefore) === numberIn(fileAfter);
}

function numberIn(description: string | undefined): string | undefined {
  return description?.split(':')[0];
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
  const numberOf = (file: string) => statSync(file, { bigint: true, throwIfNoEntry: false })?.ino ?? 'none';
  return `${numberOf(path)}:${numberOf(`${path}-wal`)}`;
}

function describe(path: string): string {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat && stat.size > 0n ? `${stat.ino}:${stat.size}:${stat.mtimeNs}` : 'none';
}
