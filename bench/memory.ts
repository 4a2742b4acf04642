import { join } from 'node:path';
import { writeVolume } from '../fixtures/volume.ts';
import { environment, lastLine, PROJECTOR } from './children.ts';
import { inFolder } from './folders.ts';
import { median, print } from './report.ts';

const ROUNDS = 5;
const LIMIT_MIB = 200;
const APART = 1.2;

/** Has the program itself say at its end how much memory it held at most; TypeScript run from source would hold more. */
const TELL_AT_END = 'data:text/javascript,process.on("exit",()=>console.log(process.resourceUsage().maxRSS/1024))';

/** The most memory that `ao-projector rebuild` holds, for a short log and for a long one. */
export async function benchMemory(): Promise<void> {
  const short = await most(100_000, 2_000);
  const long = await most(1_000_000, 20_000);
  const against = 'ten times the rows and sessions';
  print({ what: 'memory, long log to short', value: long / short, unit: 'x', of: 'of medians', bound: APART, against });
}

async function most(rows: number, sessions: number): Promise<number> {
  const values = await inFolder(async (folder) => {
    writeVolume(join(folder, 'ao.db'), { rows, sessions, mix: 'R', seed: 1 });
    const rebuild = () =>
      lastLine<number>(['--import', TELL_AT_END, PROJECTOR, 'rebuild'], { env: environment(folder) });
    const values: number[] = [];
    for (let round = 0; round < ROUNDS; round++) values.push(await rebuild());
    return values;
  });
  const value = median(values);
  const what = `memory, ${rows.toLocaleString('en')} rows`;
  const against = 'resident at most, in all of `ao-projector rebuild`';
  print({ what, value, unit: 'MiB', of: `median of ${ROUNDS}`, bound: LIMIT_MIB, against });
  return value;
}
