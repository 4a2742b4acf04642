import type { Counts } from './fisher.ts';

/** 97.5th percentile of the standard normal distribution: two sides of 2.5 % each. */
const Z = 1.959963984540054;

const STEPS = 200;

/** The ratio of two shares, and its 95 % interval; infinity where none of those who went on have it. */
export interface Lift {
  readonly lift: number;
  readonly interval: readonly [low: number, high: number];
}

/**
 * How many times as often those who stopped had it as those who went on, with the score interval of a ratio of two shares: the
 * ratios that the score test does not reject. (P. A. R. Koopman, Biometrics 40, 1984.) It needs no correction where a side has 0,
 * but of all together some must have it, and some not.
 */
export function liftOf({ stopped, went_on }: Counts): Lift {
  const lift = stopped.with / stopped.of / (went_on.with / went_on.of);
  const score = (ratio: number) => scoreOf(ratio, stopped.with, stopped.of, went_on.with, went_on.of);
  return {
    lift,
    interval: [
      stopped.with === 0 ? 0 : whereFalls(score, Z),
      went_on.with === 0 ? Number.POSITIVE_INFINITY : whereFalls(score, -Z),
    ],
  };
}

/** How far the shares lie from a ratio, in standard errors under that ratio. It falls as the ratio grows. */
function scoreOf(ratio: number, x: number, n: number, y: number, m: number): number {
  // The likeliest share of those who went on, given the ratio: the smaller root of (n + m)·ratio·p² − b·p + x + y.
  const b = (n + y) * ratio + x + m;
  const p = (2 * (x + y)) / (b + Math.sqrt(Math.max(0, b * b - 4 * (n + m) * ratio * (x + y))));
  const q = ratio * p;
  const variance = (q * Math.max(0, 1 - q)) / n + (ratio * ratio * p * Math.max(0, 1 - p)) / m;
  return (x / n - (ratio * y) / m) / Math.sqrt(variance);
}

/** The ratio from which on a falling function is below a value. */
function whereFalls(falling: (ratio: number) => number, value: number): number {
  let low = 1;
  while (falling(low) < value) low /= 2;
  let high = 1;
  while (falling(high) > value) high *= 2;
  for (let step = 0; step < STEPS && low < high; step++) {
    const middle = Math.sqrt(low * high);
    if (falling(middle) > value) low = middle;
    else high = middle;
  }
  return high;
}
