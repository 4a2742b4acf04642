import { existsSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import SQLite from 'better-sqlite3';
import { Command } from 'commander';
import { Daemon } from '../../../fixtures/daemon/daemon.ts';
import { fromMilliseconds, SimulatedClock, toMilliseconds } from '../../../fixtures/daemon/time.ts';
import type { Check } from '../../../projector/answers/health.ts';
import { type StatusAnswer, status } from '../../../projector/answers/status.ts';
import { statusCommand } from '../../../projector/cli/status.ts';
import { pathsOf } from '../../../projector/store/paths.ts';
import { hostPath, placesIn, projector, tiersOn, until } from '../../support/processes.ts';
import { withFolder } from '../../support/temporary.ts';

jest.setTimeout(60_000);

const MINUTE_MS = 60_000;

type Health = StatusAnswer & { readonly checks: readonly Check[]; readonly healthy: boolean };

/** A folder with the database of a daemon that has started and spawned a session, at its clock's time. */
function withDaemon(use: (folder: string, daemon: Daemon) => Promise<void>, startAt?: number): Promise<void> {
  return withFolder(async (folder) => {
    const clock = new SimulatedClock(startAt === undefined ? undefined : fromMilliseconds(startAt));
    const daemon = Daemon.create(hostPath(folder), { version: 82, clock });
    daemon.lifecycle.start();
    daemon.projects.add('web');
    daemon.spawns.spawn('web');
    try {
      await use(folder, daemon);
    } finally {
      daemon.close();
    }
  });
}

const timeOf = (daemon: Daemon) => toMilliseconds(daemon.host.clock.now());

/** What the built command says at a moment: its exit code, the names of what fails, and the whole answer. */
async function checked(folder: string, now: number, ...words: string[]) {
  const args = ['status', '--check', '--json', '--now', String(now), ...words];
  const { code, stdout } = await projector(tiersOn(folder), ...args).ended;
  const health = JSON.parse(stdout) as Health;
  const failing = health.checks.filter(({ ok }) => !ok).map(({ name }) => name);
  expect([health.healthy, code]).toEqual([failing.length === 0, failing.length === 0 ? 0 : 1]);
  const found = (name: Check['name']) => health.checks.find((check) => check.name === name)!.found;
  return { code, failing, found, health };
}

async function rebuilt(folder: string): Promise<void> {
  expect((await projector(tiersOn(folder), 'rebuild').ended).code).toBe(0);
}

const TIERS = { metrics: true, events: true, remote: [] };

const isCaughtUp = (folder: string) => status(pathsOf(placesIn(folder)), TIERS, 0).streams?.change_log.lag_rows === 0;

test('caught up is healthy; rows that nobody reads are not, once they wait for longer than the limit', async () => {
  await withDaemon(async (folder, daemon) => {
    await rebuilt(folder);
    expect((await checked(folder, timeOf(daemon) + 60 * MINUTE_MS)).failing).toEqual([]);
    const waitsSince = timeOf(daemon);
    daemon.spawns.spawn('web');
    // The newest row does not tell how long the first one waits.
    daemon.host.pass(20 * MINUTE_MS);
    daemon.spawns.spawn('web');
    const now = timeOf(daemon);
    const { failing, found, health } = await checked(folder, now);
    expect(failing).toEqual(['behind', 'stalled']);
    expect(found('stalled')).toMatch(/^nothing runs, and rows that wait: \d+, the first for (20|21) min$/);
    expect(health.waiting!.change_log.since).toBeGreaterThanOrEqual(waitsSince);
    expect((await checked(folder, now, '--limit', '1h')).failing).toEqual([]);
    await rebuilt(folder);
    expect((await checked(folder, now + 60 * MINUTE_MS)).failing).toEqual([]);
  });
});

test('before anything was derived, rows wait; before there is a database, none does', async () => {
  await withFolder(async (folder) => {
    const { failing, found } = await checked(folder, 0);
    expect([failing, found('host')]).toEqual([[], expect.stringContaining('Nothing was derived from it yet')]);
  });
  await withDaemon(async (folder, daemon) => {
    expect((await checked(folder, timeOf(daemon))).failing).toEqual([]);
    const { failing, health } = await checked(folder, timeOf(daemon) + 10 * MINUTE_MS);
    expect([failing, health.streams]).toEqual([['behind', 'stalled'], null]);
  });
});

test('with both tiers off it is healthy, and says that they are off', async () => {
  await withDaemon(async (folder) => {
    const { code, stdout } = await projector(placesIn(folder), 'status', '--check').ended;
    expect([code, stdout]).toEqual([0, expect.stringContaining('analytics are off')]);
  });
});

test('a limit asks for the check, and must be a span', async () => {
  await withFolder(async (folder) => {
    const { stdout } = await projector(tiersOn(folder), 'status', '--limit', '10m', '--json').ended;
    const { checks } = JSON.parse(stdout) as Health;
    expect(checks.find(({ name }) => name === 'behind')!.expected).toContain('longer than 10 min');
    expect((await projector(tiersOn(folder), 'status', '--limit', 'soon').ended).code).toBe(2);
  });
});

test('a run that was killed is told as nothing that runs', async () => {
  await withDaemon(async (folder, daemon) => {
    const tail = projector(tiersOn(folder), 'run');
    await until(() => isCaughtUp(folder));
    await tail.stop('SIGKILL');
    expect((await checked(folder, timeOf(daemon))).failing).toEqual([]);
    daemon.spawns.spawn('web');
    const { failing, found, health } = await checked(folder, timeOf(daemon) + 10 * MINUTE_MS);
    expect([failing, health.lease]).toEqual([['behind', 'stalled'], null]);
    expect(found('stalled')).toContain('nothing runs');
  });
});

test('a run that reads nothing while the head moves is told with its pid, until it reads again', async () => {
  await withDaemon(async (folder, daemon) => {
    const tail = projector(tiersOn(folder), 'run');
    await until(() => isCaughtUp(folder));
    tail.child.kill('SIGSTOP');
    daemon.spawns.spawn('web');
    const stopped = await checked(folder, Date.now() + 30_000, '--limit', '10s');
    expect(stopped.failing).toEqual(['behind', 'stalled']);
    expect(stopped.found('stalled')).toContain(`pid ${tail.child.pid} runs and committed last`);
    tail.child.kill('SIGCONT');
    await until(() => isCaughtUp(folder));
    expect((await checked(folder, Date.now() + 30_000, '--limit', '10s')).failing).toEqual([]);
    expect((await tail.stop()).code).toBe(0);
  }, Date.now());
});

test('triggers that were dropped fail', async () => {
  await withDaemon(async (folder, daemon) => {
    const installed = await projector(tiersOn(folder), 'triggers', 'install', '--while-running').ended;
    expect(installed.code).toBe(0);
    await rebuilt(folder);
    expect((await checked(folder, timeOf(daemon))).failing).toEqual([]);
    daemon.host.db.exec('DROP TRIGGER ao_projector_project_added');
    const { failing, found } = await checked(folder, timeOf(daemon));
    expect([failing, found('triggers')]).toEqual([['triggers'], 'missing']);
  });
});

test('a verification that differed fails, and status shows it', async () => {
  await withDaemon(async (folder, daemon) => {
    await rebuilt(folder);
    const verified = async (identical: 0 | 1, at = Date.UTC(2100, 0)) => {
      const analytics = new SQLite(join(folder, 'analytics.db'));
      analytics.prepare('INSERT OR REPLACE INTO verification VALUES (1, ?, 90, 9, ?, NULL)').run(at, identical);
      analytics.close();
      const { stdout } = await projector(tiersOn(folder), 'status').ended;
      return [/^verified +(.*)$/m.exec(stdout)![1], (await checked(folder, timeOf(daemon))).failing];
    };
    expect((await checked(folder, timeOf(daemon))).health.last_verification).toBeNull();
    expect(await verified(1)).toEqual(['2100-01-01 00:00:00Z at change_log 90: identical', []]);
    expect(await verified(0)).toEqual(['2100-01-01 00:00:00Z at change_log 90: a difference', ['verified']]);
    // What was found of tables that were replaced since says nothing of the present ones.
    expect(await verified(0, Date.UTC(2026, 5, 18))).toEqual(['never', []]);
  });
});

test('another database in the place of the one that was read fails', async () => {
  await withDaemon(async (folder) => {
    await rebuilt(folder);
    for (const suffix of ['', '-wal', '-shm']) rmSync(hostPath(folder) + suffix, { force: true });
    const other = Daemon.create(hostPath(folder), { version: 82, seed: 7 });
    const { failing, found } = await checked(folder, timeOf(other));
    other.close();
    expect([failing, found('host')]).toEqual([['host'], expect.stringContaining('another one')]);
  });
});

test('too little room fails', async () => {
  await withDaemon(async (folder, daemon) => {
    await rebuilt(folder);
    const paths = pathsOf(placesIn(folder));
    let said = '';
    const program = new Command();
    statusCommand(program, () => ({
      ...{ env: {}, paths, tiers: TIERS, pid: process.pid, isTerminal: false, write: () => {}, readNamed: () => null },
      ...{ now: () => timeOf(daemon), freeSpace: () => 2 ** 20, err: () => {} },
      out: (text) => {
        said += text;
      },
    }));
    program.parse(['status', '--check'], { from: 'user' });
    expect(process.exitCode).toBe(1);
    process.exitCode = undefined;
    expect(said).toMatch(/^ok +behind +no row waits$/m);
    expect(said).toMatch(/^not ok +disk +1 MiB free\n {2}expected: \d+ MiB free: .*\n {2}what to do: Free some space/m);
  });
});

test('to look at derived tables at rest is no commit', async () => {
  await withDaemon(async (folder) => {
    await rebuilt(folder);
    const committedAt = Date.UTC(2026, 5, 18);
    const paths = pathsOf(placesIn(folder));
    utimesSync(paths.derived(1), committedAt / 1_000, committedAt / 1_000);
    expect(status(paths, TIERS, 0).last_commit_at).toBe(committedAt);
    expect(existsSync(`${paths.derived(1)}-wal`)).toBe(true);
  });
});
