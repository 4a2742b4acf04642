import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { loadRecorded } from '../../fixtures/recorded.ts';
import { type OracleEvent, oracle } from './oracle.ts';

const folder = mkdtempSync(join(tmpdir(), 'oracle-recorded-'));
let v19: OracleEvent[] = [];
let v82: OracleEvent[] = [];

beforeAll(() => {
  v19 = recorded('v19');
  v82 = recorded('v82');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function recorded(name: 'v19' | 'v82'): OracleEvent[] {
  const path = join(folder, `${name}.db`);
  loadRecorded(name, path).close();
  return oracle(path);
}

function positions(events: OracleEvent[], name: string, dimensions: Record<string, string> = {}): number[] {
  return events
    .filter((event) => event.name === name)
    .filter((event) => Object.entries(dimensions).every(([key, value]) => event.dimensions[key] === value))
    .map((event) => event.position);
}

function killedBy(events: OracleEvent[], cause: string): number[] {
  return positions(events, 'ao.session.killed', { end_cause: cause });
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

test('v19: every end is told as far as it can honestly be known', () => {
  expect(killedBy(v19, 'daemon_stop')).toEqual([
    ...range(35, 37),
    43,
    ...range(76, 81),
    ...range(90, 95),
    ...range(109, 114),
  ]);
  expect(killedBy(v19, 'agent_exit')).toEqual([22, 42]);
  expect(killedBy(v19, 'found_dead_at_start')).toEqual([49]);
  expect(killedBy(v19, 'merged')).toEqual([]);
  const byUser = [18, 34, 41, 55, 58, 60, 62, 63, 103, 108];
  const byReaper = [27, 28];
  const notYetFollowed = range(122, 127);
  const unknown = [...byUser, ...byReaper, ...notYetFollowed].sort((one, other) => one - other);
  expect(killedBy(v19, 'unknown')).toEqual(unknown);
});

test('v19: late failures were never spawned', () => {
  const spawned = v19.filter((event) => event.name === 'ao.session.spawned').map((event) => event.subject);
  expect(spawned).toEqual([
    'gamma-1#1',
    'gamma-3#7',
    'gamma-6#25',
    'gamma-7#29',
    'gamma-8#30',
    'gamma-9#31',
    'gamma-10#56',
    'gamma-11#59',
    'gamma-12#65',
    'gamma-13#67',
    'gammaws-1#68',
    'gamma-14#69',
    'gamma-15#104',
  ]);
  const failed = v19.filter((event) => /^gamma-[245]#/.test(event.session ?? ''));
  expect(failed).toEqual([]);
});

test('v19: restores of a start, also of one that is not recorded, and by hand', () => {
  expect(positions(v19, 'ao.session.restored', { how: 'other' })).toEqual([19, 23]);
  expect(positions(v19, 'ao.session.restored', { how: 'daemon' })).toEqual([
    ...range(38, 40),
    ...range(44, 46),
    50,
    ...range(71, 73),
    ...range(82, 85),
    ...range(87, 88),
    ...range(96, 99),
    ...range(101, 102),
    ...range(115, 120),
  ]);
});

test('v19: first signals, repeated idle included, url and preview noise not', () => {
  expect(positions(v19, 'ao.session.first_signal')).toEqual([12, 17, 26, 32, 33, 57, 74, 75, 105]);
});

test('v19: waits end with whatever ends them', () => {
  const waits = v19.filter((event) => event.name.startsWith('ao.session.waiting'));
  expect(waits.map((event) => [event.position, event.measures.dwell_ms])).toEqual([
    [14, undefined],
    [15, 1957],
    [17, undefined],
    [18, 514],
    [21, undefined],
    [22, 502],
    [26, undefined],
    [33, undefined],
    [35, 336547],
    [37, 1673],
    [48, undefined],
    [49, 20749],
    [57, undefined],
    [58, 16],
    [74, undefined],
    [81, 688],
  ]);
});

test('v82: found dead at two starts, everything else unknown', () => {
  expect(killedBy(v82, 'found_dead_at_start')).toEqual([36, 285, 287]);
  expect(killedBy(v82, 'unknown')).toEqual([33, 75, 86, 308, 310, ...range(323, 332)]);
  expect(positions(v82, 'ao.session.killed')).toHaveLength(18);
});

test('v82: an exited agent leaves its session open', () => {
  expect(positions(v82, 'ao.session.agent_exited')).toEqual([67]);
  expect(positions(v82, 'ao.session.agent_resumed')).toEqual([302]);
  expect(positions(v82, 'ao.session.restored', { how: 'other' })).toEqual([34]);
  expect(positions(v82, 'ao.session.restored', { how: 'daemon' })).toEqual([37, 288, 290]);
  expect(positions(v82, 'ao.session.first_signal')).toEqual([6, 47, 51, 61, 92]);
  expect(positions(v82, 'ao.session.spawned')).toHaveLength(17);
});

test('each failed spawn is told once, and its server error is not', () => {
  expect(positions(v19, 'ao.spawn.failed')).toEqual([8, 11, 20, 23, 26, 29, 38, 44, 198]);
  expect(positions(v19, 'ao.adapter.unavailable')).toEqual([11, 26]);
  expect(positions(v19, 'ao.daemon.error_envelope')).toEqual([103]);
  expect(positions(v82, 'ao.spawn.failed')).toEqual([12, 13, 24]);
});

test('ends that nobody wanted are those that a start found', () => {
  const unexpected = 'ao.lifecycle.session_terminated_unexpected';
  expect(positions(v19, unexpected)).toEqual([49]);
  expect(positions(v82, unexpected)).toEqual([36, 285, 287]);
});

test('mistakes and messages', () => {
  expect(positions(v19, 'ao.cli.exit_2', { command: 'ao spawn' })).toEqual([148, 149, 152]);
  expect(positions(v19, 'ao.cli.repeated_failure')).toEqual([152]);
  expect(positions(v82, 'ao.cli.repeated_failure')).toEqual([37]);
  expect(positions(v19, 'ao.send')).toEqual([175]);
});

test('the milestones of both installs', () => {
  const milestones = (events: OracleEvent[]) =>
    events
      .filter((event) => /^ao\.(onboarding|daemon\.started)/.test(event.name))
      .map((event) => [event.stream, event.position, event.name, new Date(event.at).toISOString()]);
  expect(milestones(v19)).toEqual([
    ['change_log', 1, 'ao.onboarding.first_session_spawned', '2026-11-22T21:25:20.122Z'],
    ['change_log', 12, 'ao.onboarding.first_agent_output', '2026-11-22T21:26:31.628Z'],
    ['observed', 0, 'ao.onboarding.first_project_added', '2026-11-22T21:25:17.956Z'],
    ['telemetry', 1, 'ao.daemon.started', '2026-11-22T21:25:05.736Z'],
  ]);
  expect(milestones(v82)).toEqual([
    ['change_log', 1, 'ao.onboarding.first_session_spawned', '2026-11-22T21:22:34.782Z'],
    ['change_log', 6, 'ao.onboarding.first_agent_output', '2026-11-22T21:23:59.982Z'],
    ['observed', 0, 'ao.onboarding.first_project_added', '2026-11-22T21:22:19.109Z'],
    ['telemetry', 1, 'ao.daemon.started', '2026-11-22T21:22:09.038Z'],
  ]);
});
