import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exported } from './exported.ts';

const BEGIN = '<!-- exported: begin -->';
const END = '<!-- exported: end -->';

/** A page with what stands between the two comments written anew; throws where it has not exactly one of each. */
export function withExported(page: string): string {
  const [before, present, ...more] = page.split(BEGIN);
  const [, after, ...evenMore] = (present ?? '').split(END);
  if (after === undefined || more.length + evenMore.length > 0) {
    throw new Error(`Expected one ${BEGIN} and one ${END} behind it in the page`);
  }
  return `${before}${BEGIN}\n\n${exported()}\n\n${END}${after}`;
}

const thisFile = fileURLToPath(import.meta.url);
export const PAGE_PATH = join(dirname(thisFile), '..', '..', 'docs', 'what-is-collected.md');

if (realpathSync(process.argv[1]!) === thisFile)
  writeFileSync(PAGE_PATH, withExported(readFileSync(PAGE_PATH, 'utf8')));
