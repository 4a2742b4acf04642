import { randomUUID } from 'node:crypto';
import { type EventAnswer, EventPrinter } from '../answers/events.ts';
import { Follower } from '../answers/follow.ts';
import { Source } from '../answers/source.ts';
import { ProjectorError } from '../errors.ts';
import type { Paths } from '../store/paths.ts';
import type { Tiers } from '../tiers.ts';
import { derivedSignature } from './signature.ts';

const LOOK_EVERY_MS = 500;

/** So many of the latest events can be told again to whoever was away. */
const KEPT = 4_096;

/** An event as it is told, with what it can be gone on from. */
export interface Told {
  readonly id: string;
  readonly event: EventAnswer;
}

type Listener = (told: Told) => void;

/** Tells events as they are derived, in the order in which they are, to whoever listens. */
export class Feed {
  readonly #paths: Paths;
  readonly #tiers: Tiers;
  /** Numbers are those of one server: after its end nobody can be told what came between. */
  readonly #epoch = randomUUID().slice(0, 8);
  readonly #kept: Told[] = [];
  readonly #listeners = new Set<Listener>();
  readonly #looking: NodeJS.Timeout;
  #follower: Follower | null = null;
  #count = 0;
  #files = '';

  constructor(paths: Paths, tiers: Tiers) {
    this.#paths = paths;
    this.#tiers = tiers;
    this.look();
    this.#looking = setInterval(() => this.look(), LOOK_EVERY_MS);
    this.#looking.unref();
  }

  /** How many listen. */
  get listening(): number {
    return this.#listeners.size;
  }

  /** Where a listener stands who has heard everything. */
  get last(): string {
    return this.#id(this.#count);
  }

  /** The events after one that was told; null where nobody knows any more which they are. */
  since(last: string): readonly Told[] | null {
    const [epoch, number] = last.split('.');
    const missed = this.#count - Number(number);
    if (epoch !== this.#epoch || !Number.isSafeInteger(missed) || missed < 0 || missed > this.#kept.length) return null;
    return missed === 0 ? [] : this.#kept.slice(-missed);
  }

  /** Returns how to stop listening. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Looks for what is new, where the files say that there may be something. */
  look(): void {
    const files = derivedSignature(this.#paths);
    if (files === this.#files) return;
    const source = this.#open();
    if (!source) return;
    try {
      if (this.#follower) {
        const printer = new EventPrinter(source);
        for (const derived of this.#follower.next(source)) this.#tell(printer.print(derived));
      } else this.#follower = new Follower(source);
      this.#files = files;
    } finally {
      source.close();
    }
  }

  close(): void {
    clearInterval(this.#looking);
  }

  #tell(event: EventAnswer): void {
    this.#count += 1;
    const told = { id: this.#id(this.#count), event };
    this.#kept.push(told);
    if (this.#kept.length > KEPT) this.#kept.shift();
    for (const listener of this.#listeners) listener(told);
  }

  #id(count: number): string {
    return `${this.#epoch}.${count}`;
  }

  /** Null while nothing is derived. */
  #open(): Source | null {
    try {
      return Source.open(this.#paths, this.#tiers);
    } catch (error) {
      if (error instanceof ProjectorError && error.code === 'nothing_derived') return null;
      throw error;
    }
  }
}
