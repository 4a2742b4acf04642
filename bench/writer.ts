import { besideRun, DAEMON, lastLine } from './children.ts';
import { inFolder } from './folders.ts';
import { median, print } from './report.ts';

const ROUNDS = 5;
const TRANSACTIONS = 20_000;
const BOUND = 1.05;

/** How long the daemon takes for its transactions with `run` beside it, and without. */
export async function benchWriter(): Promise<void> {
  const times: { alone: number; beside: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const first = round % 2 === 0 ? await alone() : undefined;
    const beside = await inFolder(async (folder) => {
      await prepare(folder);
      return await besideRun(folder, () => storm(folder));
    });
    times.push({ alone: first ?? (await alone()), beside });
  }
  const of = `median of ${ROUNDS}`;
  const seconds = (what: 'alone' | 'beside') => median(times.map((time) => time[what])) / 1000;
  print({ what: 'writer, 20,000 transactions alone', value: seconds('alone'), unit: 's', of });
  print({ what: 'writer, 20,000 transactions beside run', value: seconds('beside'), unit: 's', of });
  const value = median(times.map(({ alone, beside }) => beside / alone));
  const against = 'the same transactions with nobody beside them';
  print({ what: 'writer, ratio of a round', value, unit: 'x', of, bound: BOUND, against });
}

const alone = (): Promise<number> =>
  inFolder(async (folder) => {
    await prepare(folder);
    return await storm(folder);
  });

/** Makes the host database: `run` must find one. */
const prepare = (folder: string): Promise<unknown> => lastLine(daemon(folder, '--steps', '1'));

const storm = async (folder: string): Promise<number> =>
  (await lastLine<{ ms: number }>(daemon(folder, '--storm', String(TRANSACTIONS)))).ms;

const daemon = (folder: string, ...args: string[]): string[] => [
  ...[DAEMON, '--data-dir', folder, '--seed', '1', '--version', '19'],
  ...args,
];
