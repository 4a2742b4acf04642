import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Lift, liftOf } from '../../../../projector/answers/why/lift.ts';

const of = (x: number, n: number, y: number, m: number): Lift =>
  liftOf({ stopped: { with: x, of: n }, went_on: { with: y, of: m } });

// What two textbooks and R say of the trial of Perondi et al. (2004): 7 of 34 survived with one dose, 1 of 34 with the other.
test('is the interval that others work out', () => {
  const { lift, interval } = of(7, 34, 1, 34);
  expect(lift).toBeCloseTo(7, 10);
  expect(interval[0]).toBeCloseTo(1.2209, 4);
  expect(interval[1]).toBeCloseTo(42.5757, 4);
});

// With x = n = m and y = 0 the likeliest shares at a ratio r above 2 are 1 and 1/r. So the variance is (r - 1)/n, the score
// √(n / (r - 1)), and that is z at r = 1 + n/z².
test('all of ten against none of ten: at least 1 + 10/z², and no bound above', () => {
  const bound = 1 + 10 / 1.959963984540054 ** 2;
  expect(of(10, 10, 0, 10).lift).toBe(Number.POSITIVE_INFINITY);
  expect(of(10, 10, 0, 10).interval[0]).toBeCloseTo(bound, 8);
  expect(of(10, 10, 0, 10).interval[1]).toBe(Number.POSITIVE_INFINITY);
  expect(of(0, 10, 10, 10)).toEqual({ lift: 0, interval: [0, expect.closeTo(1 / bound, 8)] });
});

const side = fc.integer({ min: 2, max: 200 }).chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)));
const tables = fc
  .tuple(side, side)
  .filter(([[x, n], [y, m]]) => x + y > 0 && x + y < n + m)
  .map(([[x, n], [y, m]]) => [x, n, y, m] as const);

test('holds the lift, and turned round is the inverse', () => {
  fc.assert(
    fc.property(tables, ([x, n, y, m]) => {
      const { lift, interval } = of(x, n, y, m);
      expect(interval[0]).toBeLessThanOrEqual(lift);
      expect(interval[1]).toBeGreaterThanOrEqual(lift);
      const turned = of(y, m, x, n).interval;
      if (interval[0] > 0) expect(turned[1] * interval[0]).toBeCloseTo(1, 8);
      if (turned[0] > 0) expect(turned[0] * interval[1]).toBeCloseTo(1, 8);
    }),
    { numRuns: 300, seed: 20261202 },
  );
});

// Koopman's own form of the score, χ² = (x − nq)² / (nq(1 − q)) · (1 + n(r − q) / (m(1 − q))), with q the likeliest share at r.
test('is where the score test rejects at 5 %, by its other form', () => {
  const chi = (ratio: number, x: number, n: number, y: number, m: number) => {
    const b = ratio * (n + y) + x + m;
    const q = (b - Math.sqrt(b * b - 4 * ratio * (n + m) * (x + y))) / (2 * (n + m));
    return ((x - n * q) ** 2 / (n * q * (1 - q))) * (1 + (n * (ratio - q)) / (m * (1 - q)));
  };
  for (const [x, n, y, m] of [
    [36, 40, 16, 80],
    [3, 50, 9, 41],
    [12, 200, 1, 30],
  ] as const) {
    for (const bound of of(x, n, y, m).interval) expect(chi(bound, x, n, y, m)).toBeCloseTo(3.841459, 4);
  }
});
