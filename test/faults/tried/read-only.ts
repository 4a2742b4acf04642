import { failingCommands, failingTails } from '../failing.ts';
import { cannotFail } from '../failing-files.ts';
import type { Fault } from '../fault.ts';
import { endedWell } from '../verdict.ts';

const READ_ONLY = { names: '', on: 'write', how: 'EROFS' } as const;

export const readOnlyWhileWriting: Fault = {
  name: 'the file system becomes read-only, from each write on, under `rebuild` and `run`',
  expected: 'exit code 1 and what to do; the next start goes on',
  times: { whole: 40, short: 2 },
  unavailable: cannotFail,
  async *provoke({ random }, times) {
    for await (const ended of failingCommands({ random, derived: true }, READ_ONLY, ['rebuild'], times / 2)) {
      endedWell(ended, 0, 1);
      yield outcome(ended.code);
    }
    for await (const { ended } of failingTails(random, READ_ONLY, times / 2)) {
      endedWell(ended, 0, 1);
      yield outcome(ended.code);
    }
  },
};

function outcome(code: number | null): string {
  return code === 0 ? 'went on; nothing lost' : 'stopped with a plain error; nothing lost';
}
