import { expect, test } from '@jest/globals';
import { holm } from '../../../../projector/answers/why/holm.ts';

const close = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 12));

test('the smallest counts for all, the next for one less, and none for less than the one before', () => {
  expect(holm([0.01, 0.04, 0.03])).toEqual(close([0.03, 0.06, 0.06]));
  expect(holm([0.04, 0.001, 0.02, 0.02])).toEqual(close([0.06, 0.004, 0.06, 0.06]));
});

test('none is above 1, and one alone stays what it is', () => {
  expect(holm([0.9, 0.5, 0.6])).toEqual([1, 1, 1]);
  expect(holm([0.05])).toEqual([0.05]);
  expect(holm([])).toEqual([]);
});
