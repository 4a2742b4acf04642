import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Paths } from '../store/paths.ts';

/** What the file system says of our own files: as long as it says the same, nothing new was derived. */
export function derivedSignature({ dataDir }: Paths): string {
  if (!existsSync(dataDir)) return '';
  const names = readdirSync(dataDir).filter((name) => /^analytics\..*db(-wal)?$/.test(name));
  const described = names.sort().map((name) => {
    const stat = statSync(join(dataDir, name), { throwIfNoEntry: false });
    return `${name} ${stat?.size} ${stat?.mtimeMs}`;
  });
  return described.join('\n');
}
