import { copyFileSync, renameSync, truncateSync } from 'node:fs';
import { hostPath, projector, tiersOn } from '../../support/processes.ts';
import { withFolder } from '../../support/temporary.ts';
import {
  DataDirectory,
  derive,
  goesOn,
  inTurns,
  positionOf,
  STEPS_BEFORE,
  STEPS_BESIDE,
  tail,
} from '../data-directory.ts';
import type { Fault } from '../fault.ts';
import { becomes, endedWell, endOf, nothingLost } from '../verdict.ts';

export const truncated: Fault = {
  name: '`ao.db` truncated to any length under `run`, and put back',
  expected: '`run` stops with exit code 1 or waits; once the file is back it goes on',
  times: { whole: 12, short: 1 },
  async *provoke({ random }, times) {
    yield* inTurns(random, times, async (folder, data, turn) => {
      data.close();
      derive(folder);
      const [path, copy] = [hostPath(folder), `${hostPath(folder)}.copy`];
      copyFileSync(path, copy);
      const running = await tail(folder);
      truncateSync(path, turn === 0 ? 0 : random.between(1, 60_000));
      await Promise.race([running.ended, running.says('Waiting:')]);
      const waits = goesOn(running);
      endedWell(await endOf(projector(tiersOn(folder), 'rebuild')), 1);
      renameSync(copy, path);
      endedWell(waits ? await running.stop() : await endOf(running), waits ? 0 : 1);
      nothingLost(folder);
      return waits ? 'waited; nothing lost' : 'stopped with a plain error; nothing lost';
    });
  },
};

export const walAlone: Fault = {
  name: 'a WAL without its database: `ao.db` moved away under `run`, and back',
  expected: '`run` waits, `rebuild` says what is missing; once the file is back all goes on',
  times: { whole: 8, short: 1 },
  async *provoke({ random }, times) {
    for (let turn = 0; turn < times; turn++) {
      yield await withFolder(async (folder) => {
        const seed = random.uint32();
        withFolder((other) => {
          const data = new DataDirectory(other, seed);
          data.write(STEPS_BEFORE + random.between(0, STEPS_BESIDE));
          // What a daemon that is killed leaves behind.
          for (const suffix of ['', '-wal']) copyFileSync(hostPath(other) + suffix, hostPath(folder) + suffix);
          data.close();
        });
        derive(folder);
        const before = positionOf(folder);
        const running = await tail(folder);
        renameSync(hostPath(folder), `${hostPath(folder)}.away`);
        await running.says('Waiting:');
        endedWell(await endOf(projector(tiersOn(folder), 'rebuild')), 1);
        endedWell(await endOf(projector(tiersOn(folder), 'status')), 0);
        renameSync(`${hostPath(folder)}.away`, hostPath(folder));
        await becomes('it goes on', () => positionOf(folder) === before);
        endedWell(await running.stop(), 0);
        nothingLost(folder);
        return 'waited, and went on; nothing lost';
      });
    }
  },
};
