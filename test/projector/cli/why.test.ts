import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { WhyAnswer } from '../../../projector/answers/why/why.ts';
import { whyCommand } from '../../../projector/cli/why.ts';
import { packagePath } from '../../../projector/store/paths.ts';
import { at, ms, type TinyHost } from '../../oracle/tiny.ts';
import { answering } from './answered.ts';

const HOUR = 3_600;

/**
 * 12 sessions that wait for 40 minutes and get no PR, one of them without a signal before; 12 that get one after two hours, two of
 * which wait as well; and two that have still time.
 */
const waitsStop = (host: TinyHost): TinyHost => {
  for (let index = 0; index < 26; index++) {
    const [id, start] = [`${index === 0 ? 'api' : 'web'}-${index}`, index < 24 ? index : 40 * 24 * HOUR];
    const after = (seconds: number) => at(String(start + seconds));
    host.created(id, after(0));
    if (index > 0) host.updated(id, 'active', false, after(10));
    if (index % 2 === 0 || index < 4) {
      host.updated(id, 'waiting_input', false, after(900)).updated(id, 'idle', false, after(3_300));
    }
    if (index % 2 !== 0 && index < 24) host.found(`https://web/${index}`, id, after(2 * HOUR));
  }
  return host;
};

const STEPS = 'ao.session.spawned > ao.pr.observed > ao.pr.merged';
const { run } = answering(whyCommand, waitsStop, 41 * 24 * HOUR);
const asked = (...words: string[]) => run('why', 'funnel', '--steps', STEPS, '--within', '7d', ...words);

/**
 * Koopman's interval by hand: with x = n = m = 12 and y = 2 the likeliest share of those who stopped is 1 at every ratio r above 24/14,
 * so the bounds are where (1 - r/6) / √((r - 1) / 12) = ±1.96: with u = √(r - 1), where u² ± 3.39476 u - 5 = 0.
 */
const INTERVAL = [2.232, 21.292] as const;

describe('people read', () => {
  test('what was compared, what goes together, what that means, and of what there is too little', () => {
    // 66 of C(24, 14) tables are as this one, as many are as far off the other way; and two are tested: p = 0.000135.
    expect(asked('session.spawned').split('\n')).toEqual([
      '26 reached session.spawned: 12 stopped there, 12 went on to pr.observed, 2 may still do so.',
      'Compared is what befell 12 who stopped and 12 who went on later, for the same times from there on, at most 2 h.',
      '',
      'goes together with stopping     stopped         went on        lift  95 %            p',
      'session.stuck_waiting          12 of 12  100 %  2 of 12  17 %     6  2.2 to 21  0.0001',
      'session.waiting_input_entered  12 of 12  100 %  2 of 12  17 %     6  2.2 to 21  0.0001',
      '',
      'Those who stopped had the first of these 6 times as often as those who went on. It goes together with stopping.',
      'Whether it is the cause this cannot tell: both may come of something else.',
      '',
      'too few to say     stopped         went on',
      'session.no_signal  1 of 12  8.3 %  0 of 12  0 %',
      'It takes 5 who had it and 5 who had not.',
      '',
      expect.stringMatching(/^as of change_log \d+, telemetry \d+; now 2026-07-29 12:00:00Z$/),
      '',
    ]);
  });

  test('the same in docs/why.md', () => {
    const page = readFileSync(packagePath('docs', 'why.md'), 'utf8');
    expect(page).toContain(`\n${asked('1').split('\nas of')[0]!.trimEnd()}\n\`\`\``);
  });

  test('that it is too few, and how many it takes', () => {
    expect(asked('1', '--until', '2026-06-18T12:00:18Z')).toContain(
      'Too few to say anything: it takes 10 on each side.',
    );
    expect(asked('2')).toContain('12 reached pr.observed: 12 stopped there, 0 went on to pr.merged');
    expect(asked('2')).toContain('there is nothing to compare');
  });

  test('the same of each value that is asked for', () => {
    expect(asked('1', '--by', 'project')).toMatch(/goes together[\s\S]*\nweb\n\n25 reached [\s\S]*\napi\n\n1 reached /);
  });
});

describe('programs read', () => {
  const answer = (...words: string[]): WhyAnswer => JSON.parse(asked(...words, '--json'));
  const twelve = (count: number) => ({ with: count, of: 12 });

  test('the question, the counts, and each association with its dimensions', () => {
    const association = {
      ...{
        subject_kind: 'session',
        dimensions: {},
        lift: 6,
        interval: INTERVAL.map((bound) => expect.closeTo(bound, 3)),
      },
      ...{ stopped: twelve(12), went_on: twelve(2) },
      ...{ p: expect.closeTo(132 / 1_961_256, 12), p_holm: expect.closeTo(264 / 1_961_256, 12) },
    };
    expect(answer('1')).toEqual({
      question: expect.objectContaining({ subject: 'session', window_ms: 7 * 24 * HOUR * 1_000 }),
      ...{ step: 1, next_step: 2, now: ms(41 * 24 * HOUR) },
      as_of: expect.objectContaining({ pruned_before: null }),
      ...{ stopped: 12, went_on: 12, open: 2, horizon_ms: 2 * HOUR * 1_000, compared: { stopped: 12, went_on: 12 } },
      goes_together: [
        { what: 'ao.session.stuck_waiting', ...association },
        { what: 'ao.session.waiting_input_entered', ...association },
      ],
      not_claimed: [],
      too_few: [
        {
          ...{ what: 'ao.session.no_signal', subject_kind: 'session', dimensions: {} },
          ...{ stopped: twelve(1), went_on: twelve(0) },
        },
      ],
      breakdown: [],
    });
  });

  test('of one project alone', () => {
    expect(answer('1', '--project', 'api')).toMatchObject({ stopped: 1, went_on: 0, open: 0 });
  });

  test('of those who entered within bounds', () => {
    expect(answer('1', '--since', '2026-06-19')).toMatchObject({ stopped: 0, went_on: 0, open: 2 });
  });
});

describe('a funnel that ships is named before the step', () => {
  test.each([
    ['session 1', { step: 1, next_step: 3 }],
    ['session pr.observed', { step: 3, next_step: 6 }],
    ['pr ao.pr.ci_passed', { step: 2, next_step: 4 }],
    ['attention 1', { step: 1, next_step: 2, went_on: 15 }],
  ])('%s', (words, expected) => {
    expect(JSON.parse(run('why', 'funnel', ...words.split(' '), '--json'))).toMatchObject(expected);
  });
});

test.each([
  ['session', 'question_invalid'],
  ['session 1 2', 'question_invalid'],
  ['1 2 --steps ao.pr.observed>ao.pr.merged', 'question_invalid'],
  ['onboarding 1', 'question_invalid'],
  ['nonsense 1', 'question_invalid'],
  ['session 7', 'step_unknown'],
  ['session pr.merged', 'step_is_last'],
])('%s: %s', (words, code) => {
  expect(() => run('why', 'funnel', ...words.split(' '))).toThrow(expect.objectContaining({ code, exitCode: 2 }));
});
