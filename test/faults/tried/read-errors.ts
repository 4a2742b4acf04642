import { failingCommands, failingTails } from '../failing.ts';
import { cannotFail } from '../failing-files.ts';
import type { Fault } from '../fault.ts';
import { endedWell } from '../verdict.ts';

const UNREADABLE_HOST = { names: 'ao.db', on: 'read', how: 'EIO' } as const;
const UNREADABLE_OURS = { names: 'analytics', on: 'read', how: 'EIO' } as const;
const FAILING_DISK = { names: 'analytics', on: 'write', how: 'EIO' } as const;
const EXPECTED = 'exit code 1 and what to do; the next start goes on';

export const unreadableHost: Fault = {
  name: 'EIO on each read of `ao.db` in turn, in `rebuild` and `run`',
  expected: EXPECTED,
  times: { whole: 40, short: 2 },
  unavailable: cannotFail,
  async *provoke({ random }, times) {
    for await (const ended of failingCommands({ random, derived: true }, UNREADABLE_HOST, ['rebuild'], times / 2)) {
      endedWell(ended, 0, 1);
      yield outcome(ended.code);
    }
    for await (const { ended } of failingTails(random, UNREADABLE_HOST, times / 2)) {
      endedWell(ended, 0, 1);
      yield outcome(ended.code);
    }
  },
};

export const unreadableOurs: Fault = {
  ...unreadableHost,
  name: 'EIO on each read of our own files in turn, in `rebuild` and `run`',
  async *provoke({ random }, times) {
    for await (const ended of failingCommands({ random, derived: true }, UNREADABLE_OURS, ['rebuild'], times / 2)) {
      endedWell(ended, 0, 1);
      yield outcome(ended.code);
    }
    for await (const { ended } of failingTails(random, UNREADABLE_OURS, times / 2)) {
      endedWell(ended, 0, 1);
      yield outcome(ended.code);
    }
  },
};

export const failingDisk: Fault = {
  ...unreadableHost,
  name: 'EIO on writes and syncs of our own files, from each on, in `rebuild` and `run`',
  async *provoke({ random }, times) {
    for await (const ended of failingCommands({ random, derived: true }, FAILING_DISK, ['rebuild'], times / 2)) {
      endedWell(ended, 0, 1);
      yield outcome(ended.code);
    }
    for await (const { ended } of failingTails(random, FAILING_DISK, times / 2)) {
      endedWell(ended, 0, 1);
      yield outcome(ended.code);
    }
  },
};

const QUESTIONS = [['status'], ['funnel', 'session'], ['events'], ['failures'], ['usage']];

export const unreadableAnswers: Fault = {
  ...unreadableHost,
  name: 'EIO on each read of any file in turn, in commands that answer',
  expected: 'an answer, or exit code 1 and what to do; nothing is written',
  times: { whole: 40, short: 2 },
  async *provoke({ random }, times) {
    for (const question of QUESTIONS.slice(0, times)) {
      const files = { ...UNREADABLE_HOST, names: '' } as const;
      const each = Math.ceil(times / QUESTIONS.length);
      for await (const ended of failingCommands({ random, derived: true }, files, question, each)) {
        endedWell(ended, 0, 1);
        yield ended.code === 0 ? 'answered' : 'stopped with a plain error';
      }
    }
  },
};

function outcome(code: number | null): string {
  return code === 0 ? 'went on; nothing lost' : 'stopped with a plain error; nothing lost';
}
