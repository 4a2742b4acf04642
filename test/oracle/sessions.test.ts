import { expect, test } from '@jest/globals';
import { events, lines } from './asked.ts';
import { at, type TinyHost } from './tiny.ts';

test('a first signal: a change that undoes no end, or below v24 a row that changes nothing', () => {
  const repeats = (host: TinyHost) => host.created('a-1', at('0')).idle('a-1', at('1')).idle('a-1', at('2'));
  expect(lines(repeats)).toEqual(['1 session.spawned', '2 session.first_signal']);
  expect(lines(repeats, 82)).toEqual(['1 session.spawned']);
  expect(
    lines((host) =>
      host
        .created('a-1', at('0'))
        .updated('a-1', 'idle', false, at('1'), { previewUrl: 'x', previewRevision: 1 })
        .updated('a-1', 'exited', true, at('2'), { previewUrl: 'x', previewRevision: 1 })
        .updated('a-1', 'idle', false, at('3'), { previewUrl: 'x', previewRevision: 1 })
        .updated('a-1', 'idle', false, at('4'), { previewUrl: 'x', previewRevision: 1 }),
    ),
  ).toEqual(['1 session.spawned', '3 session.killed', '4 session.restored', '5 session.first_signal']);
});

test('a new preview and an end after an exit are no signals', () => {
  expect(
    lines((host) =>
      host
        .created('a-1', at('0'))
        .updated('a-1', 'idle', false, at('1'), { previewUrl: 'x' })
        .updated('a-1', 'exited', false, at('2'), { previewUrl: 'x' })
        .updated('a-1', 'exited', true, at('3'), { previewUrl: 'x' }),
    ),
  ).toEqual(['1 session.spawned', '3 session.agent_exited', '4 session.killed']);
});

test('a host is as old as its last migration at the time of the row', () => {
  expect(
    lines((host) =>
      host
        .migrated(82, '2026-06-18 12:00:10')
        .created('a-1', at('0'))
        .created('a-2', at('1'))
        .idle('a-1', at('9.999'))
        .idle('a-2', at('10')),
    ),
  ).toEqual(['1 session.spawned', '2 session.spawned', '3 session.first_signal']);
});

test('before the first migration the first one speaks', () => {
  const early = '2026-06-18 10:00:00 +0000 UTC';
  expect(lines((host) => host.created('a-1', early).idle('a-1', early), 19)).toContain('2 session.first_signal');
  expect(lines((host) => host.created('a-1', early).idle('a-1', early), 24)).not.toContain('2 session.first_signal');
  expect(lines((host) => host.migrated(82, '2026-06-18 11:30:00').created('a-1', early).idle('a-1', early))).toContain(
    '2 session.first_signal',
  );
});

test('a wait lasts over both waiting states and ends with the session', () => {
  const found = events((host) =>
    host
      .created('a-1', at('0'))
      .updated('a-1', 'waiting_input', false, at('5'))
      .updated('a-1', 'blocked', false, at('6'))
      .ended('a-1', at('4')),
  );
  expect(
    found.filter((event) => event.name.includes('waiting')).map((event) => [event.position, event.measures]),
  ).toEqual([
    [2, {}],
    [4, { dwell_ms: 0 }],
  ]);
});

test('an agent that exits leaves the session open', () => {
  expect(
    lines(
      (host) =>
        host
          .created('a-1', at('0'))
          .updated('a-1', 'exited', false, at('1'))
          .updated('a-1', 'idle', false, at('2'))
          .updated('a-1', 'exited', false, at('3'))
          .ended('a-1', at('4'))
          .idle('a-1', at('5')),
      82,
    ),
  ).toEqual([
    '1 session.spawned',
    '2 session.agent_exited',
    '3 session.agent_resumed',
    '3 session.first_signal',
    '4 session.agent_exited',
    '5 session.killed',
    '6 session.restored',
  ]);
});

test('a second creation row takes the first incarnation back', () => {
  expect(
    lines((host) =>
      host
        .created('a-1', at('0'))
        .updated('a-1', 'active', false, at('1'))
        .created('a-1', at('2'))
        .updated('a-1', 'active', false, at('3')),
    ),
  ).toEqual(['3 session.spawned', '4 session.first_signal']);
});

test('a late failure has no events, whatever follows', () => {
  const late = (failedAt: string, duration: number, project = 'a') =>
    lines((host) =>
      host
        .created('a-1', at('10'))
        .ended('a-1', at('10.5'))
        .idle('a-1', at('30'))
        .telemetry('ao.session.spawn_failed', failedAt, { duration_ms: duration }, project),
    );
  const kept = ['1 session.spawned', '2 session.killed', '3 session.restored'];
  expect(late(at('10.5'), 500)).toEqual([]);
  expect(late(at('10.6'), 500)).toEqual([]);
  expect(late(at('10.600000001'), 500)).toEqual(kept);
  expect(late(at('11.5'), 1400)).toEqual([]);
  expect(late(at('11.500000001'), 9000)).toEqual(kept);
  expect(late(at('10.499999999'), 500)).toEqual(kept);
  expect(late(at('10.5'), 500, 'b')).toEqual(kept);
});

test('a restore is the daemon’s within 10 s after a start, or where it undoes a stop', () => {
  const restored = (write: (host: TinyHost) => TinyHost) =>
    events(write)
      .filter((event) => event.name === 'ao.session.restored')
      .map((event) => event.dimensions.how);
  const ended = (host: TinyHost) => host.started(at('0')).created('a-1', at('1')).ended('a-1', at('2'));
  expect(restored((host) => ended(host).idle('a-1', at('10')))).toEqual(['daemon']);
  expect(restored((host) => ended(host).idle('a-1', at('10.1')))).toEqual(['other']);
  expect(
    restored((host) =>
      ended(host)
        .created('a-2', at('3'))
        .idle('a-1', at('20'))
        .ended('a-1', at('30'))
        .ended('a-2', at('30'))
        .idle('a-1', at('40'))
        .idle('a-2', at('40')),
    ),
  ).toEqual(['other', 'daemon', 'daemon']);
});
