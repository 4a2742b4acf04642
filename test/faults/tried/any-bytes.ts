import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packagePath } from '../../../projector/store/paths.ts';
import { Running } from '../../support/processes.ts';
import { withFolder } from '../../support/temporary.ts';
import type { Fault } from '../fault.ts';
import { endOf, expectThat } from '../verdict.ts';

const CASES_A_PROCESS = 300;

/** The heap of a process may grow to so much, and all of it to so much. */
const MOST_HEAP_MIB = 256;
const MOST_KIB = 512 * 1024;

interface Line {
  readonly name?: string;
  readonly outcomes?: readonly string[];
  readonly mostKiB?: number;
}

export const anyBytes: Fault = {
  name: 'any bytes as `ao.db`: random ones, a database cut off, with flipped bits, with pages changed, exchanged or zeroed; for `status`, `rebuild` and a tail',
  expected: `an answer or a plain error; no crash, no end that does not come, at most ${MOST_KIB / 1024} MiB`,
  times: { whole: 3_000, short: 30 },
  async *provoke({ random }, times) {
    for (let left = times; left > 0; left -= CASES_A_PROCESS) {
      const lines = await casesOf(random.uint32(), Math.min(left, CASES_A_PROCESS));
      for (const { name, outcomes } of lines) {
        const odd = outcomes?.find((outcome) => outcome.startsWith('unexplained'));
        expectThat(odd === undefined, () => `Expected a plain error or none of ${name}, got ${odd}`);
        if (outcomes) yield outcomes.includes('refused') ? 'refused with a plain error' : 'read as far as it goes';
      }
    }
  },
};

/** What a process tells of so many cases; throws where it did not come to its end, or took too much memory. */
async function casesOf(seed: number, count: number): Promise<Line[]> {
  return withFolder(async (folder) => {
    const script = packagePath('test', 'faults', 'any-bytes-process.ts');
    const told = join(folder, 'told');
    const args = ['--folder', join(folder, 'data'), '--told', told, '--seed', String(seed), '--count', String(count)];
    const running = new Running('--import=tsx', [script, ...args], {
      NODE_OPTIONS: `--max-old-space-size=${MOST_HEAP_MIB}`,
    });
    const { code, signal, stderr } = await endOf(running);
    const lines = readFileSync(told, 'utf8').trim().split('\n');
    const reached = `seed ${seed}: ${lines.at(-1)} ${stderr}`;
    expectThat(code === 0, () => `Expected it to come to its end, got ${code ?? signal} at ${reached}`);
    const cases = lines.map((line) => JSON.parse(line) as Line);
    const most = cases.at(-1)!.mostKiB!;
    expectThat(most <= MOST_KIB, () => `Expected at most ${MOST_KIB} KiB, got ${most} at ${reached}`);
    return cases;
  });
}
