import { join } from 'node:path';
import { Daemon } from '../../fixtures/daemon/daemon.ts';
import { history } from '../../fixtures/daemon/history.ts';
import { toMilliseconds } from '../../fixtures/daemon/time.ts';
import { Random } from '../../fixtures/random.ts';
import { Source } from '../../projector/answers/source.ts';
import { Keys } from '../../projector/host/keys.ts';
import { rebuild } from '../../projector/pipeline/rebuild.ts';
import { readKey } from '../../projector/store/key-file.ts';
import { type Paths, pathsOf } from '../../projector/store/paths.ts';
import { Store } from '../../projector/store/store.ts';
import { install } from '../../triggers/install.ts';
import { EVENTS_TIER } from '../support/command-line.ts';
import { placesIn } from '../support/processes.ts';

export interface HistoryPlan {
  readonly seed: number;
  readonly version: number;
  readonly steps: number;
  readonly triggers: boolean;
}

/** Lets a model of the daemon write a history into a folder, and derives it. Returns the time of the daemon at the end. */
export function derivedHistory(folder: string, { seed, version, steps, triggers }: HistoryPlan): number {
  const { AO_RUN_FILE: runFile } = placesIn(folder);
  const daemon = Daemon.create(join(folder, 'ao.db'), { version, seed, runFile });
  const now = () => toMilliseconds(daemon.host.clock.now());
  try {
    if (triggers && version >= 15) daemon.host.together(() => install(daemon.host.db, version, now()));
    for (const _ of history(daemon, new Random(seed), { steps }));
    rebuilt(folder, now());
    return now();
  } finally {
    daemon.close();
  }
}

/** Derives what stands in the database of a folder. */
export function rebuilt(folder: string, now: number): void {
  const store = Store.open({ paths: pathsOf(placesIn(folder)), events: true, now: () => now, pid: process.pid });
  try {
    for (const _ of rebuild(store));
  } finally {
    store.close();
  }
}

/** Asks of what was derived in a folder. */
export function over<T>(folder: string, ask: (source: Source, paths: Paths, keys: Keys) => T): T {
  const paths = pathsOf(placesIn(folder));
  const source = Source.open(paths, EVENTS_TIER);
  try {
    return ask(source, paths, new Keys(readKey(paths.key)));
  } finally {
    source.close();
  }
}
