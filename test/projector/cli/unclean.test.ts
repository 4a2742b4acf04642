import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import SQLite from 'better-sqlite3';
import { Daemon } from '../../../fixtures/daemon/daemon.ts';
import { toMilliseconds } from '../../../fixtures/daemon/time.ts';
import { hostPath, placesIn, projector, tiersOn, until } from '../../support/processes.ts';
import { withFolder } from '../../support/temporary.ts';

jest.setTimeout(60_000);

test('a daemon that is killed beside run is told by the next start, and by a rebuild as well', async () => {
  await withFolder(async (folder) => {
    const env = tiersOn(folder);
    const told = async () => {
      const { stdout } = await projector(env, 'events', '--name', 'ao.daemon.shutdown_unclean', '--json').ended;
      return stdout.split('\n').filter(Boolean);
    };
    // A stop of this version ends no session, so that nothing but the run file tells.
    const daemon = Daemon.create(hostPath(folder), { version: 82 });
    const running = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    daemon.lifecycle.start();
    writeRunFile(folder, daemon, running);
    const tail = projector(env, 'run');
    await tail.says('Tailing');
    await until(() => isJournaled(folder, 'observed.daemon_started'));
    running.kill('SIGKILL');
    await until(() => isJournaled(folder, 'observed.daemon_left'));
    daemon.host.pass(5_000);
    daemon.lifecycle.start();
    daemon.close();
    await until(() => isJournaled(folder, 'ao.daemon.started', 2));
    expect((await tail.stop()).code).toBe(0);
    const live = await told();
    expect(live).toHaveLength(1);
    expect((await projector(env, 'rebuild').ended).code).toBe(0);
    expect(await told()).toEqual(live);
  });
});

function writeRunFile(folder: string, daemon: Daemon, { pid }: ChildProcess): void {
  const startedAt = new Date(toMilliseconds(daemon.host.clock.now())).toISOString();
  writeFileSync(placesIn(folder).AO_RUN_FILE, JSON.stringify({ pid, port: 3001, startedAt }));
}

/** Whether the journal holds so many facts of a name. */
function isJournaled(folder: string, name: string, times = 1): boolean {
  const analytics = new SQLite(join(folder, 'analytics.db'), { readonly: true });
  try {
    const count = analytics.prepare<[string], number>('SELECT count(*) FROM journal WHERE name = ?').pluck();
    return count.get(name) === times;
  } finally {
    analytics.close();
  }
}
