import { existsSync, readFileSync } from 'node:fs';

/** What stands in a file that the command line names; null where there is none. */
export function readNamed(path: string): string | null {
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}
