import { Daemon } from '../../../fixtures/daemon/daemon.ts';
import { history } from '../../../fixtures/daemon/history.ts';
import { hostPath, pause } from '../../support/processes.ts';
import { withFolder } from '../../support/temporary.ts';
import { DataDirectory, derive, goesOn, positionOf, STEPS_BEFORE, STEPS_BESIDE, tail } from '../data-directory.ts';
import type { Fault } from '../fault.ts';
import { becomes, endedWell, expectThat, nothingLost } from '../verdict.ts';

export const HELD_MS = { whole: 60_000, short: 1_500 } as const;

export const exclusiveLock: Fault = {
  name: 'a writer that holds an exclusive lock for a minute, under `run`',
  expected: '`run` waits, and reads what was written once the lock is gone',
  times: { whole: 1, short: 1 },
  async *provoke({ extent, random }) {
    yield await withFolder(async (folder) => {
      const data = new DataDirectory(folder, random.uint32());
      data.write(STEPS_BEFORE);
      data.close();
      derive(folder);
      const running = await tail(folder);
      const daemon = Daemon.open(hostPath(folder), { seed: 2 });
      daemon.host.db.pragma('locking_mode = EXCLUSIVE');
      const steps = history(daemon, random, { steps: STEPS_BESIDE });
      await becomes('the lock is taken', () => locks(() => steps.next()));
      await running.says('Waiting:');
      for (const _ of steps);
      const last = daemon.host.value<number>('SELECT max(seq) FROM change_log')!;
      await pause(HELD_MS[extent]);
      expectThat(goesOn(running), () => 'Expected it to wait, it ended');
      daemon.close();
      await becomes('it reads all', () => positionOf(folder) >= last);
      endedWell(await running.stop(), 0);
      nothingLost(folder);
      return 'waited, and went on; nothing lost';
    });
  },
};

/** Whether a write came through: a reader that is looking at this moment keeps the lock from being taken. */
function locks(write: () => void): boolean {
  try {
    write();
    return true;
  } catch (error) {
    if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw error;
    return false;
  }
}
