import { describe, expect, test } from '@jest/globals';
import type { StepAnswer } from '../../projector/answers/funnel/tally.ts';
import { AFTER, june, Known, LATER, NOW, seconds } from './known.ts';

const known = new Known();

const column = (answer: { steps: StepAnswer[] }, field: keyof StepAnswer) => answer.steps.map((step) => step[field]);
const reached = (parts: { value: string; steps: StepAnswer[] }[]) =>
  parts.map(({ value, steps }) => [value, ...steps.map((step) => step.reached)]);

describe('the funnel of sessions', () => {
  const ask = (...more: string[]) => known.ask('funnel', 'session', '--now', NOW, ...more);

  test('says how many workers came how far', () => {
    const answer = ask();
    expect(column(answer, 'reached')).toEqual([11, 9, 9, 7, 4, 4]);
    expect(column(answer, 'converted_from_first')).toEqual([1, 9 / 11, 9 / 11, 7 / 11, 4 / 11, 4 / 11]);
    expect(column(answer, 'converted_from_previous')).toEqual([null, 9 / 11, 9 / 11, 7 / 9, 4 / 9, 4 / 9]);
    expect(answer).toMatchObject({ attempts: 11, converted: 4, open: 7, dropped: 0 });
  });

  test('says how long the steps took', () => {
    const answer = ask();
    expect(column(answer, 'median_ms')).toEqual([null, ...[19, 3_029, 330, 7_875, 6_270].map(seconds)]);
    expect(column(answer, 'p90_ms')).toEqual([null, ...[32, 148_883.1, 35_826, 124_830, 242_910].map(seconds)]);
    expect(column(answer, 'mean_ms')).toEqual([
      null,
      ...[179 / 9, 468_653.5 / 9, 90_089.5 / 7, 47_872.5, 89_377.375].map(seconds),
    ]);
  });

  test('says how long it took from start to end', () => {
    const { total_time } = ask();
    expect(total_time).toMatchObject({
      median_ms: seconds(178_949),
      p90_ms: seconds(350_339),
      mean_ms: seconds(178_874),
      kaplan_meier_median_ms: seconds(352_499),
    });
    const filled = total_time.histogram.filter(({ count }: { count: number }) => count > 0);
    expect(filled).toEqual([
      { from_ms: seconds(3_600), to_ms: seconds(14_400), count: 2 },
      { from_ms: seconds(3 * 86_400), to_ms: seconds(7 * 86_400), count: 2 },
    ]);
  });

  test.each([
    ['now nobody is out of time', NOW, [1, 1, 2, 2, 1, 0], [0, 0, 0, 0, 0, 0]],
    ['later three are', LATER, [1, 1, 1, 0, 1, 0], [0, 0, 1, 2, 0, 0]],
    ['after all of it all are', AFTER, [0, 0, 0, 0, 0, 0], [1, 1, 2, 2, 1, 0]],
  ])('%s', (_, now, open, dropped) => {
    const answer = known.ask('funnel', 'session', '--now', now);
    expect(column(answer, 'open')).toEqual(open);
    expect(column(answer, 'dropped')).toEqual(dropped);
    expect(column(answer, 'reached')).toEqual([11, 9, 9, 7, 4, 4]);
  });

  test('can be told apart by harness', () => {
    const { breakdown } = ask('--by', 'harness');
    expect(reached(breakdown)).toEqual([
      ['codex', 6, 4, 4, 4, 2, 2],
      ['claude-code', 3, 3, 3, 3, 2, 2],
      ['aider', 2, 2, 2, 0, 0, 0],
    ]);
    const signals = breakdown.map(({ steps }: { steps: StepAnswer[] }) => steps[1]!.median_ms);
    expect(signals).toEqual([19.5, 10, 35].map(seconds));
  });

  test('can be told apart by project', () => {
    expect(reached(ask('--by', 'project').breakdown)).toEqual([
      ['web', 7, 5, 6, 4, 3, 4],
      ['api', 2, 2, 2, 2, 1, 0],
      ['infra', 2, 2, 1, 1, 0, 0],
    ]);
  });

  test('counts those that entered since a day', () => {
    expect(column(ask('--since', '2026-06-08'), 'reached')).toEqual([6, 5, 4, 3, 2, 1]);
  });
});

describe('the funnel of PRs', () => {
  const ask = (...more: string[]) => known.ask('funnel', 'pr', '--now', NOW, ...more);

  test('says how many came how far, and how long that took', () => {
    const answer = ask();
    expect(column(answer, 'reached')).toEqual([8, 7, 4, 4]);
    expect(column(answer, 'open')).toEqual([1, 2, 1, 0]);
    expect(column(answer, 'converted_from_previous')).toEqual([null, 7 / 8, 1 / 2, 1 / 2]);
    expect(column(answer, 'median_ms')).toEqual([null, ...[330, 7_875, 88_470].map(seconds)]);
    expect(column(answer, 'p90_ms')).toEqual([null, ...[119_922, 124_830, 290_610].map(seconds)]);
    expect(column(answer, 'mean_ms')).toEqual([null, ...[256_260 / 7, 47_872.5, 130_920].map(seconds)]);
    expect(answer).toMatchObject({ attempts: 8, converted: 4, open: 4, dropped: 0 });
    expect(answer.total_time).toMatchObject({
      median_ms: seconds(88_470),
      p90_ms: seconds(290_610),
      kaplan_meier_median_ms: seconds(343_170),
    });
  });

  test('can be told apart by the harness of the session that found it', () => {
    expect(reached(ask('--by', 'harness').breakdown)).toEqual([
      ['claude-code', 3, 3, 2, 2],
      ['codex', 3, 3, 2, 1],
      ['aider', 2, 1, 0, 1],
    ]);
  });
});

test('the onboarding of the install took an hour and a half', () => {
  const answer = known.ask('funnel', 'onboarding', '--now', NOW);
  const start = june('01 08:00:05');
  const after = [0, 55.02, 296, 305, 1_825, 3_595, 5_395].map(seconds);
  expect(column(answer, 'reached')).toEqual([1, 1, 1, 1, 1, 1, 1]);
  expect(answer.steps.map(({ at }: { at: number }) => at)).toEqual(after.map((ms) => start + ms));
  expect(column(answer, 'median_ms')).toEqual(after);
  expect(answer).toMatchObject({ attempts: 1, converted: 1, open: 0, total_time: { median_ms: seconds(5_395) } });
});
