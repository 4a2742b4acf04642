import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { FunnelAnswer } from '../../../projector/answers/funnel/answer.ts';
import { funnelCommand } from '../../../projector/cli/funnel.ts';
import { at, ms, type TinyHost } from '../../oracle/tiny.ts';
import { answering } from './answered.ts';

const DAY = 86_400;
const MERGED = 'ao.session.spawned > ao.pr.observed > ao.pr.merged';

/**
 * Three sessions of `web` on the first day and one of `api` on the second. web-1 merges its PR half a minute after it began; web-2
 * finds one after a quarter of an hour; web-3 is killed before it finds one.
 */
const fourSessions = (host: TinyHost): TinyHost =>
  host
    .created('web-1', at('0'))
    .idle('web-1', at('1'))
    .created('web-2', at('5'))
    .idle('web-2', at('6'))
    .found('https://web/1', 'web-1', at('10'))
    .created('web-3', at('20'))
    .idle('web-3', at('21'))
    .ended('web-3', at('25'))
    .pull('https://web/1', 'web-1', at('30'), { state: 'merged' })
    .found('https://web/3', 'web-3', at('40'))
    .found('https://web/2', 'web-2', at('905'))
    .created('api-1', at(String(DAY)))
    .idle('api-1', at(String(DAY + 1)));

const sessions = answering(funnelCommand, fourSessions, 2 * DAY);
const run = (...words: string[]) => sessions.run('funnel', ...words);
const told = (...words: string[]): FunnelAnswer => JSON.parse(run(...words, '--json'));

const reached = (...words: string[]) => told(...words).steps.map((step) => step.reached);

describe('flags ask', () => {
  test.each<[flags: string, reached: number[]]>([
    ['', [4, 3, 1]],
    ['--within 15m', [4, 3, 1]],
    ['--within 14m', [4, 2, 1]],
    ['--within 20s', [4, 2, 0]],
    ['--gap 20s', [4, 2, 1]],
    ['--gap 15s', [4, 1, 0]],
    ['--order strict', [4, 0, 0]],
    ['--order any', [4, 3, 1]],
    ['--exclude ao.session.killed@1-2', [4, 2, 1]],
    ['--exclude ao.session.killed@2-3', [4, 3, 1]],
    ['--exclude ao.session.killed ao.session.first_signal@1-2', [4, 0, 0]],
    ['--entry every', [4, 3, 1]],
    ['--subject project', [2, 1, 1]],
    ['--subject project --entry every', [2, 1, 1]],
    ['--since 2026-06-19', [1, 0, 0]],
    ['--since 2d', [4, 3, 1]],
    ['--since 47h', [1, 0, 0]],
    ['--until 2026-06-19', [3, 3, 1]],
    ['--since 2026-06-18T12:00:05Z --until 2026-06-18T12:00:05Z', [1, 1, 0]],
    ['--project web', [3, 3, 1]],
    ['--project api', [1, 0, 0]],
  ])('%s', (flags, expected) => {
    expect(reached('--steps', MERGED, ...flags.split(' ').filter(Boolean))).toEqual(expected);
  });

  test.each<[steps: string, reached: number[]]>([
    ['ao.session.spawned > ao.pr.approved? > ao.pr.merged', [4, 0, 1]],
    ['ao.session.spawned > ao.session.killed | ao.pr.merged', [4, 2]],
    ['ao.pr.observed{how=found} > ao.pr.merged', [3, 1]],
    ['ao.pr.observed{how=claimed} > ao.pr.merged', [0, 0]],
    ['ao.session.spawned > ao.session.first_signal > ao.session.killed', [4, 4, 1]],
  ])('--steps %s', (steps, expected) => {
    expect(reached('--steps', steps)).toEqual(expected);
  });
});

test('--now says who is open and who is dropped', () => {
  const counts = (now: string) => {
    const { converted, open, dropped } = told('--steps', MERGED, '--within', '1h', '--now', now);
    return [converted, open, dropped];
  };
  expect(counts('2026-06-18T13:00:05Z')).toEqual([1, 3, 0]);
  expect(counts('2026-06-18T13:00:06Z')).toEqual([1, 2, 1]);
});

describe('--by', () => {
  const values = (...words: string[]) =>
    told('--steps', MERGED, ...words).breakdown.map(({ value, steps }) => [
      value,
      ...steps.map((step) => step.reached),
    ]);

  test('breaks down by the value of the entry', () => {
    expect(values('--by', 'project')).toEqual([
      ['web', 3, 3, 1],
      ['api', 1, 0, 0],
    ]);
  });

  test('or by that of the last event, or of a step', () => {
    expect(values('--by', 'name', '--attribute', 'last')).toEqual([
      ['ao.pr.observed', 2, 2, 0],
      ['ao.pr.merged', 1, 1, 1],
      ['ao.session.spawned', 1, 0, 0],
    ]);
    expect(values('--by', 'name', '--attribute', '2')).toEqual([['ao.pr.observed', 3, 3, 1]]);
  });

  test('tells the most frequent values, and the others together', () => {
    expect(values('--by', 'name', '--attribute', 'last', '--top', '1')).toEqual([
      ['ao.pr.observed', 2, 2, 0],
      ['other', 2, 1, 1],
    ]);
  });
});

test('--interval tells the trend by the day of the entry', () => {
  expect(told('--steps', MERGED, '--interval', 'day').trend).toEqual([
    { from: Date.UTC(2026, 5, 18), reached: [3, 3, 1] },
    { from: Date.UTC(2026, 5, 19), reached: [1, 0, 0] },
  ]);
});

test('--subjects lists who reached a step, when they entered and when they reached it', () => {
  const lines = run('--steps', MERGED, '--subjects', '2', '--json').trim().split('\n');
  const listed = lines.map((line) => JSON.parse(line));
  expect(
    listed.map(({ raw, entered_at, steps }) => [raw, entered_at, steps.map((step: { at: number } | null) => step?.at)]),
  ).toEqual([
    ['web-1', ms(0), [ms(0), ms(10), ms(30)]],
    ['web-2', ms(5), [ms(5), ms(905), undefined]],
    ['web-3', ms(20), [ms(20), ms(40), undefined]],
  ]);
  expect(run('--steps', MERGED, '--subjects', '3')).toMatch(/web-1 .*12:00:00Z .*12:00:10Z .*12:00:30Z/);
  expect(run('--steps', 'ao.session.spawned > ao.pr.approved', '--subjects', '2')).toBe('Nobody.\n');
});

test('--csv prints the steps, and those of each value', () => {
  const csv = run('--steps', 'ao.session.spawned > ao.pr.merged', '--by', 'project', '--csv');
  expect(csv.split('\n')).toEqual([
    'value,step,optional,reached,converted_from_first,converted_from_previous,open,dropped,median_ms,p90_ms,mean_ms',
    ',ao.session.spawned,false,4,1,,3,0,,,',
    ',ao.pr.merged,false,1,0.25,0.25,0,0,30000,30000,30000',
    'web,ao.session.spawned,false,3,1,,2,0,,,',
    'web,ao.pr.merged,false,1,0.3333333333333333,0.3333333333333333,0,0,30000,30000,30000',
    'api,ao.session.spawned,false,1,1,,1,0,,,',
    'api,ao.pr.merged,false,0,0,0,0,0,,,',
    '',
  ]);
});

test('people read steps, sums and the trend', () => {
  const text = run('--steps', 'ao.session.spawned > ao.pr.approved? > ao.pr.merged', '--interval', 'day');
  expect(text).toMatch(/session\.spawned +4 .*100 %/);
  expect(text).toMatch(/pr\.approved \? +0 /);
  expect(text).toMatch(/pr\.merged +1 .*25 %/);
  expect(text).toContain('4 entered: 1 converted, 3 open, 0 dropped; start to end 30 s (median)');
  expect(text).toContain('by entry, 2026-06-18 to 2026-06-19');
  expect(text).toContain('now 2026-06-20 12:00:00Z');
});

describe('a question', () => {
  test('may be one that ships, changed by flags', () => {
    const { question, steps } = told('session', '--within', '20s', '--entry', 'every');
    expect(question).toMatchObject({ name: 'session', window_ms: 20_000, entry: 'every' });
    expect(steps).toHaveLength(6);
  });

  test('may stand in a file, with what it says of itself', () => {
    const path = join(sessions.folder, 'mine.json');
    const steps = MERGED.split(' > ').map((name) => ({ events: [name] }));
    writeFileSync(path, JSON.stringify({ name: 'mine', steps, window_ms: 14 * 60_000, since: ms(1) }));
    const first = JSON.parse(run(path, '--json'));
    expect(first.question).toMatchObject({ name: 'mine', window_ms: 840_000, since: ms(1), order: 'ordered' });
    expect(first.steps.map((step: { reached: number }) => step.reached)).toEqual([3, 1, 0]);
    writeFileSync(path, JSON.stringify(first.question));
    expect(JSON.parse(run(path, '--json'))).toEqual(first);
    expect(JSON.parse(run(path, '--json', '--within', '15m')).steps[1].reached).toBe(2);
  });

  test.each<[words: string[], part: string, found: string]>([
    [[], 'the name', 'nothing'],
    [['nonsense'], 'the name', 'nonsense'],
    [['session', '--steps', MERGED], '--steps', 'both session and --steps'],
    [['--steps', 'ao.session.spawned'], 'steps', '1'],
    [['--steps', 'ao.session.spawned > ao.pr.merge'], 'steps.1.events.0', '"ao.pr.merge"'],
    [['--steps', 'ao.session.spawned > ao.pr.merged{harness}'], 'step 2', 'ao.pr.merged{harness}'],
    [['--steps', MERGED, '--exclude', 'ao.session.killed@2-2'], 'exclude.0', 'after 2, before 2'],
    [['--steps', MERGED, '--exclude', 'ao.session.killed@two'], '--exclude', 'ao.session.killed@two'],
    [['--steps', MERGED, '--attribute', 'second'], 'attribute', '"second"'],
    [['--steps', MERGED, '--attribute', '4'], 'attribute', '4'],
    [['--steps', MERGED, '--top', 'ten'], 'top', 'NaN'],
    [['--steps', MERGED, '--subject', 'pr'], 'steps.0.events', 'ao.session.spawned, of session'],
    [['--steps', MERGED, '--order', 'any', '--gap', '2d'], 'steps.1.gap_ms', '172800000'],
    [['--steps', MERGED, '--subjects', '4'], '--subjects', '4'],
  ])('is refused where it is wrong, and the part is named: %j', (words, part, found) => {
    const message = `The funnel question is wrong at ${part}.`;
    expect(() => run(...words)).toThrow(expect.objectContaining({ code: 'question_invalid', message, found }));
  });

  test('is refused where its file holds no JSON', () => {
    const path = join(sessions.folder, 'broken.json');
    writeFileSync(path, '{');
    expect(() => run(path)).toThrow(expect.objectContaining({ message: `The funnel question is wrong at ${path}.` }));
  });

  test.each([
    ['--within', 'week'],
    ['--gap', '1.5d'],
  ])('is refused where %s is no span', (flag, span) => {
    expect(() => run('session', flag, span)).toThrow(expect.objectContaining({ code: 'span_invalid' }));
  });
});
