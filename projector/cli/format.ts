import Table from 'cli-table3';
import { rounded } from '../answers/duration.ts';
import type { Breakdown } from '../answers/filter.ts';

export { duration } from '../answers/duration.ts';

const PLAIN = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '', 'bottom-left': '' },
  ...{ 'bottom-right': '', left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '  ' },
};

/** Rows under a head, in columns; columns named in `right` are aligned to the right. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string {
  const drawn = new Table({
    head: [...head],
    chars: PLAIN,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: head.map((_, index) => (right.includes(index) ? 'right' : 'left')),
  });
  drawn.push(...rows.map((row) => [...row]));
  const lines = drawn.toString().split('\n');
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

/** How many there are of each value, one a line. */
export function printBreakdown(parts: Breakdown): string {
  const drawn = table(
    ['', ''],
    parts.map(({ value, count }) => [value ?? 'unknown', String(count)]),
    [1],
  );
  return drawn.slice(drawn.indexOf('\n') + 1);
}

/** The most frequent values, in one line. */
export function inLine(parts: Breakdown): string {
  return parts
    .slice(0, 4)
    .map(({ value, count }) => `${value ?? 'unknown'} ${count}`)
    .join(', ');
}

/** A share of one as a percentage. */
export function percent(share: number | null): string {
  return share === null ? '-' : `${rounded(share * 100)} %`;
}

/** A bar for a share of one; `width` characters at most. */
export function bar(share: number, width: number): string {
  const eighths = Math.round(share * width * 8);
  return '█'.repeat(Math.floor(eighths / 8)) + ' ▏▎▍▌▋▊▉'[eighths % 8]!.trim();
}

/** Counts as a row of bars, one a count; a dot for none. */
export function sparkline(counts: readonly number[]): string {
  const most = Math.max(1, ...counts);
  return counts.map((count) => (count === 0 ? '·' : '▁▂▃▄▅▆▇█'[Math.ceil((count / most) * 8) - 1])).join('');
}

export const SPARKLINE_DAYS = 14;
const DAY_MS = 86_400_000;

/** Counts of the last days up to `now`, the oldest first, out of counts by UTC day. */
export function lastDays(counts: ReadonlyMap<string, number>, now: number): number[] {
  return Array.from({ length: SPARKLINE_DAYS }, (_, index) => {
    const day = new Date(now - (SPARKLINE_DAYS - 1 - index) * DAY_MS).toISOString().slice(0, 10);
    return counts.get(day) ?? 0;
  });
}

/** A time in milliseconds as ISO text to the second. */
export function time(ms: number | null): string {
  return ms === null ? '-' : `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}
