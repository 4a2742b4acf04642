import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { histogram, kaplanMeierMedian, times } from '../../../projector/answers/funnel/statistics.ts';

const SECOND = 1_000;
const DAY = 86_400 * SECOND;
const durations = fc.array(fc.integer({ min: 0, max: 100 * DAY }), { minLength: 1, maxLength: 40 });

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

describe('median, p90 and mean', () => {
  test.each([
    [[7], 7, 7, 7],
    [[3, 1, 2], 2, 3, 2],
    [[1, 2, 3, 4], 3, 4, 3],
    [[10, 20], 15, 19, 15],
    [[0, 0, 0, 100], 0, 70, 25],
    [[1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 7_000, 8_000, 9_000, 10_000], 5_500, 9_100, 5_500],
  ])('of %j are %d, %d and %d', (of, median, p90, mean) => {
    expect(times(of)).toEqual({ median_ms: median, p90_ms: p90, mean_ms: mean });
  });

  test('of nothing are nothing', () => {
    expect(times([])).toEqual({ median_ms: null, p90_ms: null, mean_ms: null });
  });

  test('are whole milliseconds between the shortest and the longest, in whatever order they come', () => {
    fc.assert(
      fc.property(durations, (of) => {
        const told = times(of);
        for (const value of Object.values(told)) {
          expect(Number.isInteger(value) && value >= Math.min(...of) && value <= Math.max(...of)).toBe(true);
        }
        expect(told.median_ms).toBeLessThanOrEqual(told.p90_ms!);
        expect(times(of.toReversed())).toEqual(told);
      }),
    );
  });
});

describe('the Kaplan-Meier median', () => {
  test('of a worked example: the attempts that are still watched hold it back', () => {
    // Of 6, one converts: 5/6 are left. Of 5: 4/6. One is watched for 3 only. Of 3: 4/6 * 2/3 = 4/9, less than half.
    expect(kaplanMeierMedian([1, 2, 4], [3, 5, 6])).toBe(4);
    // Of 10, three: 7/10. Two are watched for 3. Of 5, two: 7/10 * 4/5 * 3/4 = 42/100.
    expect(kaplanMeierMedian([1, 2, 2, 4, 5], [3, 3, 9, 9, 9])).toBe(5);
  });

  test('is the plain one where all have converted', () => {
    expect(kaplanMeierMedian([5, 1, 3], [])).toBe(3);
    expect(kaplanMeierMedian([4, 1, 3, 2], [])).toBe(2);
  });

  test('counts those watched to the very moment as still there', () => {
    expect(kaplanMeierMedian([2], [2])).toBe(2);
    expect(kaplanMeierMedian([2], [1])).toBe(2);
    expect(kaplanMeierMedian([2], [1, 2, 2])).toBeNull();
  });

  test('is not known where more than half may never convert', () => {
    expect(kaplanMeierMedian([], [1, 2, 3])).toBeNull();
    expect(kaplanMeierMedian([1, 2], [9, 9, 9])).toBeNull();
    expect(kaplanMeierMedian([], [])).toBeNull();
  });

  test('is that of the best half where the rest is watched for ever', () => {
    expect(kaplanMeierMedian([1, 2, 3], [9, 9, 9])).toBe(3);
  });

  // The product of 23/24, 22/23 ... 12/13 is a little more than a half as floating-point numbers multiply.
  test('is not moved by how numbers are rounded', () => {
    expect(kaplanMeierMedian(upTo(24), [])).toBe(12);
    expect(kaplanMeierMedian(upTo(12), Array(12).fill(99))).toBe(12);
  });

  test('is not sooner than the median of those that converted', () => {
    fc.assert(
      fc.property(durations, durations, (converted, watched) => {
        const median = kaplanMeierMedian(converted, watched);
        const plain = converted.toSorted((a, b) => a - b)[Math.ceil(converted.length / 2) - 1]!;
        if (median !== null) expect(median).toBeGreaterThanOrEqual(plain);
      }),
    );
  });
});

describe('the histogram', () => {
  test('counts each duration once', () => {
    fc.assert(
      fc.property(durations, (of) => {
        expect(histogram(of).reduce((sum, { count }) => sum + count, 0)).toBe(of.length);
      }),
    );
  });

  test('has buckets without gaps, the last without an end', () => {
    const buckets = histogram([]);
    expect(buckets[0]!.from_ms).toBe(0);
    expect(buckets.slice(1).map(({ from_ms }) => from_ms)).toEqual(buckets.slice(0, -1).map(({ to_ms }) => to_ms));
    expect(buckets.at(-1)!.to_ms).toBeNull();
  });

  test('counts a duration at a limit in the bucket that begins there', () => {
    const where = (duration: number) => histogram([duration]).find(({ count }) => count === 1)!.from_ms;
    expect([0, SECOND - 1, SECOND, 10 * SECOND, 30 * DAY - 1, 30 * DAY, 99 * DAY].map(where)).toEqual([
      ...[0, 0, SECOND, 10 * SECOND, 7 * DAY, 30 * DAY, 30 * DAY],
    ]);
  });
});
