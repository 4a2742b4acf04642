import { expect, test } from '@jest/globals';
import { events, lines, URL } from './asked.ts';
import type { OracleEvent } from './oracle.ts';
import { parseTime, toMilliseconds } from './time.ts';
import { at, ms } from './tiny.ts';

test('the ten forms of a time', () => {
  const known: [string, string][] = [
    ['2026-06-18 12:34:56.789012345 +0000 UTC', '2026-06-18T12:34:56.789Z'],
    ['2026-06-18 12:34:56 +0000 UTC', '2026-06-18T12:34:56.000Z'],
    ['2026-06-18 12:34:56', '2026-06-18T12:34:56.000Z'],
    ['2026-06-18 18:04:56.789012345 +0530 IST m=+12.345678901', '2026-06-18T12:34:56.789Z'],
    ['2026-06-18 12:34:56.789 +0000 UTC m=+0.004512875', '2026-06-18T12:34:56.789Z'],
    ['2026-06-18 09:34:56.789 -0300 -03 m=+3.100000000', '2026-06-18T12:34:56.789Z'],
    ['2026-06-18 18:04:56.789012345 +0530 IST', '2026-06-18T12:34:56.789Z'],
    ['2026-05-01 10:00:00 +0530 +0530', '2026-05-01T04:30:00.000Z'],
    ['0001-01-01 00:00:00 +0000 UTC', '0001-01-01T00:00:00.000Z'],
    ['2026-07-25T00:00:00Z', '2026-07-25T00:00:00.000Z'],
  ];
  for (const [text, expected] of known) {
    expect(new Date(toMilliseconds(parseTime(text)!)).toISOString()).toBe(expected);
  }
  expect(parseTime('2026-06-18 12:34:56.5 +0000 UTC')! - parseTime('2026-06-18 12:34:56.499999999 +0000 UTC')!).toBe(
    1n,
  );
  expect(toMilliseconds(parseTime('0001-01-01 00:00:00.0001 +0000 UTC')!)).toBe(-62135596800000);
  expect(toMilliseconds(parseTime('1969-12-31 23:59:59.9999 +0000 UTC')!)).toBe(-1);
  for (const text of ['', 'yesterday', '2026-02-30 12:00:00', '2026-06-18 24:00:00', '2026-06-18', null, 5]) {
    expect(parseTime(text)).toBeNull();
  }
});

test('the minimal sequence of the host', () => {
  const found = events((host) =>
    host
      .started(at('0'))
      .telemetry('ao.projects.created', at('1'), { kind: 'single_repo', has_git_remote: true }, 'web')
      .created('web-1', at('10.789012345'))
      .updated('web-1', 'active', false, at('11'))
      .updated('web-1', 'idle', false, at('12'))
      .updated('web-1', 'waiting_input', false, at('13.0005'))
      .updated('web-1', 'active', false, at('15.2504'))
      .found(URL, 'web-1', at('20'))
      .pull(URL, 'web-1', at('20'), { ci: 'pending' })
      .check(URL, 'web-1', 'abc', at('20'))
      .pull(URL, 'web-1', at('50'), { ci: 'passing', mergeability: 'mergeable' })
      .check(URL, 'web-1', 'abc', '2026-06-18 12:00:50')
      .pull(URL, 'web-1', at('80'), { ci: 'passing', state: 'merged' })
      .ended('web-1', at('80.1'))
      .skip()
      .created('web-3', at('100')),
  );
  const of = (position: number, name: string, seconds: number, rest: Partial<OracleEvent> = {}): OracleEvent => ({
    name,
    at: ms(seconds),
    stream: 'change_log',
    position,
    subject: 'web-1#1',
    session: 'web-1#1',
    dimensions: {},
    measures: {},
    ...rest,
  });
  const install = { subject: 'install', session: null };
  const pull = { subject: URL };
  expect(found).toEqual([
    of(1, 'ao.onboarding.first_session_spawned', 10.789, install),
    of(1, 'ao.session.spawned', 10.789),
    of(2, 'ao.onboarding.first_agent_output', 11, install),
    of(2, 'ao.session.first_signal', 11),
    of(4, 'ao.session.waiting_input_entered', 13),
    of(5, 'ao.session.waiting_input_exited', 15.25, { measures: { dwell_ms: 2250 } }),
    of(6, 'ao.onboarding.first_pr_observed', 20, install),
    of(6, 'ao.pr.observed', 20, { ...pull, dimensions: { how: 'found' } }),
    of(9, 'ao.pr.ci_passed', 50, pull),
    of(11, 'ao.onboarding.first_merge', 80, install),
    of(11, 'ao.pr.merged', 80, pull),
    of(12, 'ao.session.killed', 80.1, { dimensions: { end_cause: 'merged' } }),
    of(14, 'ao.session.spawned', 100, { subject: 'web-3#14', session: 'web-3#14' }),
    of(1, 'ao.daemon.started', 0, { ...install, stream: 'telemetry' }),
    of(2, 'ao.onboarding.first_project_added', 1, { ...install, stream: 'telemetry' }),
  ]);
});

test('rows that say nothing, and rows that cannot be decoded, change nothing', () => {
  const row = (type: string, payload: string, when = at('1')) => ({
    type,
    project: 'a',
    session: 'a-1',
    payload,
    at: when,
  });
  expect(
    lines((host) =>
      host
        .created('a-1', at('0'))
        .line(row('session_updated', '{"id":"a-1"}'))
        .updated('a-1', 'active', true, at('1'), { sessionId: 'a-1', conversationId: 'c' })
        .line(row('session_updated', '{"id":"a-1","activity":"exited"'))
        .line(row('session_updated', '{"id":"a-1","activity":"exited","isTerminated":1}'))
        .line(row('session_updated', '{"id":"a-1","activity":"asleep","isTerminated":true}'))
        .line(row('session_updated', '{"id":"a-1","activity":"exited","isTerminated":true}', 'soon'))
        .line(row('session_updated', '[]'))
        .line(row('pr_created', '{"url":"u","session":"a-1","state":"new","ci":"unknown","review":"none"}'))
        .updated('a-1', 'active', false, at('2')),
    ),
  ).toEqual(['1 session.spawned', '10 session.first_signal']);
});
