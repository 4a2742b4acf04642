import { projector, tiersOn } from '../../support/processes.ts';
import { derive, goesOn, inTurns, positionOf, STEPS_BESIDE, tail } from '../data-directory.ts';
import type { Fault } from '../fault.ts';
import { becomes, endedWell, endOf, nothingLost } from '../verdict.ts';

export const twoInstances: Fault = {
  name: 'a second `run`, and a `rebuild`, beside a `run`',
  expected: 'the second `run` stops with exit code 3; the `rebuild` is done by the first',
  times: { whole: 8, short: 1 },
  async *provoke({ random }, times) {
    yield* inTurns(random, times, async (folder, data) => {
      derive(folder);
      const first = await tail(folder);
      const [second, rebuild] = [projector(tiersOn(folder), 'run'), projector(tiersOn(folder), 'rebuild')];
      await data.writeBeside(STEPS_BESIDE, () => goesOn(first));
      endedWell(await endOf(second), 3);
      endedWell(await endOf(rebuild), 0);
      await becomes('the first reads all', () => positionOf(folder) >= data.lastSeq);
      endedWell(await first.stop(), 0);
      data.close();
      nothingLost(folder);
      return 'exit codes 3 and 0; nothing lost';
    });
  },
};

export const startedAtOnce: Fault = {
  name: 'four `run` started at once where nothing was derived yet',
  expected: 'one goes on, the others stop with exit code 3',
  times: { whole: 8, short: 1 },
  async *provoke({ random }, times) {
    yield* inTurns(random, times, async (folder, data) => {
      const all = Array.from({ length: 4 }, () => projector(tiersOn(folder), 'run'));
      await becomes('one is left', () => all.filter(goesOn).length <= 1);
      const one = all.find(goesOn)!;
      await one.says('Tailing');
      endedWell(await one.stop(), 0);
      for (const other of all.filter((each) => each !== one)) endedWell(await endOf(other), 3);
      data.close();
      nothingLost(folder);
      return 'one went on, three stopped; nothing lost';
    });
  },
};
