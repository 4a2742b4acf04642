import { spanOf } from '../../../answers/bounds.ts';

const UNITS: readonly (readonly [unit: string, ms: number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
];

/** What a span should look like. */
export const SPAN = 'a whole number and a unit: s, m, h, d or w';

/** A span in milliseconds as it is written: `7d`. */
export function spanText(ms: number): string {
  const [unit, length] = UNITS.find(([, of]) => ms % of === 0) ?? ['ms', 1];
  return `${ms / length}${unit}`;
}

/** The milliseconds of a span as it is written; null for any other text. */
export function spanMs(text: string): number | null {
  const ms = /^(\d+) ?ms$/.exec(text.trim());
  return ms ? Number(ms[1]) : spanOf(text.trim());
}
