import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../../../fixtures/random.ts';
import { hostPath, projector, tiersOn } from '../../support/processes.ts';
import { withFolder } from '../../support/temporary.ts';
import { DataDirectory, derive, hostDigest, STEPS_BEFORE, STEPS_BESIDE, tail } from '../data-directory.ts';
import type { Fault } from '../fault.ts';
import { endedWell, endOf, expectThat, nothingLostAfterRebuild } from '../verdict.ts';

const EXPECTED = '`run` stops with exit code 1 and what to do, answers stay; `rebuild` begins another history';
const OUTCOME = 'stopped with a plain error; another history, nothing lost';

/** A fault after which the rows that were read are not those that are there, told by what it does to the files under a `run`. */
function anotherHistory(name: string, change: (folder: string, random: Random) => () => void): Fault {
  return {
    name,
    expected: EXPECTED,
    times: { whole: 8, short: 1 },
    async *provoke({ random }, times) {
      for (let turn = 0; turn < times; turn++) {
        yield await withFolder(async (folder) => {
          const apply = change(folder, random);
          const running = await tail(folder);
          apply();
          const changed = hostDigest(folder);
          const ended = await endOf(running);
          endedWell(ended, 1);
          expectThat(ended.stderr.includes('is not the one that was read'), () => `Got ${ended.stderr}`);
          endedWell(await endOf(projector(tiersOn(folder), 'funnel', 'session')), 0);
          await nothingLostAfterRebuild(folder);
          expectThat(hostDigest(folder) === changed, () => "Expected the daemon's database as it was put there");
          return OUTCOME;
        });
      }
    },
  };
}

/** A daemon that has written and stopped. */
function written(folder: string, random: Random, steps: number): void {
  const data = new DataDirectory(folder, random.uint32());
  data.write(steps);
  data.close();
}

/** Puts another file under the database's name in one step, without the files beside it. */
function putInPlace(folder: string, name: string): void {
  for (const suffix of ['-wal', '-shm']) rmSync(hostPath(folder) + suffix, { force: true });
  renameSync(join(folder, name), hostPath(folder));
}

export const replaced = anotherHistory("`ao.db` replaced by another daemon's, under `run`", (folder, random) => {
  written(folder, random, STEPS_BEFORE);
  derive(folder);
  withFolder((other) => {
    written(other, random, random.between(10, STEPS_BEFORE + STEPS_BESIDE));
    copyFileSync(hostPath(other), join(folder, 'other'));
  });
  return () => putInPlace(folder, 'other');
});

export const restored = anotherHistory('`ao.db` restored from an older backup, under `run`', (folder, random) => {
  const data = new DataDirectory(folder, random.uint32());
  data.write(random.between(10, STEPS_BEFORE));
  data.daemon.host.value('PRAGMA wal_checkpoint(TRUNCATE)');
  copyFileSync(hostPath(folder), join(folder, 'backup'));
  data.write(STEPS_BESIDE);
  data.close();
  derive(folder);
  return () => putInPlace(folder, 'backup');
});

export const walDeleted = anotherHistory('the WAL of a killed daemon deleted, under `run`', (folder, random) => {
  withFolder((other) => {
    const data = new DataDirectory(other, random.uint32());
    data.write(STEPS_BEFORE);
    data.daemon.host.value('PRAGMA wal_checkpoint(TRUNCATE)');
    data.daemon.host.value('PRAGMA wal_autocheckpoint = 0');
    data.write(random.between(20, STEPS_BESIDE));
    // What a daemon that is killed leaves behind.
    for (const suffix of ['', '-wal']) copyFileSync(hostPath(other) + suffix, hostPath(folder) + suffix);
    data.close();
  });
  derive(folder);
  if (!existsSync(`${hostPath(folder)}-wal`)) throw new Error('Expected the WAL to stay, it is gone');
  return () => {
    for (const suffix of ['-wal', '-shm']) rmSync(hostPath(folder) + suffix, { force: true });
  };
});
