import { setTimeout } from 'node:timers/promises';
import { firstEventId } from '../projections/vocabulary.ts';
import { now } from './clock.ts';
import { openDerived } from './derived.ts';

const EVERY_MS = 1;

/** Looks at the present derived file again and again, and knows when each row of the log became readable in it. */
export class Observer {
  readonly #db;
  readonly #newest;
  /** From the row on that `seen` says, everything up to it was readable at that time. */
  readonly #seen: { readonly id: number; readonly at: number }[] = [];

  constructor(dataDir: string) {
    this.#db = openDerived(dataDir);
    this.#newest = this.#db.prepare<[], number>('SELECT max(id) FROM event').pluck();
  }

  /** Looks until `done` holds. */
  async watch(done: () => boolean): Promise<void> {
    while (!done()) {
      this.look();
      await setTimeout(EVERY_MS);
    }
  }

  /** Looks once. */
  look(): void {
    const id = this.#newest.get() ?? 0;
    if (id > (this.#seen.at(-1)?.id ?? 0)) this.#seen.push({ id, at: now() });
  }

  /** When the event of this row of the log was there; undefined while it is not. */
  readableAt(seq: number): number | undefined {
    return this.#seen.find(({ id }) => id >= firstEventId(seq))?.at;
  }

  close(): void {
    this.#db.close();
  }
}
