import { valueAt } from './order-statistics.ts';

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
export function times(durations: ArrayLike<number>): Times {
  if (durations.length === 0) return { median_ms: null, p90_ms: null, mean_ms: null };
  const values = new Float64Array(durations);
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index]!;
  const [median, p90] = quantiles(values, [0.5, 0.9]);
  return { median_ms: median!, p90_ms: p90!, mean_ms: Math.round(sum / values.length) };
}

/** Quantiles of values, in rising order; each linear between the two nearest, rounded. Changes the order of the values. */
function quantiles(values: Float64Array, shares: readonly number[]): number[] {
  let from = 0;
  return shares.map((share) => {
    const rank = (values.length - 1) * share;
    const below = Math.floor(rank);
    const low = valueAt(values, below, from);
    const high = valueAt(values, Math.ceil(rank), below);
    from = below;
    return Math.round(low + (high - low) * (rank - below));
  });
}

/** Durations counted in buckets that double as a scale: a second, a minute, an hour, a day. */
export function histogram(durations: ArrayLike<number>): HistogramBucket[] {
  const counts = BUCKETS.map(() => 0);
  for (let index = 0; index < durations.length; index++) {
    let bucket = BUCKETS.length - 1;
    while (BUCKETS[bucket]! > durations[index]!) bucket -= 1;
    counts[bucket]! += 1;
  }
  return BUCKETS.map((from, index) => ({ from_ms: from, to_ms: BUCKETS[index + 1] ?? null, count: counts[index]! }));
}

/** What a product of so many fractions may be off by. */
const ROUNDING = 1e-9;

/**
 * Kaplan-Meier median of the time to convert: attempts that have not converted count for as long as they were watched. Null
 * where fewer than half would ever have converted by what is known.
 */
export function kaplanMeierMedian(converted: ArrayLike<number>, censored: ArrayLike<number>): number | null {
  const events = new Float64Array(converted).sort();
  const ends = new Float64Array(censored).sort();
  let gone = 0;
  let survival = 1;
  for (const [before, duration] of events.entries()) {
    // Who was watched for just as long was still at risk.
    while (gone < ends.length && ends[gone]! < duration) gone += 1;
    const atRisk = events.length - before + ends.length - gone;
    survival *= (atRisk - 1) / atRisk;
    if (survival <= 0.5 + ROUNDING) return duration;
  }
  return null;
}
