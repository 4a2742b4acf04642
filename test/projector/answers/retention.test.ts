import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { INTERVALS, intervalOf, startOfInterval } from '../../../projector/answers/intervals.ts';
import { lifeCycle, retention, stickiness } from '../../../projector/answers/retention.ts';

const active = fc.uniqueArray(fc.nat(12), { maxLength: 10 }).map((list) => list.sort((a, b) => a - b));
const subjects = fc.array(active, { maxLength: 12 });

describe('retention', () => {
  test('counts who was active in each interval after the first', () => {
    expect(retention([[0, 1, 3], [0, 3], [2], []], 3)).toEqual([
      { cohort: 0, sizes: [2, 1, 0, 2] },
      { cohort: 2, sizes: [1, 0] },
    ]);
  });

  test('rolling: only who was active in all before as well', () => {
    expect(retention([[0, 1, 3], [0, 3], [2]], 3, 'rolling')).toEqual([
      { cohort: 0, sizes: [2, 1, 0, 0] },
      { cohort: 2, sizes: [1, 0] },
    ]);
  });

  test('ends with the last interval asked for', () => {
    expect(retention([[0, 5], [7]], 4)).toEqual([{ cohort: 0, sizes: [1, 0, 0, 0, 0] }]);
  });

  test('rolling never exceeds recurring, and never rises', () => {
    fc.assert(
      fc.property(subjects, (all) => {
        const recurring = retention(all, 12);
        const rolling = retention(all, 12, 'rolling');
        rolling.forEach(({ cohort, sizes }, index) => {
          expect(cohort).toBe(recurring[index]!.cohort);
          sizes.forEach((size, later) => {
            expect(size).toBeLessThanOrEqual(recurring[index]!.sizes[later]!);
            if (later > 0) expect(size).toBeLessThanOrEqual(sizes[later - 1]!);
          });
        });
      }),
    );
  });
});

test('stickiness counts subjects by the number of their intervals', () => {
  expect([...stickiness([[1, 2], [5], [3], []])]).toEqual([
    [1, 2],
    [2, 1],
  ]);
});

describe('the life cycle', () => {
  test('tells new, returning, resurrecting and dormant', () => {
    expect(lifeCycle([[0, 1, 3], [1]], 0, 3)).toEqual([
      { interval: 0, new: 1, returning: 0, resurrecting: 0, dormant: 0 },
      { interval: 1, new: 1, returning: 1, resurrecting: 0, dormant: 0 },
      { interval: 2, new: 0, returning: 0, resurrecting: 0, dormant: 2 },
      { interval: 3, new: 0, returning: 0, resurrecting: 1, dormant: 0 },
    ]);
  });

  test('calls nobody new who was active before the range', () => {
    expect(lifeCycle([[0, 4]], 4, 4)).toEqual([{ interval: 4, new: 0, returning: 0, resurrecting: 1, dormant: 0 }]);
  });

  test('counts each active subject once', () => {
    fc.assert(
      fc.property(subjects, (all) => {
        for (const { interval, new: born, returning, resurrecting } of lifeCycle(all, 0, 12)) {
          expect(born + returning + resurrecting).toBe(all.filter((one) => one.includes(interval)).length);
        }
      }),
    );
  });
});

describe('an interval', () => {
  test('of a week begins on Monday, of UTC', () => {
    const week = intervalOf(Date.UTC(2026, 5, 18, 12), 'week');
    expect(new Date(startOfInterval(week, 'week')).toISOString()).toBe('2026-06-15T00:00:00.000Z');
    expect(intervalOf(Date.UTC(2026, 5, 14, 23, 59, 59, 999), 'week')).toBe(week - 1);
  });

  test('holds the times from its start to the next', () => {
    const times = fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2100, 0) });
    fc.assert(
      fc.property(times, fc.constantFrom(...INTERVALS), (at, interval) => {
        const number = intervalOf(at, interval);
        expect(startOfInterval(number, interval)).toBeLessThanOrEqual(at);
        expect(startOfInterval(number + 1, interval)).toBeGreaterThan(at);
        expect(intervalOf(startOfInterval(number, interval), interval)).toBe(number);
      }),
    );
  });
});
