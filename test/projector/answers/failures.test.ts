import { describe, expect, test } from '@jest/globals';
import { failureGroup, failures } from '../../../projector/answers/failures.ts';
import type { Filter } from '../../../projector/answers/filter.ts';
import { at, ms, type TinyHost } from '../../oracle/tiny.ts';
import { asked, everything } from './asked.ts';

const DAY = 86_400;

const failed = (host: TinyHost, seconds: number, code: string, project = 'web') =>
  host.telemetry(
    'ao.session.spawn_failed',
    at(String(seconds)),
    {
      component: 'session_service',
      operation: 'spawn_session',
      kind: 'worker',
      harness: 'codex',
      duration_ms: 5,
      error_kind: 'invalid',
      error_code: code,
    },
    project,
  );

const filter = (day: number, more: Partial<Filter> = {}): Filter => everything(day * DAY, more);

const groups = (write: (host: TinyHost) => TinyHost, day: number, more: Partial<Filter> = {}) =>
  asked(write, (source) => failures(source, filter(day, more)).groups);

const onDays = (...days: number[]) => {
  return (host: TinyHost) => days.reduce((written, day) => failed(written, day * DAY, 'INVALID_BRANCH'), host);
};

describe('failures of one reason are one group', () => {
  const twoReasons = (host: TinyHost) =>
    failed(failed(failed(host, 0, 'INVALID_BRANCH'), 60, 'AGENT_REQUIRED'), 2 * DAY, 'INVALID_BRANCH', 'api');

  test('with its count, its days, its projects, first and last; the latest first', () => {
    expect(groups(twoReasons, 3)).toMatchObject([
      {
        name: 'ao.spawn.failed',
        dimensions: { error_kind: 'invalid', error_code: 'INVALID_BRANCH' },
        state: 'new',
        count: 2,
        first_seen: ms(0),
        last_seen: ms(2 * DAY),
        sessions: 0,
        projects: 2,
        per_day: [
          ['2026-06-18', 1],
          ['2026-06-20', 1],
        ],
      },
      { dimensions: { error_code: 'AGENT_REQUIRED' }, count: 1, projects: 1 },
    ]);
  });

  test('bounded by time, and by a project that is named raw or hashed', () => {
    expect(groups(twoReasons, 3, { since: ms(60), until: ms(DAY) })).toMatchObject([{ count: 1 }]);
    expect(groups(twoReasons, 3, { project: 'api' })).toMatchObject([{ count: 1, first_seen: ms(2 * DAY) }]);
    expect(groups(twoReasons, 3, { project: 'nowhere' })).toEqual([]);
  });

  test('which its fingerprint names, or as much of it as no other has', () => {
    asked(twoReasons, (source) => {
      const all = failures(source, filter(3)).groups;
      const shown = failureGroup(source, filter(3), all[0]!.fingerprint.slice(0, 8));
      expect(shown?.group).toEqual(all[0]);
      expect(shown?.events.map((event) => event.at)).toEqual([ms(0), ms(2 * DAY)]);
      expect(shown?.events.map(({ raw }) => raw?.subject)).toEqual(['web', 'api']);
      expect(failureGroup(source, filter(3), '')).toBeNull();
      expect(failureGroup(source, filter(3), 'no such')).toBeNull();
    });
  });
});

describe('a group is', () => {
  const stateOf = (days: number[], now: number) => groups(onDays(...days), now)[0]!.state;

  test.each([
    ['new for 7 days after it was first seen', [0, 3], 7, 'new'],
    ['ongoing after that', [0, 3, 7], 7.1, 'ongoing'],
    ['quiet when it was not seen for more than 7 days', [0], 7.1, 'quiet'],
    ['regressed when it is seen again after more than 7 quiet days', [0, 7.1], 8, 'regressed'],
    ['not regressed after 7 quiet days', [0, 7], 8, 'ongoing'],
    ['ongoing once it has been back for more than 7 days', [0, 8, 12, 16], 16, 'ongoing'],
  ] as const)('%s', (_, days, now, state) => {
    expect(stateOf([...days], now)).toBe(state);
  });
});

test('bounds leave failures out of the counts, and nothing out of what a group is', () => {
  const again = (host: TinyHost) => failed(failed(host, 0, 'AGENT_REQUIRED'), 30 * DAY, 'AGENT_REQUIRED');
  const [group] = groups(again, 31, { since: ms(20 * DAY) });
  expect(group).toMatchObject({ count: 1, state: 'regressed', first_seen: ms(0), last_seen: ms(30 * DAY) });
  expect(groups(again, 31, { since: ms(10 * DAY), until: ms(20 * DAY) })).toEqual([]);
});
