import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import SQLite from 'better-sqlite3';
import { loadRecorded } from '../../../fixtures/recorded.ts';
import { status } from '../../../projector/answers/status.ts';
import { pathsOf } from '../../../projector/store/paths.ts';
import { daemonProcess, hostPath, placesIn, projector, tiersOn, until } from '../../support/processes.ts';
import { withFolder } from '../../support/temporary.ts';

jest.setTimeout(60_000);

const NO_TIERS = { metrics: false, events: false, remote: [] };

/** Whether every row of `change_log` is in the derived tables. */
function isCaughtUp(folder: string): boolean {
  return status(pathsOf(placesIn(folder)), NO_TIERS, 0).streams?.change_log.lag_rows === 0;
}

function recorded<T>(use: (folder: string) => Promise<T>): Promise<T> {
  return withFolder(async (folder) => {
    loadRecorded('v19', hostPath(folder)).close();
    return use(folder);
  });
}

async function answer(folder: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await projector(tiersOn(folder), ...args).ended;
  expect([code, stderr]).toEqual([0, expect.any(String)]);
  return stdout;
}

async function eventLines(folder: string): Promise<string[]> {
  return (await answer(folder, 'events', '--json')).trim().split('\n');
}

describe('with both tiers off', () => {
  test.each(['run', 'rebuild'])('%s says so in one line, opens nothing and ends well', async (command) => {
    await recorded(async (folder) => {
      const { code, stderr } = await projector({ AO_DATA_DIR: folder }, command).ended;
      expect(code).toBe(0);
      expect(stderr.trim().split('\n')).toEqual([expect.stringContaining('Analytics are off')]);
      expect(readdirSync(folder)).toEqual(['ao.db']);
    });
  });

  test('a switch that is neither on nor off is a usage error, as it is to the daemon', async () => {
    const { code, stderr } = await projector({ AO_DATA_DIR: '/nowhere', AO_TELEMETRY_EVENTS: 'maybe' }, 'run').ended;
    expect(code).toBe(2);
    expect(stderr).toContain('AO_TELEMETRY_EVENTS');
  });
});

describe('answers', () => {
  test('rebuild, then each answer as JSON', async () => {
    await recorded(async (folder) => {
      await answer(folder, 'rebuild');
      const session = JSON.parse(
        await answer(folder, 'funnel', 'session', '--json', '--by', 'harness', '--now', '2026-11-23'),
      );
      expect(session.steps[0]).toMatchObject({ events: ['ao.session.spawned'], reached: 11, open: 3, dropped: 0 });
      expect(session.breakdown.map(({ value }: { value: string }) => value)).toEqual(['claude-code', 'codex', 'aider']);
      expect(session.as_of).toMatchObject({ change_log: 127 });
      expect(session.now).toBe(Date.UTC(2026, 10, 23));
      const onboarding = JSON.parse(await answer(folder, 'funnel', 'onboarding', '--json'));
      expect(onboarding.steps.map(({ reached }: { reached: number }) => reached)).toEqual([1, 1, 1, 1, 0, 0, 0]);
      const spawned = (await eventLines(folder))
        .map((line) => JSON.parse(line))
        .filter(({ name }) => name === 'ao.session.spawned');
      expect(spawned).toHaveLength(13);
      expect(spawned[0]).toMatchObject({
        category: 'funnel',
        subject_kind: 'session',
        cause_stream: 'change_log',
        cause_position: 1,
        dimensions: { harness: 'claude-code', session_kind: 'worker' },
        raw: { subject: 'gamma-1', session: 'gamma-1', project: 'gamma' },
      });
      const status = JSON.parse(await answer(folder, 'status', '--json'));
      expect(status).toMatchObject({
        tiers: { metrics: true, events: true, remote: 'off' },
        host: { schema_version: 19, triggers: 'none' },
        streams: { change_log: { position: 127, head: 127, lag_rows: 0 } },
        rejected: 0,
        rolled_back_like_gaps: 3,
        lease: null,
      });
      expect(status.gaps.map(({ from, to }: { from: number; to: number }) => [from, to])).toEqual([
        [2, 3],
        [6, 6],
        [64, 64],
      ]);
    });
  });

  test('in the metrics tier no raw id is kept or shown', async () => {
    await recorded(async (folder) => {
      const metrics = { AO_DATA_DIR: folder, AO_TELEMETRY_METRICS: 'on' };
      expect((await projector(metrics, 'rebuild').ended).code).toBe(0);
      const { stdout } = await projector({ ...metrics, AO_TELEMETRY_EVENTS: 'on' }, 'events', '--json').ended;
      expect(stdout).not.toContain('gamma');
    });
  });

  test('before anything was derived they say what to do, as JSON where JSON was asked for', async () => {
    await withFolder(async (folder) => {
      const { code, stderr } = await projector(tiersOn(folder), 'funnel', 'session', '--json').ended;
      expect(code).toBe(1);
      expect(JSON.parse(stderr).error).toMatchObject({
        code: 'nothing_derived',
        remedy: expect.stringContaining('run'),
      });
    });
  });

  test('when every derived file was deleted, run makes them anew', async () => {
    await recorded(async (folder) => {
      await answer(folder, 'rebuild');
      const before = await eventLines(folder);
      for (const name of readdirSync(folder)) if (name.startsWith('analytics.derived')) rmSync(join(folder, name));
      const tail = projector(tiersOn(folder), 'run');
      await tail.says('Tailing');
      expect((await tail.stop()).stderr).toContain('the derived file is gone');
      expect(await eventLines(folder)).toEqual(before);
    });
  });

  test('when a projection has another version, run makes them anew and says so; what a killed rebuild left is gone', async () => {
    await recorded(async (folder) => {
      await answer(folder, 'rebuild');
      const db = new SQLite(join(folder, 'analytics.derived.1.db'));
      db.exec("UPDATE meta SET value = 'of another version' WHERE key = 'projections'");
      db.close();
      writeFileSync(join(folder, 'analytics.derived.7.db'), 'half of a file');
      const tail = projector(tiersOn(folder), 'run');
      await tail.says('Tailing');
      expect((await tail.stop()).stderr).toContain('the projections are of another version');
      expect(readdirSync(folder).filter((name) => name.includes('derived'))).toHaveLength(1);
    });
  });

  test('a reader that goes away early is no error', async () => {
    await recorded(async (folder) => {
      await answer(folder, 'rebuild');
      const events = projector(tiersOn(folder), 'events', '--json');
      events.child.stdout!.destroy();
      expect((await events.ended).stderr).toBe('');
    });
  });
});

describe('usage', () => {
  test.each([
    [['funnel', 'nonsense']],
    [['nonsense']],
    [['events', '--name', 'ao.nonsense']],
    [['events', '--since', 'yesterday-ish']],
    [['events', '--limit', '-1']],
    [['session']],
    [['explain']],
  ])('%j is answered with exit code 2', async (args) => {
    await withFolder(async (folder) => {
      const { code, stderr } = await projector(tiersOn(folder), ...args).ended;
      expect([code, stderr]).toEqual([2, expect.stringMatching(/expected: .*\n {2}found: .*\n {2}what to do: /)]);
      const asJson = await projector(tiersOn(folder), ...args, '--json').ended;
      expect([asJson.code, Object.keys(JSON.parse(asJson.stderr).error)]).toEqual([
        2,
        ['code', 'message', 'expected', 'found', 'remedy'],
      ]);
    });
  });

  test.each(['run', 'rebuild', 'status', 'funnel', 'events', 'session', 'pr', 'explain', 'gaps', 'rejected', 'demo'])(
    '%s has an example in its help',
    async (command) => {
      const { code, stdout } = await projector({}, command, '--help').ended;
      expect([code, stdout]).toEqual([0, expect.stringContaining('Example:')]);
    },
  );
});

describe('run', () => {
  test('a second one says who holds the lease and ends with 3', async () => {
    await recorded(async (folder) => {
      const first = projector(tiersOn(folder), 'run');
      await first.says('Tailing');
      const { code, stderr } = await projector(tiersOn(folder), 'run').ended;
      expect([code, stderr]).toEqual([3, expect.stringContaining(`pid ${first.child.pid}`)]);
      expect((await first.stop()).code).toBe(0);
    });
  });

  test('the lease of a dead process is taken over', async () => {
    await recorded(async (folder) => {
      const first = projector(tiersOn(folder), 'run');
      await first.says('Tailing');
      await first.stop('SIGKILL');
      const second = projector(tiersOn(folder), 'run');
      await second.says('Tailing');
      expect((await second.stop()).code).toBe(0);
    });
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('stops on %s with everything committed', async (signal) => {
    await withFolder(async (folder) => {
      const daemon = daemonProcess(folder, '--seed', '5', '--version', '82', '--rate', '200', '--steps', '300');
      const tail = projector(tiersOn(folder), 'run');
      await tail.says('Tailing');
      await daemon.ended;
      await until(() => isCaughtUp(folder));
      expect((await tail.stop(signal)).code).toBe(0);
      const { streams } = JSON.parse(await answer(folder, 'status', '--json'));
      expect(streams.change_log.lag_rows).toBe(0);
      expect(streams.change_log.position).toBeGreaterThan(100);
    });
  });

  test('while it waits for the database, a rebuild that is asked of it fails with the reason', async () => {
    await recorded(async (folder) => {
      const tail = projector(tiersOn(folder), 'run');
      await tail.says('Tailing');
      renameSync(hostPath(folder), `${hostPath(folder)}.away`);
      await tail.says('Waiting: There is no');
      const { code, stderr } = await projector(tiersOn(folder), 'rebuild').ended;
      expect([code, stderr]).toEqual([1, expect.stringContaining('found: There is no')]);
      renameSync(`${hostPath(folder)}.away`, hostPath(folder));
      expect((await tail.stop()).code).toBe(0);
    });
  });

  test('without a data directory it waits as well, and rebuild says that there is none', async () => {
    await withFolder(async (parent) => {
      const folder = join(parent, 'data');
      const { code, stderr } = await projector(tiersOn(folder), 'rebuild').ended;
      expect([code, stderr]).toEqual([1, expect.stringContaining('There is no')]);
      const tail = projector(tiersOn(folder), 'run');
      await tail.says('Waiting: There is no');
      mkdirSync(folder);
      loadRecorded('v82', hostPath(folder)).close();
      await tail.says('Tailing');
      expect((await tail.stop()).code).toBe(0);
    });
  });

  test('waits for a database that is not there yet', async () => {
    await withFolder(async (folder) => {
      const tail = projector(tiersOn(folder), 'run');
      await tail.says('Waiting: There is no');
      loadRecorded('v82', hostPath(folder)).close();
      await tail.says('Tailing');
      expect((await tail.stop()).code).toBe(0);
    });
  });

  test('does a rebuild that is asked for beside it', async () => {
    await recorded(async (folder) => {
      const tail = projector(tiersOn(folder), 'run');
      await tail.says('Tailing');
      const before = readdirSync(folder).filter((name) => /derived\.\d+\.db$/.test(name));
      const events = await eventLines(folder);
      const { code, stderr } = await projector(tiersOn(folder), 'rebuild').ended;
      expect([code, stderr]).toEqual([0, expect.stringContaining('Rebuilt')]);
      expect(readdirSync(folder).filter((name) => /derived\.\d+\.db$/.test(name))).not.toEqual(before);
      expect((await tail.stop()).code).toBe(0);
      expect(await eventLines(folder)).toEqual(events);
    });
  });

  test('stops projecting when the database is another one; rebuild begins a new history', async () => {
    await recorded(async (folder) => {
      const tail = projector(tiersOn(folder), 'run');
      await tail.says('Tailing');
      rmSync(hostPath(folder));
      loadRecorded('v82', hostPath(folder)).close();
      const { code, stderr } = await tail.ended;
      expect([code, stderr]).toEqual([1, expect.stringContaining('rebuild')]);
      await answer(folder, 'rebuild');
      const projects = new Set((await eventLines(folder)).map((line) => JSON.parse(line).raw.project));
      expect([projects.has('alpha'), projects.has('gamma')]).toEqual([true, false]);
    });
  });
});

test('demo shows a funnel and leaves nothing behind', async () => {
  await withFolder(async (folder) => {
    const { code, stdout } = await projector({ TMPDIR: folder }, 'demo').ended;
    expect([code, stdout]).toEqual([0, expect.stringContaining('session.spawned')]);
    expect(existsSync(folder) && readdirSync(folder)).toEqual([]);
  });
});
