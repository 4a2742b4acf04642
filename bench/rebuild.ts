import { join } from 'node:path';
import { type Mix, writeVolume } from '../fixtures/volume.ts';
import { environment, lastLine, script } from './children.ts';
import { inFolder } from './folders.ts';
import { median, note, print } from './report.ts';

const ROWS = 1_000_000;
const SESSIONS = 20_000;
const ROUNDS = 5;
const BOUNDS: Readonly<Record<Mix, number>> = { R: 1.3, A: 0.4 };

/** A rebuild beside the bare machine, in turns and each in a process of its own. */
export async function benchRebuild(): Promise<void> {
  for (const mix of ['R', 'A'] as const) await inFolder((folder) => compare(folder, mix));
}

async function compare(folder: string, mix: Mix): Promise<void> {
  writeVolume(join(folder, 'ao.db'), { rows: ROWS, sessions: SESSIONS, mix, seed: 1 });
  const env = environment(folder);
  const ours = () => lastLine<{ ms: number }>(script('ours'), { env });
  const bare = () => lastLine<{ ms: number; written: number }>(script('bare'), { env });
  await ours();
  const { written } = await bare();
  note(
    `mix ${mix}: ${count(ROWS)} rows, ${count(written)} events; one rebuild and one bare loop went before, uncounted:`,
  );
  note('the journal is warm, so telemetry and observations are taken in already');

  const times: { ours: number; bare: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const first = round % 2 === 0 ? await ours() : undefined;
    const { ms } = await bare();
    times.push({ ours: (first ?? (await ours())).ms, bare: ms });
  }
  const of = `median of ${ROUNDS}`;
  const seconds = (what: 'ours' | 'bare') => median(times.map((time) => time[what])) / 1000;
  print({ what: `rebuild ${mix}, ours`, value: seconds('ours'), unit: 's', of });
  print({ what: `rebuild ${mix}, bare`, value: seconds('bare'), unit: 's', of });
  const value = median(times.map((time) => time.ours / time.bare));
  const against = 'reading the same rows and inserting the same events, one a statement';
  print({ what: `rebuild ${mix}, ratio of a round`, value, unit: 'x', of, bound: BOUNDS[mix], against });
}

const count = (rows: number): string => rows.toLocaleString('en');
