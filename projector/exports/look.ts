import { setImmediate } from 'node:timers/promises';
import { Source } from '../answers/source.ts';
import type { Store } from '../store/store.ts';
import { type Batch, Batches } from './batches.ts';
import { noteConsents } from './consent.ts';
import { makeBatch } from './next-batch.ts';
import type { ExportSettings } from './settings.ts';
import { settle } from './settle.ts';
import { END_SETTLES_MS, SETTLES_MS } from './settling.ts';
import type { Delivery, SinkName, Transport } from './sinks.ts';

export interface LookOptions {
  readonly store: Store;
  readonly settings: ExportSettings;
  readonly transports: readonly Pick<Transport, 'sink' | 'destination'>[];
  readonly now: () => number;
}

/** What exporting sees of the derived tables, and what it makes of that. Notes at once which sinks are on. */
export class Look {
  readonly #options: LookOptions;
  readonly #batches: Batches;
  #quietSince: number;
  /** Null before the first commit. */
  #committedAt: number | null = null;
  #seen = '';

  constructor(options: LookOptions) {
    this.#options = options;
    const { store, transports, now } = options;
    this.#batches = new Batches(store.analytics);
    this.#quietSince = now();
    this.#withSource((source) => {
      noteConsents(store.analytics, transports, { history: source.history, ...source.positions() }, now());
    });
  }

  /** Says that rows were committed just now. */
  committed(): void {
    this.#committedAt = this.#options.now();
    this.#quietSince = this.#committedAt;
  }

  /**
   * Takes settled events in, where any can have settled since the last time, until it is told to stop; resolves to how long that
   * took, in milliseconds.
   */
  async settle(isStopped = () => false): Promise<number> {
    const { store, settings, now } = this.#options;
    const source = this.#open();
    let busyMs = 0;
    try {
      const quietMs = now() - this.#quietSince;
      const seen = JSON.stringify([source.derived.name, source.positions(), this.#ripe(quietMs)]);
      if (seen === this.#seen) return 0;
      const { analytics, keys } = store;
      const pages = settle({ analytics, source, keys, isDisabled: settings.isDisabled, now: now(), quietMs });
      for (let isDone = false; !isDone; ) {
        if (isStopped()) return busyMs;
        const startedAt = performance.now();
        isDone = pages.next().done === true;
        busyMs += performance.now() - startedAt;
        await setImmediate();
      }
      this.#seen = seen;
      return busyMs;
    } finally {
      source.close();
    }
  }

  /** The batch of a sink that is to leave now, and noted to: what was not received yet, or what comes next; null for nothing. */
  leaving(sink: SinkName): Batch | null {
    let pending = this.#batches.pending(sink);
    while (!pending && this.#makeBatch(sink)) pending = this.#batches.pending(sink);
    if (!pending) return null;
    this.#batches.tries(pending, this.#options.now());
    return pending;
  }

  /** Notes what came of sending a batch. Returns whether it is not sent again. */
  sent(batch: Batch, delivery: Delivery): boolean {
    return this.#batches.tried(batch, delivery);
  }

  /** Returns whether there was anything to make one of; nothing of it may have been consented to. */
  #makeBatch(sink: SinkName): boolean {
    const { store, settings, now } = this.#options;
    return this.#withSource((source) => {
      const { analytics, keys } = store;
      return makeBatch({ analytics, source, keys, settings, now: now(), lagMs: this.#lagMs(source) }, sink);
    });
  }

  /** How old the newest fact was when it was last committed. */
  #lagMs(source: Source): number | null {
    const { at } = source.positions();
    return at === null || this.#committedAt === null ? null : Math.max(0, this.#committedAt - at);
  }

  /** What time alone has brought: how much has settled by quiet, and which days are over. */
  #ripe(quietMs: number): unknown {
    const day = Math.floor((this.#options.now() - SETTLES_MS) / END_SETTLES_MS);
    return [quietMs >= SETTLES_MS, quietMs >= END_SETTLES_MS, quietMs >= SETTLES_MS ? day : 0];
  }

  #withSource<T>(ask: (source: Source) => T): T {
    const source = this.#open();
    try {
      return ask(source);
    } finally {
      source.close();
    }
  }

  #open(): Source {
    return Source.open(this.#options.store.paths, { metrics: true, events: false, remote: [] });
  }
}
