import { describe, expect, test } from '@jest/globals';
import { EVENTS } from '../../../projections/vocabulary.ts';
import { describe as described, parseQuestion } from '../../../projector/answers/funnel/question-json.ts';
import { SHIPPED } from '../../../projector/answers/funnel/shipped.ts';
import type { ProjectorError } from '../../../projector/errors.ts';

const NOW = Date.UTC(2026, 5, 18);
const SPAWNED = { events: ['ao.session.spawned'] };
const MERGED = { events: ['ao.pr.merged'] };
const TWO = [SPAWNED, MERGED];

const read = (json: unknown) => parseQuestion(json, NOW);
const readThird = (more: object) => read({ steps: [...TWO, { ...MERGED, ...more }] });

function problem(json: unknown): ProjectorError {
  try {
    read(json);
  } catch (error) {
    return error as ProjectorError;
  }
  throw new Error(`Expected an error, got none for ${JSON.stringify(json)}`);
}

test('a question of two names has the defaults for all the rest', () => {
  expect(read({ steps: TWO })).toEqual({
    name: null,
    subject: 'session',
    steps: [EVENTS.spawned, EVENTS.merged].map((event) => ({
      events: [event],
      where: {},
      optional: false,
      gapMs: null,
    })),
    order: 'ordered',
    windowMs: 7 * 86_400_000,
    exclude: [],
    entry: 'first',
    since: null,
    until: null,
    by: null,
    attribute: 'first',
    top: 10,
    interval: null,
    now: NOW,
  });
});

describe('a step', () => {
  test('has alternatives', () => {
    expect(readThird({ events: ['ao.pr.merged', 'ao.pr.approved'] }).steps[2]!.events).toEqual([
      EVENTS.merged,
      EVENTS.approved,
    ]);
  });

  test('asks for one value of a dimension or for several', () => {
    expect(readThird({ where: { harness: 'codex', how: ['found', 'claimed'] } }).steps[2]!.where).toEqual({
      harness: ['codex'],
      how: ['found', 'claimed'],
    });
  });

  test('may be optional and have a gap', () => {
    expect(readThird({ optional: true, gap_ms: 5 }).steps[2]).toMatchObject({ optional: true, gapMs: 5 });
    expect(readThird({ gap_ms: null }).steps[2]).toMatchObject({ optional: false, gapMs: null });
  });

  test('may repeat an earlier one; there may be 32', () => {
    expect(read({ steps: Array(32).fill(MERGED) }).steps).toHaveLength(32);
  });
});

describe('the subject', () => {
  test.each([
    ['pr', ['ao.pr.observed', 'ao.pr.merged']],
    ['session', ['ao.session.spawned', 'ao.pr.merged']],
    ['project', ['ao.project.added', 'ao.session.spawned']],
    ['project', ['ao.spawn.failed', 'ao.pr.merged']],
    ['install', ['ao.daemon.started', 'ao.session.spawned']],
    ['install', ['ao.cli.exit_2', 'ao.pr.merged']],
  ])('is %s where the steps are %j', (subject, names) => {
    expect(read({ steps: names.map((name) => ({ events: [name] })) }).subject).toBe(subject);
  });

  test('may be a wider one than the steps need', () => {
    expect(read({ steps: TWO, subject: 'install' }).subject).toBe('install');
  });
});

test('steps of exclusions and attribution are counted from 1', () => {
  const exclude = [{ events: ['ao.session.killed'], after: 2, before: 3 }];
  const steps = [...TWO, MERGED];
  expect(read({ steps, exclude, attribute: 3 })).toMatchObject({
    exclude: [{ events: [EVENTS.killed], after: 1, before: 2 }],
    attribute: 2,
  });
});

test('an exclusion that names no steps stands between the first and the last', () => {
  const exclude = [{ events: ['ao.session.killed'] }];
  expect(read({ steps: [...TWO, MERGED], exclude }).exclude).toMatchObject([{ after: 0, before: 2 }]);
});

test.each([
  { order: 'strict' },
  { order: 'any' },
  { window_ms: 0 },
  { entry: 'every' },
  { since: 1, until: 1 },
  { by: 'harness', attribute: 'last', top: 1 },
  { interval: 'week' },
  { name: 'mine' },
  { name: null, subject: null, since: null, until: null, by: null, interval: null },
])('%j is read', (more) => {
  expect(described(read({ steps: TWO, ...more }))).toMatchObject({ ...more, subject: 'session' });
});

describe('what is wrong is named, with what was expected and what was found', () => {
  const third = (more: object) => ({ steps: [...TWO, { ...MERGED, ...more }] });
  const asked = (more: object) => ({ steps: TWO, ...more });
  const excluding = (more: object) => asked({ exclude: [{ events: ['ao.session.killed'], ...more }] });

  test.each<[part: string, json: unknown, expected: RegExp, found: string]>([
    ['question', null, /an object/, 'null'],
    ['question', 'session', /an object/, '"session"'],
    ['steps', {}, /`steps`/, 'undefined'],
    ['steps', { steps: 'ao.pr.merged' }, /list of steps/, '"ao.pr.merged"'],
    ['steps', { steps: [SPAWNED] }, /at least 2/, '1'],
    ['steps', { steps: Array(33).fill(MERGED) }, /at most 32/, '33'],
    ['steps', { steps: [SPAWNED, { ...MERGED, optional: true }] }, /at least 2 .*not optional/, '1'],
    ['steps.0.optional', { steps: [{ ...SPAWNED, optional: true }, MERGED, MERGED] }, /false/, 'true'],
    ['steps.1', { steps: [SPAWNED, 'ao.pr.merged'] }, /a step/, '"ao.pr.merged"'],
    ['steps.1.events', { steps: [SPAWNED, {}] }, /events/, 'undefined'],
    ['steps.2.events', third({ events: [] }), /at least one name/, '0'],
    ['steps.2.events.0', third({ events: ['ao.pr.merge'] }), /name of an event/, '"ao.pr.merge"'],
    ['steps.2.events.1', third({ events: ['ao.pr.merged', 7] }), /name of an event/, '7'],
    ['steps.2.where.color', third({ where: { color: 'red' } }), /one of .*harness/, '"color"'],
    ['steps.2.where.harness', third({ where: { harness: 7 } }), /a word/, '7'],
    ['steps.2.where.harness', third({ where: { harness: [] } }), /at least one word/, '0'],
    ['steps.2.optional', third({ optional: 'yes' }), /true or false/, '"yes"'],
    ['steps.2.gap_ms', third({ gap_ms: '2d' }), /milliseconds/, '"2d"'],
    ['steps.2.gap_ms', third({ gap_ms: -1 }), /not below 0/, '-1'],
    ['steps.2.gap_ms', third({ gap_ms: 0.5 }), /whole/, '0.5'],
    ['steps.2.gap', third({ gap: 1 }), /a step: events/, '"gap"'],
    ['subject', asked({ subject: 'user' }), /install, project, session, pr/, '"user"'],
    ['steps.0.events', asked({ subject: 'pr' }), /an event of a pr/, 'ao.session.spawned, of session'],
    ['order', asked({ order: 'loose' }), /ordered, strict, any/, '"loose"'],
    ['window_ms', asked({ window_ms: '7d' }), /milliseconds/, '"7d"'],
    ['window_ms', asked({ window_ms: -1 }), /not below 0/, '-1'],
    ['exclude', asked({ exclude: 'ao.session.killed' }), /list of exclusions/, '"ao.session.killed"'],
    ['exclude.0.events', asked({ exclude: [{}] }), /events/, 'undefined'],
    ['exclude.0.after', excluding({ after: 0 }), /from 1 on/, '0'],
    ['exclude.0', excluding({ after: 2, before: 1 }), /in order, from 1 to 2/, 'after 2, before 1'],
    ['exclude.0', excluding({ after: 1, before: 3 }), /in order, from 1 to 2/, 'after 1, before 3'],
    ['exclude', { ...excluding({}), order: 'any' }, /none where the order is any/, '1 of them'],
    ['steps.2.gap_ms', { ...third({ gap_ms: 9 }), order: 'any' }, /none where the order is any/, '9'],
    ['entry', asked({ entry: 'last' }), /first, every/, '"last"'],
    ['since', asked({ since: '30d' }), /milliseconds UTC/, '"30d"'],
    ['until', asked({ until: true }), /milliseconds UTC/, 'true'],
    ['until', asked({ since: 2, until: 1 }), /after `since`/, '1'],
    ['by', asked({ by: 'color' }), /one of .*harness/, '"color"'],
    ['attribute', asked({ attribute: 'second' }), /first, last, or/, '"second"'],
    ['attribute', asked({ attribute: 3 }), /from 1 to 2/, '3'],
    ['top', asked({ top: 0 }), /at least 1/, '0'],
    ['top', asked({ top: 1.5 }), /whole/, '1.5'],
    ['interval', asked({ interval: 'hour' }), /day, week, month/, '"hour"'],
    ['name', asked({ name: 7 }), /a name/, '7'],
    ['window', asked({ window: 7 }), /a question/, '"window"'],
  ])('%s in %j', (part, json, expected, found) => {
    const { code, message, expected: told, found: was } = problem(json);
    expect([code, message, was]).toEqual(['question_invalid', `The funnel question is wrong at ${part}.`, found]);
    expect(told).toMatch(expected);
  });
});

test.each([
  { steps: TWO },
  {
    steps: [{ ...SPAWNED, where: { harness: ['codex', 'aider'] } }, { ...MERGED, optional: true }, MERGED],
    entry: 'every',
  },
  { steps: TWO, exclude: [{ events: ['ao.session.killed'] }], attribute: 2, by: 'harness', interval: 'month' },
  ...Object.values(SHIPPED).map((shipped) => described({ ...shipped, now: NOW })),
])('what a question says of itself is that question: %j', (json) => {
  const said = described(read(json));
  expect(read(said)).toEqual(read(json));
  expect(described(read(said))).toEqual(said);
});
