import { join } from 'node:path';
import { Daemon } from '../../fixtures/daemon/daemon.ts';
import { history } from '../../fixtures/daemon/history.ts';
import { toMilliseconds } from '../../fixtures/daemon/time.ts';
import { Random } from '../../fixtures/random.ts';
import { type EventAnswer, events } from '../../projector/answers/events.ts';
import { Source } from '../../projector/answers/source.ts';
import { Look } from '../../projector/exports/look.ts';
import { type ExportSettings, exportSettingsOf } from '../../projector/exports/settings.ts';
import type { Delivery, SinkName, Transport } from '../../projector/exports/sinks.ts';
import { transportsOf } from '../../projector/exports/transports.ts';
import type { Live } from '../../projector/pipeline/live.ts';
import { rebuild } from '../../projector/pipeline/rebuild.ts';
import type { Store } from '../../projector/store/store.ts';
import { begin, catchUp, look as lookAgain, openStore } from '../properties/harness.ts';
import { placesIn } from '../support/processes.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface InstallOptions {
  readonly seed: number;
  readonly version: number;
  readonly env: Readonly<Record<string, string>>;
}

/** A machine: a daemon that writes, tables that follow it, and exports, all by one simulated clock and step by step. */
export class ExportedInstall {
  readonly daemon: Daemon;
  readonly folder: string;
  readonly settings: ExportSettings;
  readonly #steps: Generator<string>;
  store: Store;
  #live: Live;
  #look: Look;
  #transports: Transport[] = [];
  #laterMs = 0;

  /** A history is begun, and then exports are switched on. */
  constructor(folder: string, { seed, version, env }: InstallOptions, stepsBefore: number) {
    this.folder = folder;
    this.settings = exportSettingsOf(env);
    this.daemon = Daemon.create(join(folder, 'ao.db'), { version, seed, runFile: placesIn(folder).AO_RUN_FILE });
    this.#steps = history(this.daemon, new Random(seed), { steps: 1_000_000 });
    for (let step = 0; step < stepsBefore; step++) this.#steps.next();
    this.store = openStore(folder, this.now);
    this.#live = begin(this.store);
    catchUp(this.#live);
    this.#look = this.#begin();
  }

  readonly now = (): number => toMilliseconds(this.daemon.host.clock.now()) + this.#laterMs;

  /** The daemon goes on for some steps, and the tables follow it. */
  write(steps: number): void {
    for (let step = 0; step < steps; step++) {
      this.#steps.next();
      this.follow();
    }
  }

  follow(): void {
    this.#live = lookAgain(this.store, this.#live);
    this.#look.committed();
  }

  /** Time passes, and nothing happens. */
  later(ms: number): void {
    this.#laterMs += ms;
  }

  async settle(): Promise<void> {
    await this.#look.settle();
  }

  /** What a sink sends until it has nothing more, or something is not received. */
  async send(sink: SinkName): Promise<Delivery | null> {
    const transport = this.#transports.find((one) => one.sink === sink)!;
    let last: Delivery | null = null;
    for (let batch = this.#look.leaving(sink); batch !== null; batch = this.#look.leaving(sink)) {
      last = await transport.deliver(batch.payload, AbortSignal.timeout(5_000));
      this.#look.sent(batch, last);
      if (sink === 'metrics' || last.outcome === 'failed') return last;
    }
    return last;
  }

  /** The process is killed where it stands, and another one takes over. */
  restart(): void {
    this.#live.close();
    this.store.close();
    this.store = openStore(this.folder, this.now);
    this.#live = begin(this.store);
    this.#look = this.#begin();
  }

  rebuild(): void {
    this.#live.close();
    for (const _ of rebuild(this.store));
    this.#live = begin(this.store);
  }

  /** Lets so much time pass that everything settles, whatever it is. */
  async settleAll(): Promise<void> {
    this.follow();
    this.later(2 * DAY_MS);
    await this.settle();
  }

  /** The events that the tables hold of what came after a position of each stream and a time. */
  derived(after: { readonly change_log: number; readonly telemetry: number; readonly since: number }): EventAnswer[] {
    return this.#ask((source) =>
      [...events(source, { names: [], since: after.since, until: null, project: null })].filter(
        ({ cause_stream, cause_position }) => cause_position > after[cause_stream],
      ),
    );
  }

  /** How often each command was used, on days that began after a time. */
  days(since: number): { readonly name: string; readonly count: number }[] {
    return this.#ask(({ derived }) =>
      derived
        .prepare<[number], { name: string; count: number }>(
          'SELECT name, count FROM daily_count WHERE day * 86400000 >= ?',
        )
        .all(since),
    );
  }

  /** How far the tables are. */
  position(): { readonly change_log: number; readonly telemetry: number; readonly since: number } {
    return this.#ask((source) => ({ ...source.positions(), since: this.now() }));
  }

  close(): void {
    this.#live.close();
    this.store.close();
    this.daemon.close();
  }

  #begin(): Look {
    const { store, settings, now } = this;
    this.#transports = transportsOf(settings, true, now);
    return new Look({ store, settings, transports: this.#transports, now });
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
