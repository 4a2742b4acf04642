import { describe, expect, test } from '@jest/globals';
import { OBSERVED } from '../../projections/facts.ts';
import { EVENTS, eventParts } from '../../projections/vocabulary.ts';
import { given, type Row } from '../support/spec.ts';
import {
  chatted,
  check,
  claimed,
  created,
  ended,
  fact,
  found,
  idle,
  instant,
  migrated,
  project,
  projectCreated,
  projectSeen,
  pull,
  resolved,
  session,
  started,
  thread,
} from './rows.ts';

const PR = 'https://github.com/o/r/pull/7';
const OTHER = 'https://github.com/o/r/pull/8';
const start = [created(1, 'web-1'), found(2, PR, 'web-1')];
const requested = pull(3, PR, 'web-1', { review: 'changes_requested' });

/** The line of one milestone; none where it was not reached. */
function reached(name: string, ...rows: Row[]): string | undefined {
  const lines = given(...rows).milestones();
  return lines.find((line) => line.endsWith(name))?.split(' ')[0];
}

describe('the daemon was first started', () => {
  const first = (...rows: Row[]) => reached('daemon.started', ...rows);

  test('at the first start that is recorded', () => {
    expect(first(started('12:00:01'), started('12:00:02'), created(1, 'web-1', '12:00:03'))).toBe('t1');
  });

  test('not where any fact is older: then that start was pruned, or never written', () => {
    expect(first(started('12:00:01'), created(1, 'web-1', '12:00:00.999'))).toBeUndefined();
    expect(first(started('12:00:01'), created(1, 'web-1', '12:00:01'))).toBe('t1');
    expect(
      first(started('12:00:01'), fact('ao.cli.invoked', '12:00:00', null, { command: 'ao status' })),
    ).toBeUndefined();
    expect(first(started('12:00:01'), projectSeen('web', '12:00:00'))).toBeUndefined();
    expect(first(started('12:00:01'), started('12:00:00'))).toBeUndefined();
  });

  test('whatever kind of row the older one is, known session or not', () => {
    const older = '12:00:00';
    const rows: Row[] = [
      session(1, 'web-9', 'active', older),
      chatted(1, 'web-9', older),
      ended(1, 'web-9', older),
      pull(1, PR, 'web-9', {}, older),
      claimed(1, PR, 'web-9', older),
      check(1, PR, 'c1', older),
      thread(1, PR, older),
      resolved(1, PR, true, older),
    ];
    for (const row of rows) expect(first(started('12:00:01'), row)).toBeUndefined();
    const known = [created(1, 'web-1', '12:00:02'), found(2, PR, 'web-1', {}, '12:00:03')];
    expect(first(started('12:00:01'), ...known, session(3, 'web-1', 'active', older))).toBeUndefined();
    expect(first(started('12:00:01'), known[0]!, session(3, 'web-1', 'active', older))).toBeUndefined();
    expect(first(started('12:00:01'), known[0]!, chatted(3, 'web-1', older))).toBeUndefined();
  });

  test('though a row has a time of before 2020 or after 2099', () => {
    for (const time of ['12:00:00 0001-01-01', '23:59:59 2019-12-31', '00:00:00 2100-01-01']) {
      const [clock, day] = time.split(' ');
      expect(first(started('12:00:01'), created(1, 'web-1', `${day} ${clock}`))).toBe('t1');
    }
    expect(first(started('12:00:01'), created(1, 'web-1', '2020-01-01 00:00:00'))).toBeUndefined();
  });

  test('though the database itself is older', () => {
    expect(first(migrated('12:00:00'), fact(OBSERVED.unknown, '12:00:00'), started('12:00:01'))).toBe('t3');
    expect(first(fact(OBSERVED.session, '12:00:00', 'web', { born: 1 }), started('12:00:01'))).toBe('t2');
  });

  test('not where nothing says so', () => {
    expect(first(created(1, 'web-1'))).toBeUndefined();
  });
});

describe('the first project was added', () => {
  const first = (...rows: Row[]) => reached('first_project_added', ...rows);

  test('when the earliest source says so', () => {
    expect(first(projectCreated('web', '12:00:02'), projectSeen('web', '12:00:01.999'))).toBe('t2');
    expect(first(projectSeen('web', '12:00:02'), projectCreated('web', '12:00:03'))).toBe('t1');
    expect(first(created(1, 'web-1', '12:00:01'), projectCreated('api', '12:00:02'))).toBe('t1');
    expect(first(projectCreated('web', '12:00:01'), projectSeen('web', '12:00:01'))).toBe('t1');
  });

  test('not by the daemon’s own row of that name, which is lossy, nor by the project that it seeds', () => {
    const own = fact('ao.onboarding.first_project_added', '12:00:01', 'web', {
      kind: 'single_repo',
      has_git_remote: false,
    });
    expect(first(own, projectSeen('scratch', '12:00:00', 'scratch'))).toBeUndefined();
  });

  test('else with the first project that has a session, the seeded one excepted', () => {
    expect(first(created(1, 'web-1'))).toBe('1');
    expect(first(created(1, 'scratch-1'), created(2, 'web-1'), created(3, 'api-1'))).toBe('2');
    expect(first(created(1, 'scratch-1'), ended(2, 'scratch-1'))).toBeUndefined();
    expect(first(created(1, 'web-1'), created(2, 'api-1'), ended(3, 'api-1'), ended(4, 'web-1'))).toBe('1');
  });

  test('in that project', () => {
    const events = given(created(1, 'web-1'), projectCreated('api', '12:00:09')).events();
    const milestone = events.find(({ id }) => eventParts(id).definition === EVENTS.firstProjectAdded);
    expect(milestone).toMatchObject({ subject: 0, session: null, project: project('api'), at: instant('12:00:09').at });
  });
});

describe('the first session was spawned', () => {
  test('by the first creation row, also of the seeded project', () => {
    expect(reached('first_session_spawned', created(1, 'scratch-1'), created(2, 'web-1'))).toBe('1');
  });

  test('not by the daemon’s own row of that name', () => {
    expect(
      reached('first_session_spawned', fact('ao.onboarding.first_session_spawned', '12:00:01', 'web')),
    ).toBeUndefined();
  });
});

describe('an agent first spoke', () => {
  test('with the first signal of any session', () => {
    const rows = [
      created(1, 'web-1'),
      created(2, 'web-2'),
      session(3, 'web-2', 'active'),
      session(4, 'web-1', 'active'),
    ];
    expect(reached('first_agent_output', ...rows)).toBe('3');
  });

  test('not by being killed and restored', () => {
    expect(reached('first_agent_output', created(1, 'web-1'), ended(2, 'web-1'), idle(3, 'web-1'))).toBeUndefined();
  });
});

describe('a PR was first observed', () => {
  const first = (...rows: Row[]) => reached('first_pr_observed', ...rows);

  test('when the first was found', () => {
    expect(first(...start, found(3, OTHER, 'web-1'))).toBe('2');
  });

  test('not when one is claimed', () => {
    const second = created(3, 'web-2');
    expect(first(...start, second, claimed(4, PR, 'web-2'))).toBe('2');
    expect(first(created(1, 'web-1'), pull(2, PR, 'web-1'), claimed(3, PR, 'web-1'))).toBeUndefined();
  });
});

describe('a PR was first reviewed', () => {
  const first = (...rows: Row[]) => reached('first_pr_reviewed', ...rows);

  test('with the first decision', () => {
    expect(first(...start, requested)).toBe('3');
    expect(
      first(
        ...start,
        pull(3, PR, 'web-1', { review: 'approved' }),
        pull(4, PR, 'web-1', { review: 'changes_requested' }),
      ),
    ).toBe('3');
  });

  test('or with the first thread, if that is earlier', () => {
    expect(first(...start, thread(3, PR), thread(4, PR), pull(5, PR, 'web-1', { review: 'approved' }))).toBe('3');
    expect(first(...start, requested, thread(4, PR))).toBe('3');
  });

  test('not by a review that is only requested, nor by a thread of a PR that no row has told of', () => {
    expect(
      first(...start, pull(3, PR, 'web-1', { review: 'review_required' }), thread(4, OTHER), resolved(5, PR)),
    ).toBeUndefined();
  });

  test('not by a decision that did not hold', () => {
    const T = '12:00:30';
    const mixture = [pull(3, PR, 'web-1', { review: 'approved' }, T), pull(4, PR, 'web-1', {}, T)];
    expect(first(...start, ...mixture)).toBeUndefined();
    expect(first(...start, ...mixture, thread(5, PR))).toBe('5');
  });
});

describe('a PR was first revised', () => {
  test('with the first revision of any', () => {
    expect(reached('first_pr_revised', ...start, requested, check(4, PR, 'c1'), check(5, PR, 'c2'))).toBe('4');
  });

  test('not by a commit that nobody had asked for', () => {
    expect(reached('first_pr_revised', ...start, check(3, PR, 'c1'))).toBeUndefined();
  });
});

describe('a PR was first merged', () => {
  test('when the first reached it', () => {
    const rows = [
      found(3, OTHER, 'web-1'),
      pull(4, OTHER, 'web-1', { state: 'merged' }),
      pull(5, PR, 'web-1', { state: 'merged' }),
    ];
    expect(reached('first_merge', ...start, ...rows)).toBe('4');
  });

  test('not when one was closed', () => {
    expect(reached('first_merge', ...start, pull(3, PR, 'web-1', { state: 'closed' }))).toBeUndefined();
  });
});

test('a milestone is the install’s, and knows the session and project that reached it', () => {
  const events = given(...start, pull(3, PR, 'web-1', { state: 'merged' }, '12:00:03.5')).events();
  const milestones = events.filter(({ subject }) => subject === 0);
  expect(milestones.at(-1)).toEqual({
    id: 3 * 128 + 8,
    subject: 0,
    session: 1,
    project: project('web'),
    at: instant('12:00:03.5').at,
    dimensions: null,
    measures: null,
  });
});
