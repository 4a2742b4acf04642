/**
 * A moment to the nanosecond. A double cannot hold nanoseconds since 1970, so the part below a millisecond stands apart.
 * `at` is milliseconds UTC (an integer), `nanos` the rest (0 to 999,999).
 */
export interface Instant {
  readonly at: number;
  readonly nanos: number;
}

/** Nanoseconds from `a` to `b`; exact for spans under 100 days, and always of the right sign. */
export function nanosBetween(a: Instant, b: Instant): number {
  return (b.at - a.at) * 1e6 + (b.nanos - a.nanos);
}

const YEAR_2020 = Date.UTC(2020, 0, 1);
const YEAR_2100 = Date.UTC(2100, 0, 1);

/** Whether a row's time may say how far its stream has come: years before 2020 and after 2099 do not count. */
export function countsForClock(at: number): boolean {
  return at >= YEAR_2020 && at < YEAR_2100;
}
