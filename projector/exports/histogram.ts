/**
 * Buckets of an exponential histogram, as OpenTelemetry's data model defines them: bucket `i` holds values above `base ** i` up
 * to `base ** (i + 1)`, with a base of `2 ** (2 ** -SCALE)`, here 1.19. A millisecond and a month are 125 buckets apart.
 */
export const SCALE = 2;

/** Where durations of zero are counted. */
export const ZERO_BUCKET = -1_000_000;

/** The bucket of a duration in milliseconds, in a histogram of seconds. */
export function bucketOf(durationMs: number): number {
  return durationMs === 0 ? ZERO_BUCKET : Math.ceil(Math.log2(durationMs / 1_000) * 2 ** SCALE) - 1;
}

/** Counts from the first bucket on without a hole between, as they are sent. */
export function dense(buckets: ReadonlyMap<number, number>): { offset: number; bucketCounts: number[] } {
  const indexes = [...buckets.keys()];
  if (indexes.length === 0) return { offset: 0, bucketCounts: [] };
  const offset = Math.min(...indexes);
  const length = Math.max(...indexes) - offset + 1;
  return { offset, bucketCounts: Array.from({ length }, (_, index) => buckets.get(offset + index) ?? 0) };
}
