import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Counts, fisherExact } from '../../../../projector/answers/why/fisher.ts';

const counts = (x: number, n: number, y: number, m: number): Counts => ({
  stopped: { with: x, of: n },
  went_on: { with: y, of: m },
});

test.each<[what: string, table: Counts, p: number]>([
  // Of the 70 ways to call 4 of 8 cups, 16 call 3 right and 1 does 4; as many are as far off the other way.
  ['the lady who tastes tea', counts(3, 4, 1, 4), 34 / 70],
  // Of the 15,504 ways in which 5 of 20 have it, 252 lie on one side alone; as many do on the other.
  ['five of ten, and none of ten', counts(5, 10, 0, 10), 504 / 15_504],
  // Of 56 ways, 1; the ones furthest off the other way are 10 of 56, which is likelier.
  ['all of three, and none of five', counts(3, 3, 0, 5), 1 / 56],
  ['equal shares', counts(4, 10, 6, 15), 1],
])('%s', (_, table, p) => {
  expect(fisherExact(table)).toBeCloseTo(p, 10);
});

/** n over k. */
function ways(n: number, k: number): bigint {
  let product = 1n;
  for (let index = 0; index < k; index++) product = (product * BigInt(n - index)) / BigInt(index + 1);
  return product;
}

test('is the share of all ways that are no more than those of the table, counted one by one', () => {
  const size = fc.integer({ min: 1, max: 60 });
  const table = fc
    .tuple(size, size)
    .chain(([n, m]) =>
      fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n), fc.integer({ min: 0, max: m }), fc.constant(m)),
    );
  fc.assert(
    fc.property(table, ([x, n, y, m]) => {
      const having = x + y;
      const of = (stopped: number) => ways(n, stopped) * ways(m, having - stopped);
      const possible = Array.from({ length: having + 1 }, (_, stopped) => stopped).filter(
        (stopped) => stopped <= n && having - stopped <= m,
      );
      const noMore = possible.filter((stopped) => of(stopped) <= of(x)).reduce((sum, stopped) => sum + of(stopped), 0n);
      expect(fisherExact(counts(x, n, y, m))).toBeCloseTo(
        Number((noMore * 10n ** 12n) / ways(n + m, having)) / 1e12,
        8,
      );
    }),
    { numRuns: 300, seed: 20261201 },
  );
});

test('a table of a hundred thousand is no trouble', () => {
  expect(fisherExact(counts(50_000, 100_000, 50_000, 100_000))).toBeCloseTo(1, 6);
  expect(fisherExact(counts(90_000, 100_000, 10_000, 100_000))).toBe(0);
});
