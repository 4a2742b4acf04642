import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { Daemon } from '../../../fixtures/daemon/daemon.ts';
import { history } from '../../../fixtures/daemon/history.ts';
import { Random } from '../../../fixtures/random.ts';
import { Source } from '../../../projector/answers/source.ts';
import { pathsOf } from '../../../projector/store/paths.ts';
import { hostPath, pause, placesIn, projector, type Running, tiersOn, until } from '../../support/processes.ts';
import { withFolder } from '../../support/temporary.ts';

const SOME_POLLS_MS = 2_500;

jest.setTimeout(60_000);

describe('beside a tail', () => {
  test('the daemon writes the same bytes, and a clean stop while we are quiet leaves no other file', async () => {
    const alone = await withFolder(async (folder) => {
      writeHistory(folder).close();
      return readFileSync(hostPath(folder));
    });
    await withFolder(async (folder) => {
      const daemon = Daemon.create(hostPath(folder), { version: 19, seed: 3 });
      const tail = projector(tiersOn(folder), 'run');
      await tail.says('Tailing');
      for (const _ of history(daemon, new Random(3), { steps: 400 })) await pause(1);
      await until(() => positionOf(folder) === lastSeq(daemon));
      // A report of the last write may come late and lead to one more look.
      await until(() => !hasOpen(tail, 'ao.db'));
      await pause(SOME_POLLS_MS);
      await until(() => !hasOpen(tail, 'ao.db'));
      daemon.close();
      expect(hostFiles(folder)).toEqual(['ao.db']);
      await pause(SOME_POLLS_MS);
      await until(() => !hasOpen(tail, 'ao.db'));
      expect(hostFiles(folder)).toEqual(['ao.db']);
      expect(readFileSync(hostPath(folder)).equals(alone)).toBe(true);
      await tail.stop();
    });
  });

  test('a stopped database that does not change is not opened', async () => {
    await withFolder(async (folder) => {
      writeHistory(folder).close();
      const tail = projector(tiersOn(folder), 'run');
      await tail.says('Tailing');
      await until(() => !hasOpen(tail, 'ao.db'));
      const before = statSync(hostPath(folder), { bigint: true });
      await pause(SOME_POLLS_MS);
      const after = statSync(hostPath(folder), { bigint: true });
      expect([after.atimeNs, after.mtimeNs, after.ctimeNs]).toEqual([before.atimeNs, before.mtimeNs, before.ctimeNs]);
      expect(hostFiles(folder)).toEqual(['ao.db']);
      await tail.stop();
      expect(hostFiles(folder)).toEqual(['ao.db']);
    });
  });

  test('the WAL is checkpointed as it is without us', async () => {
    const sizeAlone = await withFolder(async (folder) => {
      Daemon.create(hostPath(folder), { version: 19, seed: 3 }).close();
      return storm(folder);
    });
    const besides: number[] = [];
    for (let round = 0; round < 3; round++) {
      await withFolder(async (folder) => {
        Daemon.create(hostPath(folder), { version: 19, seed: 3 }).close();
        const tail = projector(tiersOn(folder), 'run');
        await tail.says('Tailing');
        besides.push(storm(folder));
        await tail.stop();
      });
    }
    // A look may by chance be under way at two checkpoints in a row; a snapshot that stays open is there in every round.
    const [, median] = besides.sort((a, b) => a - b);
    expect(median).toBeLessThanOrEqual(sizeAlone * 2);
  });
});

function writeHistory(folder: string): Daemon {
  const daemon = Daemon.create(hostPath(folder), { version: 19, seed: 3 });
  for (const _ of history(daemon, new Random(3), { steps: 400 }));
  return daemon;
}

/** Size of the WAL after many transactions, in bytes. */
function storm(folder: string): number {
  const daemon = Daemon.open(hostPath(folder), { seed: 3 });
  try {
    daemon.lifecycle.start();
    daemon.projects.add('storm');
    const session = daemon.spawns.spawn('storm');
    for (let flip = 0; flip < 6_000; flip++) {
      daemon.host.pass(1);
      daemon.sessions.signal(session, flip % 2 === 0 ? 'active' : 'idle');
    }
    return statSync(join(folder, 'ao.db-wal')).size;
  } finally {
    daemon.close();
  }
}

/** Position up to which the log was folded; nothing but our own files is opened to tell. */
function positionOf(folder: string): number {
  const source = Source.open(pathsOf(placesIn(folder)), { metrics: true, events: true, remote: [] });
  try {
    return source.asOf().change_log;
  } finally {
    source.close();
  }
}

function lastSeq(daemon: Daemon): number {
  return daemon.host.value<number>('SELECT max(seq) FROM change_log')!;
}

/** Whether a process holds a handle on a file of this name, as Linux tells it. */
function hasOpen({ child }: Running, name: string): boolean {
  const handles = `/proc/${child.pid}/fd`;
  return readdirSync(handles).some((handle) => basename(linkOf(join(handles, handle))) === name);
}

function linkOf(handle: string): string {
  try {
    return readlinkSync(handle);
  } catch {
    return '';
  }
}

function hostFiles(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.startsWith('ao.db'));
}
