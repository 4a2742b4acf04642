import { expect, test } from '@jest/globals';
import { EVENTS } from '../../projections/vocabulary.ts';
import { ALLOWLIST, COMMON, OF_MANY } from '../../projector/exports/allowlist.ts';
import { OTHER_WORD } from '../../projector/exports/field.ts';

const DAILY = ['ao.cli.invoked', 'ao.app.active'];
const MOST_SERIES = 6_000;

test('every event of the vocabulary stands in it, the counts of days beside them, and nothing else', () => {
  const names = [...Object.values(EVENTS).map(({ name }) => name), ...DAILY];
  expect(Object.keys(ALLOWLIST).sort()).toEqual(names.sort());
});

test('all names together have no more series than a backend bears, words beside a vocabulary being one more', () => {
  const series = Object.values(ALLOWLIST).map(({ fields }) =>
    Object.values(fields)
      .filter(({ counted }) => counted)
      .map(({ type }) => {
        if (type.kind !== 'word') throw new Error(`Expected words to be counted by, found a ${type.kind}`);
        return new Set([...type.words, OTHER_WORD]).size;
      })
      .reduce((product, words) => product * words, 1),
  );
  expect(series.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(MOST_SERIES);
});

test('nothing is counted by that is told of every event, or of many', () => {
  expect(Object.values({ ...COMMON, ...OF_MANY }).some(({ counted }) => counted)).toBe(false);
});

test('every field says what it is for, and every event which question it helps to answer', () => {
  for (const { question, fields } of [...Object.values(ALLOWLIST), { question: 'Any?', fields: COMMON }]) {
    expect(question).toMatch(/\?$/);
    for (const { purpose } of Object.values(fields)) expect(purpose).toMatch(/^\w.*[^.]$/);
  }
});
