/** One line of the report. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** What of which measurements `value` is, such as `median of 5`. */
  readonly of: string;
  /** The most that `value` may be; a figure without one is there to be compared with. */
  readonly bound?: number;
  readonly against?: string;
}

/** Prints a figure as a line whose columns stand below those of the line before. */
export function print({ what, value, unit, of, bound, against = '' }: Figure): void {
  const verdict = bound === undefined ? '' : `${value <= bound ? 'within' : 'over'} ${amount(bound, unit)}`;
  console.log(
    [what.padEnd(40), amount(value, unit).padStart(12), of.padEnd(14), verdict.padEnd(16), against]
      .join('  ')
      .trimEnd(),
  );
}

/** A line that belongs to no single figure. */
export function note(text: string): void {
  console.log(`  ${text}`);
}

export const median = (values: readonly number[]): number => percentile(values, 50);

/** The smallest of the values that so many in a hundred do not exceed. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
  if (value === undefined) throw new Error('Expected at least one value, got none');
  return value;
}

function amount(value: number, unit: string): string {
  return `${Number(value.toPrecision(value < 1 ? 2 : 4)).toLocaleString('en')} ${unit}`;
}
