import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Filling, type Way } from '../../projector/page/playback/filling.ts';

const reached = (filling: Filling, at: number) => filling.at(at).map((step) => step.reached);
const standing = (filling: Filling, at: number) => filling.at(at).map((step) => step.standing);

/** Two that go through, one that stops, and one that passes a step over. */
const ways: Way[] = [
  [10, 20, 30],
  [15, 16, 40],
  [18, null, null],
  [20, null, 50],
];

describe('a funnel that fills', () => {
  const filling = new Filling(ways, 3);

  test('is empty before the first attempt', () => {
    expect(reached(filling, 9)).toEqual([0, 0, 0]);
    expect(standing(filling, 9)).toEqual([0, 0, 0]);
  });

  test('counts what happened in the very moment', () => {
    expect(reached(filling, 20)).toEqual([4, 2, 0]);
    expect(standing(filling, 20)).toEqual([2, 2, 0]);
  });

  test('is in the end as far as all have come', () => {
    expect(reached(filling, 100)).toEqual([4, 2, 3]);
    expect(standing(filling, 100)).toEqual([1, 0, 3]);
  });

  test('is spread over equal spans of time', () => {
    expect(filling.spread(10, 50, 4)).toEqual([6, 1, 1, 1]);
    expect(filling.spread(10, 10, 2)).toEqual([1, 0]);
  });
});

test('whatever came in whatever order, each stands at the furthest step that it has reached', () => {
  const time = fc.integer({ min: 0, max: 30 });
  const way = fc.tuple(time, fc.option(time), fc.option(time), fc.option(time));
  fc.assert(
    fc.property(fc.array(way, { maxLength: 12 }), fc.integer({ min: -1, max: 31 }), (all, moment) => {
      const filling = new Filling(all, 4);
      const then = all.map((one) => one.map((at) => at !== null && at <= moment));
      const furthest = then.map((steps) => steps.lastIndexOf(true));
      expect(filling.at(moment)).toEqual(
        [0, 1, 2, 3].map((step) => ({
          reached: then.filter((steps) => steps[step]).length,
          standing: furthest.filter((one) => one === step).length,
        })),
      );
      const spread = filling.spread(0, 30, 7).reduce((sum, count) => sum + count, 0);
      expect(spread).toBe(all.flat().filter((at) => at !== null).length);
    }),
  );
});
