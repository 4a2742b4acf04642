import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { Daemon } from '../../fixtures/daemon/daemon.ts';
import { history } from '../../fixtures/daemon/history.ts';
import { Random } from '../../fixtures/random.ts';
import { Source } from '../../projector/answers/source.ts';
import { pathsOf } from '../../projector/store/paths.ts';
import { begin, openStore } from '../properties/harness.ts';
import { hostPath, pause, placesIn, projector, type Running, tiersOn } from '../support/processes.ts';
import { withFolder } from '../support/temporary.ts';

/** Steps of the history before anything goes wrong, and at most so many beside a process of ours. */
export const STEPS_BEFORE = 120;
export const STEPS_BESIDE = 160;

/** A data directory with a daemon that writes a history, a step when it is told to. */
export class DataDirectory {
  readonly folder: string;
  readonly daemon: Daemon;
  readonly #steps: Iterator<string>;
  /** Steps written so far. */
  written = 0;

  constructor(folder: string, seed: number, version = 19) {
    this.folder = folder;
    this.daemon = Daemon.create(hostPath(folder), { version, seed });
    this.#steps = history(this.daemon, new Random(seed), { steps: Number.POSITIVE_INFINITY });
  }

  write(steps: number): void {
    for (let step = 0; step < steps; step++) this.#step();
  }

  /** Writes as a daemon does that others run beside, for as long as that is so. */
  async writeBeside(steps: number, isBeside: () => boolean): Promise<void> {
    for (let step = 0; step < steps && isBeside(); step++) {
      this.#step();
      await pause(1);
    }
  }

  #step(): void {
    this.#steps.next();
    this.written += 1;
  }

  /** Position of the last row that is there: of rows that a rollback took away after it, more may have been read. */
  get lastSeq(): number {
    return this.daemon.host.value<number>('SELECT max(seq) FROM change_log')!;
  }

  close(): void {
    this.daemon.close();
  }
}

/** Does something so many times, each in a folder of its own beside a daemon that has written a while; yields what came of it. */
export async function* inTurns(
  random: Random,
  times: number,
  provoke: (folder: string, data: DataDirectory, turn: number) => string | Promise<string>,
): AsyncGenerator<string> {
  for (let turn = 0; turn < times; turn++) {
    yield await withFolder(async (folder) => {
      const data = new DataDirectory(folder, random.uint32());
      data.write(STEPS_BEFORE);
      return provoke(folder, data, turn);
    });
  }
}

/** Makes the derived tables, so that what goes wrong meets a tail and not the first rebuild. */
export function derive(folder: string): void {
  const store = openStore(folder);
  try {
    begin(store).close();
  } finally {
    store.close();
  }
}

/** Position up to which the log was folded. */
export function positionOf(folder: string): number {
  const source = Source.open(pathsOf(placesIn(folder)), { metrics: true, events: true, remote: [] });
  try {
    return source.asOf().change_log;
  } finally {
    source.close();
  }
}

/** Starts `ao-projector run`; resolves once it tails. */
export async function tail(folder: string, env: Readonly<Record<string, string>> = {}): Promise<Running> {
  const running = projector({ ...tiersOn(folder), ...env }, 'run');
  await running.says('Tailing');
  return running;
}

/** Whether a process goes on. */
export function goesOn({ child }: Running): boolean {
  return child.exitCode === null && child.signalCode === null;
}

/** Digest of what the daemon wrote: the database, and its WAL where that holds anything. */
export function hostDigest(folder: string): string {
  const digest = createHash('sha256');
  for (const path of [hostPath(folder), `${hostPath(folder)}-wal`]) {
    if (existsSync(path)) digest.update(readFileSync(path));
  }
  return digest.digest('hex');
}
