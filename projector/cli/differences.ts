import type { Change, Difference, Row } from '../store/derived/compare.ts';
import { table } from './format.ts';

/** Which rows a rebuild makes, does not make, or makes otherwise, by table and event, with examples. */
export function printChanges(changes: readonly Change[]): string {
  if (changes.length === 0) return 'No row appears, vanishes or changes.\n';
  const lines = changes.map(({ table: name, name: event, appeared, vanished, changed }) => [
    event ?? name,
    ...[appeared, vanished, changed].map(String),
  ]);
  const examples = changes.flatMap((change) => change.examples.slice(0, 1));
  return `${table(['rows of', 'appear', 'vanish', 'change'], lines, [1, 2, 3])}\nfor example\n${examples.map(printDifference).join('')}`;
}

/** A row as it is and as a rebuild makes it. */
export function printDifference({ table: name, live, rebuilt }: Difference): string {
  return `  ${name}\n    is      ${printRow(live)}\n    rebuilt ${printRow(rebuilt)}\n`;
}

function printRow(row: Row | null): string {
  if (!row) return 'no such row';
  return Object.entries(row)
    .filter(([, value]) => value !== null)
    .map(([column, value]) => `${column}=${value}`)
    .join(' ');
}
