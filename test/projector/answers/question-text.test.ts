import { describe, expect, test } from '@jest/globals';
import { parseExclusion, parseSteps } from '../../../projector/answers/funnel/question-text.ts';

const plain = (...events: string[]) => ({ events, where: {}, optional: false });

describe('steps as they are typed', () => {
  test.each([
    ['a > b', [plain('a'), plain('b')]],
    ['a>b>c', [plain('a'), plain('b'), plain('c')]],
    ['a > b|c > d | e', [plain('a'), plain('b', 'c'), plain('d', 'e')]],
    ['a > b? > c ?', [plain('a'), { ...plain('b'), optional: true }, { ...plain('c'), optional: true }]],
    ['a{harness=codex} > b', [{ ...plain('a'), where: { harness: ['codex'] } }, plain('b')]],
    [
      'a > b|c{how=found, how=claimed,harness=codex} ?',
      [plain('a'), { events: ['b', 'c'], where: { how: ['found', 'claimed'], harness: ['codex'] }, optional: true }],
    ],
    ['a{} > b', [plain('a'), plain('b')]],
  ])('%s', (text, steps) => {
    expect(parseSteps(text)).toEqual(steps);
  });

  test.each([
    ['', 'step 1', ''],
    ['a > ', 'step 2', ''],
    ['a > > b', 'step 2', ''],
    ['a{harness} > b', 'step 1', 'a{harness}'],
    ['a > b?{harness=codex}', 'step 2', 'b?{harness=codex}'],
    ['a > b{harness=codex', 'step 2', 'b{harness=codex'],
    ['a?? > b', 'step 1', 'a??'],
  ])('%j is wrong, and the step is named', (text, part, found) => {
    expect(() => parseSteps(text)).toThrow(
      expect.objectContaining({ message: `The funnel question is wrong at ${part}.`, found }),
    );
  });
});

describe('an exclusion as it is typed', () => {
  test.each([
    ['a@1-2', { events: ['a'], after: 1, before: 2 }],
    ['a | b@2-4', { events: ['a', 'b'], after: 2, before: 4 }],
    [' a ', { events: ['a'] }],
  ])('%s', (text, exclusion) => {
    expect(parseExclusion(text)).toEqual(exclusion);
  });

  test.each(['', 'a@1', 'a@1-', 'a@x-y', '@1-2'])('%j is wrong', (text) => {
    expect(() => parseExclusion(text)).toThrow(expect.objectContaining({ code: 'question_invalid', found: text }));
  });
});
