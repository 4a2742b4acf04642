import { describe, expect, test } from '@jest/globals';
import type { Filters, QuestionJson, Tables } from '../../../projector/library/index.ts';
import * as library from '../../../projector/library/index.ts';
import { Known, NOW } from '../../known/known.ts';

const known = new Known();
const now = Date.parse(NOW);
const OPENED = '2026-06-02T09:00:00Z';

/** Asks over tables of their own, with raw ids as on the command line of {@link Known}; what is asked is read as JSON. */
function asked(ask: (tables: Tables) => unknown): unknown {
  const tables = library.open({ dataDir: known.folder, rawIds: true });
  try {
    return JSON.parse(JSON.stringify(ask(tables)));
  } finally {
    tables.close();
  }
}

const PULL = 'https://github.com/ann/web/pull/3';
const QUESTION: QuestionJson = {
  steps: [{ events: ['ao.pr.observed'], where: { how: 'found' } }, { events: ['ao.pr.merged'] }],
  window_ms: 3 * 86_400_000,
  by: 'project',
};

describe('every answer is that of the command line', () => {
  test.each<[words: string, ask: (tables: Tables, filters: Filters) => unknown]>([
    ['failures', library.failures],
    [
      'failures --by harness --since 7d --until 2026-06-13',
      (tables, filters) => {
        return library.failures(tables, { ...filters, by: 'harness', since: '7d', until: new Date('2026-06-13') });
      },
    ],
    ['failures show d263', (tables, filters) => library.failureGroup(tables, 'd263', filters)],
    ['crashes', library.crashes],
    ['stuck --project web', (tables, filters) => library.stuck(tables, { ...filters, project: 'web' })],
    ['usage --by actor', (tables, filters) => library.usage(tables, { ...filters, by: 'actor' })],
    ['activity --by project', (tables, filters) => library.activity(tables, { ...filters, by: 'project' })],
    ['session web-2', (tables, filters) => library.session(tables, 'web-2', filters)],
    [`pr ${PULL}`, (tables, filters) => library.pr(tables, PULL, filters)],
    ['explain web-8', (tables, filters) => library.explain(tables, 'web-8', filters)],
    ['explain funnel session 3', (tables, filters) => library.explain(tables, { funnel: 'session', step: 3 }, filters)],
    [
      'explain funnel session ao.pr.merged',
      (tables, filters) => {
        return library.explain(tables, { funnel: 'session', step: 'ao.pr.merged' }, filters);
      },
    ],
    ['why funnel session 1', (tables, filters) => library.why(tables, 'session', 1, filters)],
    [
      'why funnel pr.observed --steps ao.pr.observed{how=found}>ao.pr.merged --within 3d --by harness --project web',
      (tables, filters) => {
        return library.why(tables, QUESTION, 'pr.observed', { ...filters, by: 'harness', project: 'web' });
      },
    ],
    ['funnel onboarding', (tables, filters) => library.funnel(tables, 'onboarding', filters)],
    ['funnel session', (tables, filters) => library.funnel(tables, 'session', filters)],
    [
      'funnel session --by harness --since 2026-06-05 --project web',
      (tables, filters) => {
        return library.funnel(tables, 'session', { ...filters, by: 'harness', since: '2026-06-05', project: 'web' });
      },
    ],
    [
      'funnel --steps ao.pr.observed{how=found}>ao.pr.merged --within 3d --by project',
      (tables, filters) => {
        return library.funnel(tables, QUESTION, filters);
      },
    ],
    [
      'funnel --steps ao.pr.observed{how=found}>ao.pr.merged --within 3d --by harness --until 2026-06-10',
      (tables, filters) => {
        return library.funnel(tables, QUESTION, { ...filters, by: 'harness', until: Date.parse('2026-06-10') });
      },
    ],
  ])('%s', (words, ask) => {
    const answer = asked((tables) => ask(tables, { now: NOW }));
    expect(answer).toEqual(known.ask(...words.split(' '), '--now', NOW));
    expect(answer).toMatchObject({ now });
  });

  test('status, which needs no tables, and says what the environment of this process switches on', () => {
    expect(library.status({ dataDir: known.folder, now })).toEqual({
      ...known.ask('status', '--now', NOW),
      tiers: { metrics: expect.any(Boolean), events: expect.any(Boolean), remote: 'off' },
      poorer_without: expect.any(Array),
    });
  });

  test('events, oldest first, and the newest of them', () => {
    const list = (filters: library.EventFilters) => asked((tables) => [...library.events(tables, filters)]);
    expect(list({})).toEqual(known.events());
    const names = ['ao.session.spawned', 'ao.pr.merged'];
    const since = '2026-06-05';
    expect(list({ names, since, project: 'web' })).toEqual(
      known.events('--name', ...names, '--since', since, '--project', 'web'),
    );
    expect(list({ limit: 3 })).toEqual(known.events('--limit', '3'));
  });
});

test('events are read as the loop goes, and other questions may be asked in it', () => {
  const told = asked((tables) => {
    for (const { id, name } of library.events(tables, { names: ['ao.session.killed'] })) {
      return [name, library.explain(tables, id).kind];
    }
    return [];
  });
  expect(told).toEqual(['ao.session.killed', 'event']);
});

test('a group of which there is none, or of which there are several, is null', () => {
  expect(asked((tables) => [library.failureGroup(tables, 'no such'), library.failureGroup(tables, '')])).toEqual([
    null,
    null,
  ]);
});

describe('what is wrong is said with the part that it stands in', () => {
  // biome-ignore lint/suspicious/noExplicitAny: programs without types hand over anything
  const wrong: any = {
    by: { by: 'colour' },
    since: { since: 'yesterday' },
    now: { now: Number.NaN },
    between: { now: 1.5 },
    nested: { funnel: 7, step: 1 },
    part: { sinse: '30d' },
    project: { project: 7 },
    name: { names: ['ao.pr.mergd'] },
    limit: { limit: 0 },
    number: 7,
    step: { steps: [{ events: ['ao.pr.mergd'] }, { events: ['ao.pr.merged'] }] },
    bounds: { since: '2026-06-10', until: '2026-06-09' },
  };

  test.each<[what: string, code: string, found: string, ask: (tables: Tables) => unknown]>([
    ['a dimension', 'argument_invalid', '"colour"', (tables) => library.usage(tables, wrong.by)],
    ['a bound', 'time_invalid', '"yesterday"', (tables) => library.crashes(tables, wrong.since)],
    ['a moment', 'argument_invalid', 'NaN', (tables) => library.stuck(tables, wrong.now)],
    ['half a millisecond', 'argument_invalid', '1.5', (tables) => library.stuck(tables, wrong.between)],
    ['a filter', 'argument_invalid', '"sinse"', (tables) => library.failures(tables, wrong.part)],
    ['a project', 'argument_invalid', '7', (tables) => library.activity(tables, wrong.project)],
    ['the name of an event', 'argument_invalid', '"ao.pr.mergd"', (tables) => library.events(tables, wrong.name)],
    ['a limit', 'argument_invalid', '0', (tables) => library.events(tables, wrong.limit)],
    ['a session id', 'argument_invalid', '7', (tables) => library.session(tables, wrong.number)],
    ['a session', 'subject_unknown', 'none', (tables) => library.session(tables, 'web-99')],
    ['a PR', 'argument_invalid', '7', (tables) => library.pr(tables, wrong.number)],
    ['what to explain', 'argument_invalid', '7', (tables) => library.explain(tables, wrong.number)],
    ['a step to explain', 'argument_invalid', 'Object', (tables) => library.explain(tables, wrong.nested)],
    ['a step to ask why', 'argument_invalid', 'Object', (tables) => library.why(tables, 'session', wrong.by)],
    ['the last step', 'step_is_last', 'step 6', (tables) => library.why(tables, 'session', 6)],
    ['a funnel', 'question_invalid', 'sessions', (tables) => library.funnel(tables, 'sessions' as 'session')],
    ['a step', 'question_invalid', '"ao.pr.mergd"', (tables) => library.funnel(tables, wrong.step)],
    ['a question', 'question_invalid', '7', (tables) => library.funnel(tables, wrong.number)],
    [
      'bounds of a funnel',
      'question_invalid',
      expect.any(String) as never,
      (tables) => {
        return library.funnel(tables, 'session', wrong.bounds);
      },
    ],
    [
      'bounds of milestones',
      'argument_invalid',
      '"since"',
      (tables) => {
        return library.funnel(tables, 'onboarding', { since: OPENED } as never);
      },
    ],
  ])('%s', (_, code, found, ask) => {
    const ourWords = expect.not.stringMatching(/^Invalid/);
    const error = expect.objectContaining({ name: 'ProjectorError', code, found, expected: ourWords });
    expect(() => asked(ask)).toThrow(error as never);
  });
});
