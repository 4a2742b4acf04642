import { expect, test } from '@jest/globals';
import { getMapping } from '@opentelemetry/sdk-metrics/build/src/aggregator/exponential-histogram/mapping/getMapping.js';
import fc from 'fast-check';
import { bucketOf, dense, SCALE, ZERO_BUCKET } from '../../projector/exports/histogram.ts';

const SEED = 20260622;
const THIRTY_YEARS_MS = 1e12;

/** Durations, and those next to the bounds of buckets among them. */
const durations = fc.oneof(
  fc.integer({ min: 1, max: THIRTY_YEARS_MS }),
  fc
    .tuple(fc.integer({ min: -38, max: 119 }), fc.constantFrom(0, 1))
    .map(([index, above]) => Math.max(1, Math.floor(1_000 * 2 ** (index / 4)) + above)),
);

test('a bucket holds what is above its lower bound and not above its upper one', () => {
  // The lower bound in seconds is 2 ** (index / 4), so its fourth power is one of two.
  const isAbove = (ms: number, index: number) => {
    const [fourth, second] = [BigInt(ms) ** 4n, 1_000n ** 4n];
    return index >= 0 ? fourth > second * 2n ** BigInt(index) : fourth * 2n ** BigInt(-index) > second;
  };
  fc.assert(
    fc.property(durations, (ms) => {
      const bucket = bucketOf(ms);
      expect([isAbove(ms, bucket), isAbove(ms, bucket + 1)]).toEqual([true, false]);
    }),
    { numRuns: 2_000, seed: SEED },
  );
});

test('a bucket is the one in which OpenTelemetry counts so many seconds', () => {
  const mapping = getMapping(SCALE);
  fc.assert(
    fc.property(durations, (ms) => expect(bucketOf(ms)).toBe(mapping.mapToIndex(ms / 1_000))),
    { numRuns: 2_000, seed: SEED },
  );
});

test('no time at all has a place of its own, below every bucket', () => {
  expect(bucketOf(0)).toBe(ZERO_BUCKET);
  expect(bucketOf(1)).toBeGreaterThan(ZERO_BUCKET);
});

test('counts are sent from the first bucket on without a hole', () => {
  const buckets = fc.dictionary(fc.integer({ min: -50, max: 50 }).map(String), fc.integer({ min: 1, max: 9 }));
  fc.assert(
    fc.property(buckets, (counts) => {
      const found = new Map(Object.entries(counts).map(([index, count]) => [Number(index), count]));
      const { offset, bucketCounts } = dense(found);
      const read = bucketCounts.flatMap((count, place) => (count > 0 ? [[offset + place, count] as const] : []));
      expect(new Map(read)).toEqual(found);
      expect([bucketCounts.at(0), bucketCounts.at(-1)]).not.toContain(0);
    }),
    { seed: SEED },
  );
});
