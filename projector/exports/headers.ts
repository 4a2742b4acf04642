import { validateHeaderName, validateHeaderValue } from 'node:http';

/**
 * The place of the first entry, counted from 1, of a list such as `a=b,c=d%20e` that is no header; null where all are.
 * OpenTelemetry's own reader leaves such an entry out without a word.
 */
export function firstThatIsNoHeader(list: string): number | null {
  const index = list.split(',').findIndex((entry) => entry.trim() !== '' && !isHeader(entry));
  return index === -1 ? null : index + 1;
}

function isHeader(entry: string): boolean {
  const [, name, value] = /^\s*([^=;]*[^=;\s])\s*=\s*([^;]*[^;\s])\s*$/.exec(entry) ?? [];
  if (name === undefined || value === undefined) return false;
  try {
    validateHeaderName(decodeURIComponent(name));
    validateHeaderValue(name, decodeURIComponent(value));
    return true;
  } catch {
    return false;
  }
}
