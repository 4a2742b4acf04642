import { VERSIONS } from '../../../fixtures/daemon/schema/migrations.ts';
import { derive, goesOn, inTurns, positionOf, tail } from '../data-directory.ts';
import type { Fault } from '../fault.ts';
import { becomes, endedWell, expectThat, nothingLost } from '../verdict.ts';

const STEPS_A_VERSION = 8;

/** Versions at which the model of the daemon behaves differently; a daemon of any other one is never met. */
const MET = [20, 21, 23, 24, 28, 30, 35, 43, 53, 66, 74, 82];

export const schemaUpgraded: Fault = {
  name: 'the daemon upgraded from version 19 to 82 under `run`, one migration at a time',
  expected: '`run` goes on, and rebuilds by itself where a migration bears on rows read before',
  times: { whole: 12, short: 2 },
  async *provoke({ random }, times) {
    yield* inTurns(random, times, async (folder, data) => {
      derive(folder);
      const running = await tail(folder);
      const { lifecycle } = data.daemon;
      for (const version of VERSIONS.filter((one) => one > 19)) {
        if (lifecycle.running) lifecycle.stop();
        lifecycle.upgrade(version);
        if (MET.includes(version)) await data.writeBeside(STEPS_A_VERSION, () => goesOn(running));
      }
      await becomes('it reads all', () => !goesOn(running) || positionOf(folder) >= data.lastSeq);
      expectThat(goesOn(running), () => 'Expected it to go on, it ended');
      endedWell(await running.stop(), 0);
      data.close();
      nothingLost(folder);
      return 'went on; nothing lost';
    });
  },
};
