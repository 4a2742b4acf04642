import { describe, expect, test } from '@jest/globals';
import { compileFunnel, conditionsOf } from '../../../../projector/answers/clickhouse/compile.ts';
import type { FunnelQuestion } from '../../../../projector/answers/funnel/question.ts';
import { ProjectorError } from '../../../../projector/errors.ts';
import { definition, question } from '../letters.ts';

const withStep = (change: object) => {
  const { steps } = question('A > B');
  return question('A > B', { steps: [steps[0]!, { ...steps[1]!, ...change }] });
};

/** What is said to be in the way of SQL. */
function obstacles(asked: FunnelQuestion): string {
  try {
    compileFunnel(asked);
    return '';
  } catch (error) {
    if (!(error instanceof ProjectorError)) throw error;
    return error.found;
  }
}

describe('a funnel is compiled', () => {
  test('where it has required steps in order, each of its own events', () => {
    expect(obstacles(question('A > B|C > D', { since: 1, until: 2 }))).toBe('');
  });

  test.each<[string, FunnelQuestion]>([
    ['order strict', question('A > B', { order: 'strict' })],
    ['order any', question('A > B', { order: 'any' })],
    ['optional steps', question('A > B? > C')],
    ['gaps between steps', withStep({ gapMs: 1 })],
    ['exclusions', question('A > B', { exclude: [{ events: [definition('C')], after: 0, before: 1 }] })],
    ['every entry', question('A > B', { entry: 'every' })],
    ['an event that is part of two steps', question('A > B|A')],
    ['a filter on project, for the table holds no raw ids', withStep({ where: { project: ['web'] } })],
    ['a breakdown', question('A > B', { by: 'harness' })],
    ['a trend', question('A > B', { interval: 'week' })],
  ])('not with %s, which it names', (part, asked) => {
    expect(obstacles(asked)).toBe(part);
  });

  test('not with several such parts, all of which it names', () => {
    expect(obstacles(question('A > B? > A', { by: 'harness' }))).toBe(
      'optional steps, an event that is part of two steps, a breakdown',
    );
  });
});

test('a value is a value, whatever stands in it', () => {
  const asked = withStep({ where: { harness: ["a'b", 'c\\d'] } });
  expect(conditionsOf(asked)[1]).toContain(String.raw`harness IN ('a\'b', 'c\\d')`);
});
