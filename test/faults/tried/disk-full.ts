import { failingCommands, failingTails } from '../failing.ts';
import { cannotFail } from '../failing-files.ts';
import type { Fault } from '../fault.ts';
import { endedWell } from '../verdict.ts';

const FULL = { names: 'analytics', on: 'write', how: 'ENOSPC' } as const;

export const fullWhileRebuilding: Fault = {
  name: 'ENOSPC in `rebuild`, from each write on',
  expected: 'exit code 1 and what to do; the next `rebuild` works',
  times: { whole: 40, short: 2 },
  unavailable: cannotFail,
  async *provoke({ random }, times) {
    for await (const ended of failingCommands({ random, derived: false }, FULL, ['rebuild'], times)) {
      endedWell(ended, 0, 1);
      yield ended.code === 0 ? 'ended before it; nothing lost' : 'stopped with a plain error; nothing lost';
    }
  },
};

export const fullWhileTailing: Fault = {
  name: 'ENOSPC in `run` from each write on, and room again later',
  expected: 'it waits for room and goes on, or stops with exit code 1 and what to do',
  times: { whole: 30, short: 2 },
  unavailable: cannotFail,
  async *provoke({ random }, times) {
    for await (const { failed, ended } of failingTails(random, FULL, times)) {
      endedWell(ended, 0, 1);
      if (ended.code !== 0) yield 'stopped with a plain error; nothing lost';
      else yield failed ? 'went on; nothing lost' : 'ended before it; nothing lost';
    }
  },
};
