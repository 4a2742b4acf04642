import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../../fixtures/random.ts';
import { type Ended, projector, type Running, tiersOn } from '../support/processes.ts';
import { withFolder } from '../support/temporary.ts';
import { DataDirectory, derive, goesOn, hostDigest, positionOf, STEPS_BEFORE, STEPS_BESIDE } from './data-directory.ts';
import { type Failing, failingFiles, operations } from './failing-files.ts';
import { becomes, endedWell, endOf, expectThat, nothingLost } from './verdict.ts';

type Failure = Omit<Failing, 'files' | 'at' | 'while'> & {
  /** What the names of the files begin with that it hits. */
  readonly names: 'analytics' | 'ao.db' | '';
};

/** A command whose files fail, at a moment that is spread over all of its operations. Yields how it ended. */
export async function* failingCommands(
  { random, derived }: { random: Random; derived: boolean },
  { names, ...failure }: Failure,
  command: readonly string[],
  times: number,
  afterwards: (folder: string) => void | Promise<void> = nothingLost,
): AsyncGenerator<Ended> {
  const seed = random.uint32();
  for (let turn = -1, total = 0; turn < times; turn++) {
    const at = turn < 0 ? 0 : momentOf(turn, times, total);
    const ended = await withFolder(async (folder) => {
      const data = new DataDirectory(folder, seed);
      data.write(STEPS_BEFORE);
      data.close();
      if (derived) derive(folder);
      const before = hostDigest(folder);
      const count = join(folder, 'count');
      const env = failingFiles({ ...failure, files: join(folder, names), at }, count);
      const ended = await endOf(projector({ ...tiersOn(folder), ...env }, ...command));
      if (turn < 0) {
        endedWell(ended, 0);
        total = operations(count);
        return ended;
      }
      const written = names === 'ao.db' && failure.on === 'write';
      expectThat(written || hostDigest(folder) === before, () => "Expected the daemon's database as it was");
      await afterwards(folder);
      return ended;
    });
    if (turn >= 0) yield ended;
  }
}

/** A tail whose files fail beside a daemon that writes. Yields whether they did, and how it ended. */
export async function* failingTails(
  random: Random,
  { names, ...failure }: Failure,
  times: number,
): AsyncGenerator<{ readonly failed: boolean; readonly ended: Ended }> {
  const seed = random.uint32();
  const alone = digestAlone(seed);
  for (let turn = -1, total = 0; turn < times; turn++) {
    const at = turn < 0 ? 0 : momentOf(turn, times, total);
    const result = await withFolder(async (folder) => {
      const data = new DataDirectory(folder, seed);
      data.write(STEPS_BEFORE);
      derive(folder);
      const [count, lasts] = [join(folder, 'count'), join(folder, 'lasts')];
      writeFileSync(lasts, '');
      const env = failingFiles({ ...failure, files: join(folder, names), at, while: lasts }, count);
      const tail = projector({ ...tiersOn(folder), ...env }, 'run');
      const failed = () => at > 0 && operations(count) >= at;
      await tail.says('Tailing').catch(() => {});
      await data.writeBeside(STEPS_BESIDE, () => goesOn(tail));
      await becomes('it fails or reads all', () => failed() || !goesOn(tail) || positionOf(folder) >= data.lastSeq);
      rmSync(lasts);
      const ended = await afterTheFault(folder, data, tail);
      if (turn < 0) total = operations(count);
      while (data.written < STEPS_BEFORE + STEPS_BESIDE) data.write(1);
      data.close();
      expectThat(hostDigest(folder) === alone, () => 'Expected the daemon to write as it does alone');
      nothingLost(folder);
      return { failed: failed(), ended };
    });
    if (turn >= 0) yield result;
  }
}

/** Half of the times a `rebuild` over tables that are there, half of the times a tail. Yields what came of it. */
export async function* failingRebuildsAndTails(
  random: Random,
  failure: Failure,
  times: number,
): AsyncGenerator<string> {
  for await (const ended of failingCommands({ random, derived: true }, failure, ['rebuild'], times / 2)) {
    yield stoppedOrWentOn(ended);
  }
  for await (const { ended } of failingTails(random, failure, times / 2)) yield stoppedOrWentOn(ended);
}

function stoppedOrWentOn(ended: Ended): string {
  endedWell(ended, 0, 1);
  return ended.code === 0 ? 'went on; nothing lost' : 'stopped with a plain error; nothing lost';
}

/** A tail that goes on once the fault is over reads everything. */
async function afterTheFault(folder: string, { lastSeq }: DataDirectory, tail: Running): Promise<Ended> {
  await becomes('it ends or reads all', () => !goesOn(tail) || positionOf(folder) >= lastSeq);
  return goesOn(tail) ? tail.stop() : endOf(tail);
}

/** Which operation comes to fail: over all turns they are spread evenly, from the first to the last. */
function momentOf(turn: number, times: number, total: number): number {
  return 1 + Math.floor((turn * total) / times);
}

/** What the daemon's database is where nobody was beside it. */
function digestAlone(seed: number): string {
  return withFolder((folder) => {
    const data = new DataDirectory(folder, seed);
    data.write(STEPS_BEFORE + STEPS_BESIDE);
    data.close();
    return hostDigest(folder);
  });
}
