import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Daemon } from '../../fixtures/daemon/daemon.ts';
import { history } from '../../fixtures/daemon/history.ts';
import { SimulatedClock, toMilliseconds } from '../../fixtures/daemon/time.ts';
import { Random } from '../../fixtures/random.ts';
import { type EventAnswer, events } from '../../projector/answers/events.ts';
import { Source } from '../../projector/answers/source.ts';
import type { Batch } from '../../projector/exports/batches.ts';
import { Look } from '../../projector/exports/look.ts';
import { exportSettingsOf } from '../../projector/exports/settings.ts';
import { revisions } from '../../projector/exports/settled.ts';
import type { Delivery, SinkName, Transport } from '../../projector/exports/sinks.ts';
import { transportsOf } from '../../projector/exports/transports.ts';
import type { Live } from '../../projector/pipeline/live.ts';
import { rebuild } from '../../projector/pipeline/rebuild.ts';
import type { Store } from '../../projector/store/store.ts';
import { install as installTriggers } from '../../triggers/install.ts';
import { begin, catchUp, look as lookAgain, openStore } from '../properties/harness.ts';
import { hostPath, placesIn } from '../support/processes.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** What is switched on. */
export interface Switches {
  readonly env: Readonly<Record<string, string>>;
  /** Whether the events tier is on beside that of metrics. */
  readonly events: boolean;
}

export interface InstallOptions extends Partial<Switches> {
  readonly env: Switches['env'];
  readonly seed: number;
  readonly version: number;
  /** Whether our triggers are in the daemon's database from the beginning. */
  readonly triggers?: boolean;
  /** Whether nobody corrects the clock, and the daemon records things when they happen. */
  readonly even?: boolean;
  /** The daemon writes so much of its history before exports are switched on. */
  readonly stepsBefore?: number;
}

/** A moment: how far the tables were, and what the clock said. */
export interface Moment {
  readonly change_log: number;
  readonly telemetry: number;
  readonly since: number;
}

/** How often a command was used on a day that began at a time. */
export interface DayCount {
  readonly name: string;
  readonly count: number;
}

/** A clock that nobody corrects. */
class EvenClock extends SimulatedClock {
  override step(): void {}
}

/** A machine: a daemon that writes, tables that follow it, and exports, all by one simulated clock and step by step. */
export class ExportedInstall {
  daemon: Daemon;
  readonly folder: string;
  readonly #steps: Generator<string>;
  readonly #even: boolean;
  store: Store;
  #switches: Switches;
  #live: Live;
  #look: Look;
  #transports: readonly Transport[] = [];

  /** A history is begun, and then exports are switched on. */
  constructor(
    folder: string,
    { seed, version, env, events = true, triggers = false, even = false, stepsBefore = 0 }: InstallOptions,
  ) {
    this.folder = folder;
    this.#switches = { env, events };
    this.#even = even;
    const clock = even ? new EvenClock() : new SimulatedClock();
    this.daemon = Daemon.create(hostPath(folder), { version, seed, clock, runFile: placesIn(folder).AO_RUN_FILE });
    if (triggers) installTriggers(this.daemon.host.db, version, this.now());
    this.#steps = history(this.daemon, new Random(seed), { steps: Number.POSITIVE_INFINITY });
    for (let step = 0; step < stepsBefore; step++) this.#step();
    this.store = openStore(folder, this.now);
    this.#live = begin(this.store);
    catchUp(this.#live);
    this.#look = this.#begin();
  }

  readonly now = (): number => toMilliseconds(this.daemon.host.clock.now());

  /** The daemon goes on for some steps, and the tables follow it. */
  write(steps: number): void {
    for (let step = 0; step < steps; step++) {
      this.#step();
      this.follow();
    }
  }

  follow(): void {
    this.#live = lookAgain(this.store, this.#live);
    this.#look.committed();
  }

  /** Time passes, and nothing happens. */
  later(ms: number): void {
    this.daemon.host.clock.advance(BigInt(ms) * 1_000_000n);
  }

  async settle(): Promise<void> {
    await this.#look.settle();
  }

  /** What a sink is to send next, as it stands on disk before it leaves; null for nothing. */
  leaving(sink: SinkName): Batch | null {
    return this.#look.leaving(sink);
  }

  /** Sends once, and does not come to note what came of it. */
  async sendAndLose(sink: SinkName, signal = AbortSignal.timeout(30_000)): Promise<Delivery | null> {
    const batch = this.leaving(sink);
    return batch && this.#transport(sink).deliver(batch.payload, signal);
  }

  /** What a sink sends until it has nothing more, or something is not received. */
  async send(sink: SinkName, signal = AbortSignal.timeout(30_000)): Promise<Delivery | null> {
    let last: Delivery | null = null;
    for (let batch = this.leaving(sink); batch !== null; batch = this.leaving(sink)) {
      last = await this.#transport(sink).deliver(batch.payload, signal);
      const isDone = this.#look.sent(batch, last);
      if (sink === 'metrics' || !isDone) return last;
    }
    return last;
  }

  /** Everything settles, whatever it is, and goes out. */
  async finish(): Promise<void> {
    await this.settleAll();
    for (const { sink } of this.#transports) {
      // Metrics that were not received before come first; those of this moment come after them.
      if (sink === 'metrics') await this.send(sink);
      await this.send(sink);
    }
  }

  /** Lets so much time pass that everything settles, whatever it is. */
  async settleAll(): Promise<void> {
    this.follow();
    this.later(2 * DAY_MS);
    await this.settle();
  }

  /** The process is killed where it stands, and another one takes over, of which something else may be switched on. */
  restart(switches: Partial<Switches> = {}): void {
    this.#switches = { ...this.#switches, ...switches };
    this.#live.close();
    this.store.close();
    this.store = openStore(this.folder, this.now);
    this.#live = begin(this.store);
    this.#look = this.#begin();
  }

  /** Path of a copy of the daemon's database as it is now. */
  copy(): string {
    const path = join(this.folder, 'copy.db');
    this.daemon.host.db.prepare('VACUUM INTO ?').run(path);
    return path;
  }

  /** A copy takes the place of the daemon's database, and the tables are made anew. */
  putBack(copy: string): void {
    const { clock } = this.daemon.host;
    const path = hostPath(this.folder);
    this.daemon.close();
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
    renameSync(copy, path);
    this.daemon = Daemon.open(path, { clock, runFile: placesIn(this.folder).AO_RUN_FILE });
    this.restart();
  }

  rebuild(): void {
    this.#live.close();
    for (const _ of rebuild(this.store));
    this.#live = begin(this.store);
  }

  /** Every event that the tables hold now. */
  derived(): EventAnswer[] {
    return this.#ask((source) => [...events(source, { names: [], since: null, until: null, project: null })]);
  }

  /** How often each command was used, on days that began after a time. */
  days(since: number): DayCount[] {
    return this.#ask(({ derived }) =>
      derived.prepare<[number], DayCount>('SELECT name, count FROM daily_count WHERE day * 86400000 >= ?').all(since),
    );
  }

  /** How many events wait to be sent. */
  waiting(): number {
    return this.store.analytics.prepare<[], number>('SELECT count(*) FROM outbox').pluck().get()!;
  }

  /** How often something that had settled was told anew. */
  revisions(): number {
    return revisions(this.store.analytics);
  }

  /** How far the tables are. */
  moment(): Moment {
    return this.#ask((source) => ({ ...source.positions(), since: this.now() }));
  }

  close(): void {
    this.#live.close();
    this.store.close();
    this.daemon.close();
  }

  #step(): void {
    this.#steps.next();
    const { telemetry } = this.daemon;
    if (!this.#even || !telemetry.held) return;
    telemetry.held = false;
    telemetry.flush();
  }

  #begin(): Look {
    const { store, now } = this;
    const { env, events } = this.#switches;
    const settings = exportSettingsOf(env);
    this.#transports = transportsOf(settings, events, now);
    return new Look({ store, settings, transports: this.#transports, now });
  }

  #transport(sink: SinkName): Transport {
    return this.#transports.find((one) => one.sink === sink)!;
  }

  #ask<T>(ask: (source: Source) => T): T {
    const source = Source.open(this.store.paths, { metrics: true, events: true, remote: [] });
    try {
      return ask(source);
    } finally {
      source.close();
    }
  }
}
