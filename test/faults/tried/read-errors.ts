import { failingCommands, failingRebuildsAndTails } from '../failing.ts';
import { cannotFail } from '../failing-files.ts';
import type { Fault } from '../fault.ts';
import { endedWell } from '../verdict.ts';

const EIO = {
  expected: 'exit code 1 and what to do; the next start goes on',
  times: { whole: 40, short: 2 },
  unavailable: cannotFail,
} as const;

export const unreadableHost: Fault = {
  ...EIO,
  name: 'EIO on each read of `ao.db` in turn, in `rebuild` and `run`',
  provoke: ({ random }, times) => failingRebuildsAndTails(random, { names: 'ao.db', on: 'read', how: 'EIO' }, times),
};

export const unreadableOurs: Fault = {
  ...EIO,
  name: 'EIO on each read of our own files in turn, in `rebuild` and `run`',
  provoke: ({ random }, times) =>
    failingRebuildsAndTails(random, { names: 'analytics', on: 'read', how: 'EIO' }, times),
};

export const failingDisk: Fault = {
  ...EIO,
  name: 'EIO on writes and syncs of our own files, from each on, in `rebuild` and `run`',
  provoke: ({ random }, times) =>
    failingRebuildsAndTails(random, { names: 'analytics', on: 'write', how: 'EIO' }, times),
};

const QUESTIONS = [['status'], ['funnel', 'session'], ['events'], ['failures'], ['usage']];

export const unreadableAnswers: Fault = {
  ...EIO,
  name: 'EIO on each read of any file in turn, in commands that answer',
  expected: 'an answer, or exit code 1 and what to do; nothing is written',
  async *provoke({ random }, times) {
    for (const question of QUESTIONS.slice(0, times)) {
      const failure = { names: '', on: 'read', how: 'EIO' } as const;
      const each = Math.ceil(times / QUESTIONS.length);
      for await (const ended of failingCommands({ random, derived: true }, failure, question, each)) {
        endedWell(ended, 0, 1);
        yield ended.code === 0 ? 'answered' : 'stopped with a plain error';
      }
    }
  },
};
