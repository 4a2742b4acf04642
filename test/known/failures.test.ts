import { describe, expect, test } from '@jest/globals';
import type { FailureGroup } from '../../projector/answers/failures.ts';
import { AFTER, june, Known, LATER, NOW, seconds, words } from './known.ts';

const known = new Known();

const ask = (...more: string[]): { groups: FailureGroup[] } => known.ask('failures', '--now', NOW, ...more);
const label = ({ name, dimensions }: FailureGroup) =>
  [name.slice('ao.'.length), ...Object.values(dimensions)].join(' ');

/** The groups of the working, the one seen last first. */
const GROUPS: readonly (readonly [
  label: string,
  state: string,
  count: number,
  first: string,
  last: string,
  sessions: number,
  projects: number,
  days: string,
])[] = [
  [
    'lifecycle.session_terminated_unexpected found_dead_at_start',
    'regressed',
    5,
    '05 09:00:00.050',
    '14 12:05:00.100',
    5,
    2,
    '05:4 14:1',
  ],
  ['daemon.shutdown_unclean', 'regressed', 2, '05 09:00:00', '14 12:05:00', 0, 0, '05:1 14:1'],
  ['session.no_signal', 'regressed', 2, '01 09:45:01', '14 10:10:01', 2, 1, '01:1 14:1'],
  ['session.stuck_waiting', 'regressed', 2, '02 09:10:00', '12 15:30:00', 2, 2, '02:1 12:1'],
  ['cli.exit_2 usage ao pr merge', 'new', 1, '12 09:06:00', '12 09:06:00', 0, 0, '12:1'],
  ['cli.exit_2 usage ao send', 'regressed', 2, '02 12:15:00', '12 09:05:00', 0, 0, '02:1 12:1'],
  ['spawn.failed internal', 'regressed', 2, '02 13:00:07.050', '11 10:00:02', 0, 2, '02:1 11:1'],
  [
    'adapter.unavailable AGENT_BINARY_NOT_FOUND',
    'ongoing',
    3,
    '01 09:50:00.100',
    '11 09:00:00.100',
    0,
    1,
    '01:1 05:1 11:1',
  ],
  [
    'spawn.failed invalid AGENT_BINARY_NOT_FOUND',
    'ongoing',
    3,
    '01 09:50:00.100',
    '11 09:00:00.100',
    0,
    1,
    '01:1 05:1 11:1',
  ],
  ['daemon.panic httpd http_request_panic', 'regressed', 2, '02 14:00:00', '09 15:00:00', 0, 0, '02:1 09:1'],
  ['daemon.error_envelope internal httpd http_request', 'ongoing', 2, '02 14:30:00', '09 13:00:00', 0, 0, '02:1 09:1'],
  ['cli.exit_2 usage ao spawn', 'quiet', 4, '02 12:00:00', '02 12:09:00', 0, 0, '02:4'],
  ['cli.repeated_failure ao spawn', 'quiet', 1, '02 12:08:00', '02 12:08:00', 0, 0, '02:1'],
  ['ci.repeated_failure', 'quiet', 1, '02 10:55:00', '02 10:55:00', 1, 1, '02:1'],
  ['spawn.failed invalid BRANCH_NOT_FETCHED', 'quiet', 1, '01 10:00:03', '01 10:00:03', 0, 1, '01:1'],
];

describe('failures', () => {
  test('are the groups of the working, each with its state, times, days, sessions and projects', () => {
    const found = ask().groups;
    expect(new Map(found.map((group) => [label(group), facts(group)]))).toEqual(
      new Map(
        GROUPS.map(([name, state, count, first, last, sessions, projects, days]) => [
          name,
          {
            state,
            count,
            first_seen: june(first),
            last_seen: june(last),
            sessions,
            projects,
            per_day: words(days).map((day) => [`2026-06-${day.slice(0, 2)}`, Number(day.slice(3))]),
          },
        ]),
      ),
    );
  });

  test('stand with the one that was seen last first', () => {
    const seen = ask().groups.map(({ last_seen }) => last_seen);
    expect(seen).toEqual([...seen].sort((a, b) => b - a));
    expect(label(ask().groups[0]!)).toBe(GROUPS[0]![0]);
  });

  test('of one project are those of its sessions and spawns', () => {
    const found = ask('--project', 'api').groups.map((group) => [label(group), group.count]);
    expect(found).toEqual([
      ['lifecycle.session_terminated_unexpected found_dead_at_start', 2],
      ['spawn.failed internal', 1],
      ['session.stuck_waiting', 1],
    ]);
  });

  test('since a day leave out what was before', () => {
    const found = ask('--since', '2026-06-12T09:06:00Z').groups;
    expect(found.map((group) => [label(group), group.count])).toEqual([
      ['lifecycle.session_terminated_unexpected found_dead_at_start', 1],
      ['daemon.shutdown_unclean', 1],
      ['session.no_signal', 1],
      ['session.stuck_waiting', 1],
      ['cli.exit_2 usage ao pr merge', 1],
    ]);
  });

  test('of one group are shown with the rows that made them', () => {
    const { fingerprint } = ask().groups[0]!;
    const shown = known.ask('failures', 'show', fingerprint.slice(0, 8), '--now', NOW);
    expect(shown.group).toEqual(ask().groups[0]);
    // biome-ignore lint/suspicious/noExplicitAny: the shape of an answer is what the tests are about
    expect(shown.events.map((event: any) => `${known.rowOf(event)} ${event.raw.session}`)).toEqual([
      'c80 api-1',
      'c81 web-2',
      'c82 web-3',
      'c83 web-4',
      'c159 api-3',
    ]);
  });
});

describe('stuck', () => {
  const stuck = (now: string, ...more: string[]) => known.ask('stuck', '--now', now, ...more);

  test('infra-2 waits, since three on Friday', () => {
    expect(stuck(NOW).open_waits).toEqual([
      expect.objectContaining({ raw: 'infra-2', since: june('12 15:00:00'), dwell_ms: seconds(205_199) }),
    ]);
  });

  test('waits took their time by harness', () => {
    expect(stuck(NOW).dwell).toMatchObject([
      { by: 'claude-code', count: 4, median_ms: 660_750, p90_ms: 2_460_450 },
      { by: 'aider', count: 1, median_ms: 45_000, p90_ms: 45_000 },
    ]);
  });

  test.each([
    ['now nobody', NOW, []],
    [
      'later those of the first week',
      LATER,
      [
        ['ao.pr.observed', 1],
        ['ao.pr.ci_passed', 2],
      ],
    ],
    [
      'after all of it everybody who did not merge',
      AFTER,
      [
        ['ao.session.spawned', 1],
        ['ao.session.first_signal', 1],
        ['ao.pr.observed', 2],
        ['ao.pr.ci_passed', 2],
        ['ao.pr.approved', 1],
      ],
    ],
  ])('%s has stopped', (_, now, stopped) => {
    expect(stuck(now).stopped).toEqual(stopped.map(([last_step, count]) => ({ last_step, count })));
  });
});

function facts({ fingerprint: _, name: __, dimensions: ___, breakdown: ____, ...rest }: FailureGroup) {
  return rest;
}
