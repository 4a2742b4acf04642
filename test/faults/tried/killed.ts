import { Random } from '../../../fixtures/random.ts';
import { daemonProcess, type Ended, pause, projector, tiersOn } from '../../support/processes.ts';
import { withFolder } from '../../support/temporary.ts';
import { failingCommands, failingTails } from '../failing.ts';
import { cannotFail } from '../failing-files.ts';
import type { Fault } from '../fault.ts';
import { endedWell, nothingLost } from '../verdict.ts';

const KILLED = { names: 'analytics', on: 'write', how: 'kill' } as const;

/** A write of a process that is killed is made or not made: between any two of them there is nothing else to lose. */
export const killedWhileRebuilding: Fault = {
  name: '`kill -9` of a first `rebuild`, before each write, sync and removal in turn',
  expected: 'the next start makes the tables anew; what stood before stays readable',
  times: { whole: 220, short: 3 },
  unavailable: cannotFail,
  async *provoke({ random }, times) {
    const commands = failingCommands({ random, derived: false }, KILLED, ['rebuild'], times);
    for await (const ended of commands) yield outcome(ended);
  },
};

export const killedWhileReplacing: Fault = {
  ...killedWhileRebuilding,
  name: '`kill -9` of a `rebuild` over tables that are there, likewise',
  times: { whole: 80, short: 2 },
  async *provoke({ random }, times) {
    const commands = failingCommands({ random, derived: true }, KILLED, ['rebuild'], times);
    for await (const ended of commands) yield outcome(ended);
  },
};

export const killedWhileTailing: Fault = {
  name: '`kill -9` of `run` beside a daemon that writes, before each write and sync in turn',
  expected: 'the next start goes on at the last commit',
  times: { whole: 80, short: 2 },
  unavailable: cannotFail,
  async *provoke({ random }, times) {
    for await (const { ended } of failingTails(random, KILLED, times)) yield outcome(ended);
  },
};

const LONGEST_LIFE_MS = 600;

export const killedAtRandom: Fault = {
  name: '`kill -9` of `run` and `rebuild` at random moments, one after the other beside one daemon',
  expected: 'the next start goes on at the last commit',
  times: { whole: 40, short: 2 },
  async *provoke({ random }, times) {
    const seed = random.between(1, 1_000_000);
    const outcomes: string[] = await withFolder(async (folder) => {
      const told: string[] = [];
      const dice = new Random(seed);
      const daemon = daemonProcess(folder, '--seed', String(seed), '--version', '19', '--rate', '150');
      await daemon.says('ready');
      for (let kill = 0; kill < times; kill++) {
        const killed = projector(tiersOn(folder), dice.chance(0.15) ? 'rebuild' : 'run');
        await pause(dice.between(100, LONGEST_LIFE_MS));
        told.push(outcome(await killed.stop('SIGKILL')));
      }
      await daemon.stop();
      nothingLost(folder);
      return told;
    });
    yield* outcomes;
  },
};

function outcome(ended: Ended): string {
  if (ended.signal === 'SIGKILL') return 'killed; nothing lost';
  endedWell(ended, 0);
  return 'ended before it; nothing lost';
}
