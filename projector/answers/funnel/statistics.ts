const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const BUCKETS = [
  0,
  SECOND,
  10 * SECOND,
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  HOUR,
  4 * HOUR,
  DAY,
  3 * DAY,
  7 * DAY,
  30 * DAY,
];

export interface HistogramBucket {
  readonly from_ms: number;
  /** Null for the last bucket, which has no end. */
  readonly to_ms: number | null;
  readonly count: number;
}

export interface Times {
  readonly median_ms: number | null;
  readonly p90_ms: number | null;
  readonly mean_ms: number | null;
}

/** Median, 90th percentile and mean of durations, in whole milliseconds; null where there are none. */
export function times(durations: readonly number[]): Times {
  if (durations.length === 0) return { median_ms: null, p90_ms: null, mean_ms: null };
  const sorted = Float64Array.from(durations).sort();
  const sum = sorted.reduce((total, duration) => total + duration, 0);
  return {
    median_ms: quantile(sorted, 0.5),
    p90_ms: quantile(sorted, 0.9),
    mean_ms: Math.round(sum / sorted.length),
  };
}

/** A quantile of sorted values, linear between the two nearest, rounded. */
function quantile(sorted: Float64Array, q: number): number {
  const rank = (sorted.length - 1) * q;
  const low = sorted[Math.floor(rank)]!;
  const high = sorted[Math.ceil(rank)]!;
  return Math.round(low + (high - low) * (rank - Math.floor(rank)));
}

/** Durations counted in buckets that double as a scale: a second, a minute, an hour, a day. */
export function histogram(durations: readonly number[]): HistogramBucket[] {
  return BUCKETS.map((from, index) => {
    const to = BUCKETS[index + 1] ?? null;
    const count = durations.filter((duration) => duration >= from && (to === null || duration < to)).length;
    return { from_ms: from, to_ms: to, count };
  });
}

/** What a product of so many fractions may be off by. */
const ROUNDING = 1e-9;

/**
 * Kaplan-Meier median of the time to convert: attempts that have not converted count for as long as they were watched. Null
 * where fewer than half would ever have converted by what is known.
 */
export function kaplanMeierMedian(converted: readonly number[], censored: readonly number[]): number | null {
  const ends = [
    ...converted.map((duration) => ({ duration, event: true })),
    ...censored.map((duration) => ({ duration, event: false })),
  ].sort((a, b) => a.duration - b.duration || Number(b.event) - Number(a.event));
  let atRisk = ends.length;
  let survival = 1;
  for (const { duration, event } of ends) {
    if (event) survival *= (atRisk - 1) / atRisk;
    atRisk -= 1;
    if (event && survival <= 0.5 + ROUNDING) return duration;
  }
  return null;
}
