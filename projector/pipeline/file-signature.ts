import { statSync } from 'node:fs';

/**
 * What the file system says of a database: as long as it says the same, nothing was committed. A WAL file that is empty is no
 * WAL file: opening a database that was closed cleanly leaves one behind.
 */
export function fileSignature(path: string): string {
  return `${describe(path)} ${describe(`${path}-wal`)}`;
}

/** Whether somebody has the database open, or died while it was: its WAL file holds something. */
export function hasLiveWal(path: string): boolean {
  const stat = statSync(`${path}-wal`, { throwIfNoEntry: false });
  return stat !== undefined && stat.size > 0;
}

/** Number of the file itself, which another file under the same name does not have; null when there is none. */
export function fileNumber(path: string): bigint | null {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino ?? null;
}

function describe(path: string): string {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat && stat.size > 0n ? `${stat.ino}:${stat.size}:${stat.mtimeNs}` : 'none';
}
