import { setTimeout } from 'node:timers/promises';
import { besideRun, Child, script } from './children.ts';
import { now } from './clock.ts';
import type { Commit } from './commit-writer.ts';
import { inFolder } from './folders.ts';
import { Observer } from './observer.ts';
import { percentile, print } from './report.ts';

const FLIPS = 2_000;
const QUIET_MS = 60_000;
const PATIENCE_MS = 10_000;
const P50_MS = 20;
const P99_MS = 60;
const AFTER_QUIET_MS = 250;

/** How long a commit of the daemon takes to be readable: under load, and after a quiet minute. */
export async function benchLatency(): Promise<void> {
  await inFolder(async (folder) => {
    const writer = new Child([...script('commit-writer'), folder], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    try {
      await writer.message();
      await besideRun(folder, async () => {
        const busy = await latencies(folder, writer, FLIPS);
        const against = '200 commits a second of another process';
        const of = `of ${busy.length}`;
        print({ what: 'latency p50', value: percentile(busy, 50), unit: 'ms', of, bound: P50_MS, against });
        print({ what: 'latency p99', value: percentile(busy, 99), unit: 'ms', of, bound: P99_MS, against });
        await setTimeout(QUIET_MS);
        const [value] = await latencies(folder, writer, 1);
        const quiet = { of: 'once', bound: AFTER_QUIET_MS, against: 'nothing written for 60 s' };
        print({ what: 'latency after quiet', value: value!, unit: 'ms', ...quiet });
      });
    } finally {
      if (writer.process.connected) writer.process.send(0);
      await writer.ended;
    }
  });
}

/** Has the writer commit so many flips, and says of each how many milliseconds later it was readable. */
async function latencies(folder: string, writer: Child, flips: number): Promise<number[]> {
  const observer = new Observer(folder);
  try {
    observer.look();
    let commits: readonly Commit[] | undefined;
    let patience = Number.POSITIVE_INFINITY;
    const message = writer.message<readonly Commit[]>().then((sent) => {
      commits = sent;
      patience = now() + PATIENCE_MS;
    });
    writer.process.send(flips);
    const last = () => commits?.at(-1)?.[0];
    await observer.watch(() => {
      const seq = last();
      return now() > patience || (seq !== undefined && observer.readableAt(seq) !== undefined);
    });
    await message;
    return commits!.map(([seq, at]) => {
      const readable = observer.readableAt(seq);
      if (readable === undefined) throw new Error(`Expected row ${seq} to be readable after ${PATIENCE_MS} ms`);
      return readable - at;
    });
  } finally {
    observer.close();
  }
}
