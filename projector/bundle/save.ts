import { closeSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Writes a bundle into a folder under a name that has the time in it (milliseconds UTC), and returns the name. It is written
 * beside and renamed, so nobody finds half of it; a file that is there keeps its name.
 */
export function saveBundle(folder: string, bytes: Uint8Array, now: number): string {
  const beside = join(folder, `.ao-projector-bug-report.${process.pid}`);
  writeFileSync(beside, bytes, { mode: 0o600 });
  try {
    const name = claimName(folder, now);
    renameSync(beside, join(folder, name));
    return name;
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}

/** The first name that no file has, which an empty file has from now on. */
function claimName(folder: string, now: number): string {
  const time = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
  for (let count = 1; ; count++) {
    const name = `ao-projector-bug-report-${time}${count === 1 ? '' : `-${count}`}.zip`;
    try {
      closeSync(openSync(join(folder, name), 'wx'));
      return name;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
