import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { smallest } from '../../projector/replay/smallest.ts';

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

test('exactly what is needed is left, in its order', async () => {
  const needed = fc.uniqueArray(fc.integer({ min: 0, max: 199 }), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(needed, async (wanted) => {
      const found = await smallest(numbers(200), async (items) => wanted.every((one) => items.includes(one)), 10_000);
      expect(found).toMatchObject({ items: wanted.sort((a, b) => a - b), isMinimal: true });
    }),
    { numRuns: 100, seed: 20260618 },
  );
});

test('what only another needed goes with it', async () => {
  const shows = async (items: readonly number[]) => items.includes(1) && (!items.includes(8) || items.includes(3));
  expect((await smallest(numbers(10), shows, 1_000)).items).toEqual([1]);
});

test('a hundred thousand items take a few hundred tries', async () => {
  const { tries, items } = await smallest(numbers(100_000), async (rest) => rest.includes(70_000), 10_000);
  expect(items).toEqual([70_000]);
  expect(tries).toBeLessThan(100);
});

test('after so many tries what was found so far is told, and that it may be smaller', async () => {
  const found = await smallest(numbers(100), async (items) => items.includes(99), 3);
  expect(found).toMatchObject({ tries: 3, isMinimal: false });
  expect(found.items.length).toBeLessThan(100);
  expect(found.items).toContain(99);
});
