import { failingRebuildsAndTails } from '../failing.ts';
import { cannotFail } from '../failing-files.ts';
import type { Fault } from '../fault.ts';

export const readOnlyWhileWriting: Fault = {
  name: 'the file system becomes read-only, from each write on, under `rebuild` and `run`',
  expected: 'exit code 1 and what to do; the next start goes on',
  times: { whole: 40, short: 2 },
  unavailable: cannotFail,
  provoke: ({ random }, times) => failingRebuildsAndTails(random, { names: '', on: 'write', how: 'EROFS' }, times),
};
