const DAY_MS = 86_400_000;

/** 1970 began on a Thursday; weeks begin on Mondays. */
const MONDAY = 3;

export const INTERVALS = ['day', 'week', 'month'] as const;
export type Interval = (typeof INTERVALS)[number];

/** Number of the UTC interval that a time in milliseconds lies in; neighbours have neighbouring numbers. */
export function intervalOf(at: number, interval: Interval): number {
  const day = Math.floor(at / DAY_MS);
  if (interval === 'day') return day;
  if (interval === 'week') return Math.floor((day + MONDAY) / 7);
  const date = new Date(at);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** When an interval begins, in milliseconds UTC. */
export function startOfInterval(number: number, interval: Interval): number {
  if (interval === 'day') return number * DAY_MS;
  if (interval === 'week') return (number * 7 - MONDAY) * DAY_MS;
  return Date.UTC(Math.floor(number / 12), number % 12);
}
