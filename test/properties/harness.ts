import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { Daemon } from '../../fixtures/daemon/daemon.ts';
import { history } from '../../fixtures/daemon/history.ts';
import { toMilliseconds } from '../../fixtures/daemon/time.ts';
import { Random } from '../../fixtures/random.ts';
import { explainedGaps } from '../../projector/answers/gaps.ts';
import type { LeftOut } from '../../projector/host/left-out.ts';
import { Live } from '../../projector/pipeline/live.ts';
import { rebuild, rebuildFile } from '../../projector/pipeline/rebuild.ts';
import { Journal } from '../../projector/store/journal.ts';
import { pathsOf } from '../../projector/store/paths.ts';
import { Store } from '../../projector/store/store.ts';
import { install, uninstall } from '../../triggers/install.ts';
import { presentObjects } from '../../triggers/verify.ts';
import { derivedRows, differences } from '../support/derived-tables.ts';
import { placesIn } from '../support/processes.ts';

export interface Plan {
  readonly seed: number;
  /** Version of the host database. */
  readonly version: number;
  readonly steps: number;
  /** How likely a look follows each of the daemon's transactions, and how likely a restart follows that. */
  readonly looks: number;
  readonly restarts: number;
  /** Versions that the daemon is upgraded to on the way. */
  readonly upgrades: readonly number[];
  /** After how many of the daemon's transactions something happens to our triggers. */
  readonly triggers?: Readonly<Record<number, TriggerAct>>;
}

/** `drop`: somebody drops those on sessions, and no marker tells of it. */
export type TriggerAct = 'install' | 'uninstall' | 'drop';

export interface Outcome {
  /** What the live tables have and one rebuild does not, or the other way about. */
  readonly differences: readonly string[];
  /** Where the tables are, for who wants to hold them against something else. */
  readonly host: string;
  readonly analytics: string;
  readonly derived: string;
  /** Whether the daemon has pruned telemetry that we had journaled. */
  readonly pruned: boolean;
  /** How many spawns have failed, whoever knows of it. */
  readonly failedSpawns: number;
}

/** Lets a daemon write a history while we tail it as the plan says, and holds the tables against those of one rebuild. */
export function liveAgainstRebuild(folder: string, plan: Plan, inspect: (outcome: Outcome) => void): void {
  const { AO_RUN_FILE: runFile } = placesIn(folder);
  const daemon = Daemon.create(join(folder, 'ao.db'), { version: plan.version, seed: plan.seed, runFile });
  const random = new Random(plan.seed);
  const now = () => toMilliseconds(daemon.host.clock.now());
  const store = openStore(folder, now);
  const act = (what: TriggerAct | undefined) => {
    if (what && daemon.version >= 15) daemon.host.together(() => ACTS[what](daemon, now()));
  };
  let live: Live | null = null;
  try {
    let written = 0;
    act(plan.triggers?.[0]);
    for (const _ of history(daemon, random, { steps: plan.steps, upgrades: [...plan.upgrades] })) {
      written += 1;
      act(plan.triggers?.[written]);
      if (!random.chance(plan.looks)) continue;
      live = look(store, live);
      if (random.chance(plan.restarts)) live.reopen();
    }
    if (written === 0) throw new Error('Expected the daemon to write something, got nothing');
    live = look(store, live);
    const present = store.current();
    if ('stale' in present) throw new Error(`Expected a derived file, found that ${present.stale}`);
    live.close();
    const ofLive = rowsOf(store, present.number);
    const telemetry = hostTelemetry(daemon);
    const journaled = store.analytics
      .prepare<[], number>("SELECT count(*) FROM journal WHERE name LIKE 'ao.%'")
      .pluck()
      .get()!;
    for (const _ of rebuild(store));
    const rebuilt = store.current() as { number: number };
    inspect({
      differences: differences(ofLive, rowsOf(store, rebuilt.number)),
      host: store.paths.host,
      analytics: store.paths.analytics,
      derived: store.paths.derived(rebuilt.number),
      pruned: journaled !== telemetry,
      failedSpawns: daemon.spawns.failures,
    });
  } finally {
    store.close();
    daemon.close();
  }
}

/** Every row of a derived file, and what is told of its gaps. */
function rowsOf({ paths, analytics, history }: Store, number: number): string[] {
  const derived = new SQLite(paths.derived(number), { readonly: true });
  try {
    const explained = explainedGaps({ derived, analytics, history });
    return [...derivedRows(paths.derived(number)), ...explained.map((one) => `explained ${JSON.stringify(one)}`)];
  } finally {
    derived.close();
  }
}

/** Catches up; where a migration bears on rows that were read before, the tables are made anew as `run` makes them. */
export function look(store: Store, live: Live | null): Live {
  const present = live ?? begin(store);
  try {
    catchUp(present);
    return present;
  } catch (error) {
    if ((error as Error).name !== 'StaleTables') throw error;
    present.close();
    const anew = begin(store);
    catchUp(anew);
    return anew;
  }
}

const ACTS: Readonly<Record<TriggerAct, (daemon: Daemon, now: number) => unknown>> = {
  install: ({ host, version }, now) => install(host.db, version, now),
  uninstall: ({ host }, now) => uninstall(host.db, now),
  drop: ({ host }) => {
    const onSessions = presentObjects(host.db).filter(({ table }) => table === 'sessions');
    for (const { name } of onSessions) host.run(`DROP TRIGGER ${name}`);
  },
};

export function openStore(folder: string, now = () => 0): Store {
  return Store.open({ paths: pathsOf(placesIn(folder)), events: true, now, pid: process.pid });
}

export function catchUp(live: Live): void {
  while (live.cycle().pace === 'behind');
}

/** A first rebuild, and a live tail that goes on from it. */
export function begin(store: Store): Live {
  for (const _ of rebuild(store));
  const present = store.current();
  if ('stale' in present) throw new Error(`Expected a derived file, found that ${present.stale}`);
  return new Live(store, present.number, store.now);
}

function hostTelemetry(daemon: Daemon): number {
  const has = daemon.host.value<number>("SELECT count(*) FROM sqlite_master WHERE name = 'telemetry_event'");
  return has ? daemon.host.value<number>("SELECT count(*) FROM telemetry_event WHERE name LIKE 'ao.%'")! : 0;
}

/** Makes a file that leaves something out, as the thread beside a `run` does. What is returned makes it current later. */
export function beginWithout(store: Store, leftOut: LeftOut): (live: Live) => void {
  const number = store.nextNumber();
  const { paths, keys, analytics, history: of, identities, now } = store;
  const journal = new Journal(analytics, of, leftOut);
  const derived = { ...store.derivedOptions(), leftOut };
  const target = { hostPath: paths.host, path: paths.derived(number), keys, journal, identities, now, derived };
  for (const _ of rebuildFile(target));
  return (live) => {
    live.swap(number, leftOut);
    store.finishErasing();
  };
}
