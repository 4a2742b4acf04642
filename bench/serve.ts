import { Source } from '../projector/answers/source.ts';
import { HostDatabase } from '../projector/host/host-database.ts';
import { readCheckpoint } from '../projector/store/derived/checkpoint.ts';
import { pathsOf } from '../projector/store/paths.ts';
import { Child, DAEMON, environment, lastLine, PROJECTOR, script } from './children.ts';
import { inFolder } from './folders.ts';
import { median, note, print } from './report.ts';

const ROUNDS = 5;
const TRANSACTIONS = 60_000;
const BOUND = 1.1;
const LOOK_EVERY_MS = 2;

/** How long `run --serve` takes to follow a storm of the daemon while its page is asked without a pause, and while it is not. */
export async function benchServe(): Promise<void> {
  const rounds: { quiet: number; asked: number; requests: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const first = round % 2 === 0 ? await follow(false) : undefined;
    const asked = await follow(true);
    const quiet = first ?? (await follow(false));
    rounds.push({ quiet: quiet.ms, asked: asked.ms, requests: asked.requests });
  }
  const of = `median of ${ROUNDS}`;
  note(`a round answers ${Math.round(median(rounds.map(({ requests }) => requests)))} questions meanwhile`);
  print({
    what: 'followed, 60,000 transactions',
    value: median(rounds.map(({ quiet }) => quiet)) / 1_000,
    unit: 's',
    of,
  });
  print({
    what: 'followed, with the page asked',
    value: median(rounds.map(({ asked }) => asked)) / 1_000,
    unit: 's',
    of,
  });
  const value = median(rounds.map(({ quiet, asked }) => asked / quiet));
  print({ what: 'page, ratio of a round', value, unit: 'x', of, bound: BOUND, against: 'the same with nobody asking' });
}

async function follow(isAsked: boolean): Promise<{ ms: number; requests: number }> {
  return await inFolder(async (folder) => {
    await lastLine(daemon(folder, '--steps', '1'));
    const run = new Child([PROJECTOR, 'run', '--serve'], { env: environment(folder) });
    try {
      await run.says('Open this address');
      await run.says('Tailing');
      const asking = isAsked
        ? new Child([...script('asking'), run.printed.trim()], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
        : null;
      if (asking) await asking.message();
      const began = performance.now();
      await lastLine(daemon(folder, '--storm', String(TRANSACTIONS)));
      await caughtUp(folder);
      const ms = performance.now() - began;
      asking?.process.send('stop');
      return { ms, requests: asking ? Number(await asking.ended) : 0 };
    } finally {
      await run.stop();
    }
  });
}

/** Resolves once the derived tables hold everything that the daemon has written. */
async function caughtUp(folder: string): Promise<void> {
  const paths = pathsOf(environment(folder));
  const host = HostDatabase.open(paths.host);
  const head = host.look(({ changes }) => changes.head());
  host.close();
  for (;;) {
    const source = Source.open(paths, { metrics: true, events: true, remote: [] });
    const { position } = readCheckpoint(source.derived).change;
    source.close();
    if (position >= head) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

const daemon = (folder: string, ...args: string[]): string[] => [
  ...[DAEMON, '--data-dir', folder, '--seed', '1', '--version', '19'],
  ...args,
];
