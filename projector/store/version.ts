import { readFileSync } from 'node:fs';
import { packagePath } from './paths.ts';

/** The version of this package. */
export function version(): string {
  return JSON.parse(readFileSync(packagePath('package.json'), 'utf8')).version;
}
