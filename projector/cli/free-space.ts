import { statfsSync } from 'node:fs';

/** Bytes that this user may still write on the file system of a directory; null where there is no such directory. */
export function freeSpace(directory: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
