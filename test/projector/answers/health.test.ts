import { describe, expect, test } from '@jest/globals';
import { FREE_FLOOR_BYTES, healthChecks, MOST_WAITING_ROWS, type Observed } from '../../../projector/answers/health.ts';
import type { StatusAnswer } from '../../../projector/answers/status.ts';

const MINUTE_MS = 60_000;
const NOW = Date.UTC(2026, 5, 18, 12);
const OBSERVED: Observed = { limitMs: 5 * MINUTE_MS, freeBytes: 2 * FREE_FLOOR_BYTES };

const STREAM = { position: 100, head: 100, lag_rows: 0, lag_ms: 0 };

/** All is read, nothing runs. */
const CAUGHT_UP: StatusAnswer = {
  now: NOW,
  as_of: { change_log: 100, telemetry: 10, at: NOW - MINUTE_MS, unexplained_gaps: 0, pruned_before: null },
  tiers: { metrics: true, events: false, remote: 'off' },
  host: {
    path: '/data/ao.db',
    schema_version: 82,
    probed: {},
    triggers: 'none',
    problem: null,
    problem_code: null,
    other_history: null,
  },
  waiting: { change_log: { rows: 0, since: null }, telemetry: { rows: 0, since: null } },
  streams: { change_log: STREAM, telemetry: STREAM },
  rejected: 3,
  unknown_types: 2,
  gaps: [{ stream: 'change_log', from: 7, to: 9, kind: 'unexplained' }],
  rolled_back_like_gaps: 0,
  last_commit_at: NOW - MINUTE_MS,
  derived_bytes: 1_000,
  lease: null,
  last_verification: null,
  projections: [],
  poorer_without: [],
};

const minutesAgo = (minutes: number) => NOW - minutes * MINUTE_MS;

/** Rows of `change_log` that wait, the first since so many minutes. */
const waiting = (rows: number, minutes: number): Partial<StatusAnswer> => ({
  waiting: { change_log: { rows, since: minutesAgo(minutes) }, telemetry: { rows: 0, since: null } },
});

const runs = (sinceMinutes: number, committedMinutes: number | null): Partial<StatusAnswer> => ({
  lease: { pid: 4_242, since: minutesAgo(sinceMinutes), heartbeat_at: minutesAgo(0) },
  last_commit_at: committedMinutes === null ? null : minutesAgo(committedMinutes),
});

const host = (differing: Partial<StatusAnswer['host']>): Partial<StatusAnswer> => ({
  host: { ...CAUGHT_UP.host, ...differing },
});

function checks(differing: Partial<StatusAnswer> = {}, observed: Partial<Observed> = {}) {
  return healthChecks({ ...CAUGHT_UP, ...differing }, { ...OBSERVED, ...observed });
}

function failing(differing: Partial<StatusAnswer> = {}, observed: Partial<Observed> = {}): string[] {
  return checks(differing, observed)
    .filter(({ ok }) => !ok)
    .map(({ name }) => name);
}

function check(name: string, differing: Partial<StatusAnswer>, observed: Partial<Observed> = {}) {
  return checks(differing, observed).find((one) => one.name === name)!;
}

test('where all is read every check holds, with rejected rows and gaps that nothing explains too', () => {
  expect(checks().map(({ name, ok, remedy }) => [name, ok, remedy])).toEqual(
    ['host', 'behind', 'stalled', 'verified', 'triggers', 'disk'].map((name) => [name, true, null]),
  );
});

test('a check that fails says what to do', () => {
  const all = checks(
    {
      ...waiting(3, 60),
      ...host({ triggers: 'missing', other_history: 'row 7 is not the row that was read' }),
      last_verification: { at: NOW, change_log: 1, telemetry: 1, identical: false },
    },
    { freeBytes: 0 },
  );
  expect(all.map(({ ok }) => ok)).toEqual(all.map(() => false));
  for (const { remedy } of all) expect(remedy).toEqual(expect.stringMatching(/\.$/));
});

test('while analytics are off nothing is expected', () => {
  const off = { tiers: { metrics: false, events: false, remote: 'off' } } as const;
  const everythingWrong = { ...waiting(20_000, 600), ...host({ triggers: 'missing' }), ...off };
  expect(failing(everythingWrong, { freeBytes: 0 })).toEqual([]);
  expect(check('stalled', everythingWrong).found).toBe('analytics are off');
});

describe('host', () => {
  const missing = host({ problem: 'There is no /data/ao.db.', problem_code: 'host_missing' });

  test('may be missing until something was derived from it', () => {
    expect(failing({ ...missing, streams: null, waiting: null })).toEqual([]);
    expect(failing({ ...missing, waiting: null })).toEqual(['host']);
  });

  test('that cannot be read, or is another one, fails', () => {
    const unreadable = host({ problem: '/data/ao.db cannot be opened.', problem_code: 'host_not_readable' });
    expect(failing({ ...unreadable, streams: null, waiting: null })).toEqual(['host']);
    expect(check('host', host({ other_history: 'row 7 is not the row that was read' }))).toMatchObject({
      ok: false,
      found: 'another one: row 7 is not the row that was read',
      remedy: expect.stringContaining('rebuild'),
    });
  });
});

describe('behind', () => {
  test('holds up to the limit and fails beyond it', () => {
    expect(failing({ ...waiting(3, 5), ...runs(60, 0) })).toEqual([]);
    expect(failing({ ...waiting(3, 6), ...runs(60, 0) })).toEqual(['behind']);
    expect(failing({ ...waiting(3, 6), ...runs(60, 0) }, { limitMs: 10 * MINUTE_MS })).toEqual([]);
  });

  test('fails when very many rows wait, however young they are', () => {
    expect(failing({ ...waiting(MOST_WAITING_ROWS, 1), ...runs(60, 0) })).toEqual([]);
    expect(failing({ ...waiting(MOST_WAITING_ROWS + 1, 1), ...runs(60, 0) })).toEqual(['behind']);
  });

  test('counts telemetry as well, and the first row of either stream', () => {
    const { found } = check('behind', {
      waiting: { change_log: { rows: 3, since: minutesAgo(8) }, telemetry: { rows: 2, since: minutesAgo(9) } },
    });
    expect(found).toBe('rows that wait: 5, the first for 9 min');
  });

  test('counts no time where no row waits, nor of a row that does not tell its own', () => {
    const none = { rows: 0, since: null };
    expect(failing({ last_commit_at: minutesAgo(600) })).toEqual([]);
    expect(failing({ waiting: { change_log: { rows: 3, since: null }, telemetry: none } })).toEqual([]);
  });
});

describe('stalled', () => {
  test('where nothing runs, says so once rows have waited for longer than the limit', () => {
    expect(failing(waiting(3, 5))).toEqual([]);
    expect(failing(waiting(3, 6))).toEqual(['behind', 'stalled']);
    expect(check('stalled', waiting(3, 6))).toMatchObject({
      found: 'nothing runs, and rows that wait: 3, the first for 6 min',
      remedy: 'Start `ao-projector run`.',
    });
  });

  test('where a process runs, says when it committed last', () => {
    expect(check('stalled', { ...waiting(3, 30), ...runs(90, 5) }).ok).toBe(true);
    expect(check('stalled', { ...waiting(3, 30), ...runs(90, 31) })).toMatchObject({
      ok: false,
      found: 'pid 4242 runs and committed last 31 min ago; rows that wait: 3, the first for 30 min',
      remedy: expect.stringContaining('Stop it'),
    });
  });

  test('leaves a process that began lately the time of the limit', () => {
    expect(check('stalled', { ...waiting(3, 600), ...runs(5, 600) }).ok).toBe(true);
    expect(check('stalled', { ...waiting(3, 600), ...runs(6, 600) })).toMatchObject({
      ok: false,
      found: expect.stringContaining('pid 4242 runs and began 6 min ago'),
    });
    expect(check('stalled', { ...waiting(3, 600), ...runs(6, null), streams: null }).ok).toBe(false);
  });

  test('a process that is quiet because the daemon is holds', () => {
    expect(failing(runs(900, 600))).toEqual([]);
    expect(failing({ ...waiting(3, 1), ...runs(900, 600) })).toEqual([]);
  });
});

describe('verified', () => {
  test.each([
    [null, true],
    [true, true],
    [false, false],
  ])('identical: %s is ok: %s', (identical, ok) => {
    const last = identical === null ? null : { at: NOW, change_log: 90, telemetry: 9, identical };
    expect(check('verified', { last_verification: last }).ok).toBe(ok);
  });
});

describe('triggers', () => {
  test.each([
    ['none', true],
    ['ok', true],
    ['missing', false],
    ['outdated', false],
    ['foreign', false],
  ] as const)('%s is ok: %s', (triggers, ok) => {
    expect(check('triggers', host({ triggers })).ok).toBe(ok);
  });
});

describe('disk', () => {
  test('must have room for a second derived file beside the floor', () => {
    const derived = { derived_bytes: 50 * 2 ** 20 };
    const needed = FREE_FLOOR_BYTES + derived.derived_bytes;
    expect(check('disk', derived, { freeBytes: needed }).ok).toBe(true);
    expect(check('disk', derived, { freeBytes: needed - 1 })).toMatchObject({
      ok: false,
      expected: '306 MiB free: 256 MiB, and room for a second derived file',
      found: '305 MiB free',
    });
  });

  test('must have the floor before anything was derived; without a data directory nothing is asked', () => {
    expect(failing({ derived_bytes: null }, { freeBytes: FREE_FLOOR_BYTES - 1 })).toEqual(['disk']);
    expect(failing({ derived_bytes: null }, { freeBytes: null })).toEqual([]);
  });
});
