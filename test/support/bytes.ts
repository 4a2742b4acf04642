import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Names of our files in a data directory whose bytes hold one of the texts. */
export function filesHolding(dataDir: string, texts: readonly string[]): string[] {
  return readdirSync(dataDir)
    .filter((name) => name.startsWith('analytics.'))
    .filter((name) => {
      const bytes = readFileSync(join(dataDir, name));
      return texts.some((text) => bytes.includes(text));
    })
    .sort();
}
