import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { besideRun, Child, script } from './children.ts';
import { now } from './clock.ts';
import { inFolder } from './folders.ts';
import { note, print } from './report.ts';

const SETTLE_MS = 30_000;
const MEASURE_MS = 60_000;
const PERCENT_OF_A_CORE = 0.1;

/** What `run` costs beside a daemon that is there but writes nothing. */
export async function benchIdle(): Promise<void> {
  if (!existsSync('/proc/self/schedstat')) {
    note('idle: not measured, for this system does not say what another process costs');
    return;
  }
  await inFolder(async (folder) => {
    const daemon = new Child([...script('commit-writer'), folder], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    try {
      await daemon.message();
      await besideRun(folder, async ({ process: { pid } }) => {
        await setTimeout(SETTLE_MS);
        const before = { at: now(), nanoseconds: onProcessor(pid!) };
        await setTimeout(MEASURE_MS);
        const spent = (onProcessor(pid!) - before.nanoseconds) / 1e6 / (now() - before.at);
        const figure = { of: 'over 60 s', bound: PERCENT_OF_A_CORE, against: 'one core; all threads, after 30 s' };
        print({ what: 'idle, time on the processor', value: spent * 100, unit: '%', ...figure });
      });
    } finally {
      if (daemon.process.connected) daemon.process.send(0);
      await daemon.ended;
    }
  });
}

/** Nanoseconds that the threads of a process have run so far. */
function onProcessor(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const times = threads.map((thread) =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
  );
  return times.reduce((sum, time) => sum + time, 0);
}
