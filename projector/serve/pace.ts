import { setTimeout } from 'node:timers/promises';

/** So long answers may be computed at once after a while without any, in milliseconds. */
const AT_ONCE_MS = 250;

/** So many may wait for their turn. */
const MOST_WAITING = 128;

/** A clock in milliseconds that nobody sets. */
export interface Clock {
  now(): number;
  wait(ms: number): Promise<unknown>;
}

/** Lets answers be computed for no more than a share of the time in the long run; who comes too early waits. */
export class Pace {
  readonly #share: number;
  readonly #clock: Clock;
  #freeMs = AT_ONCE_MS;
  #at: number;
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();

  /** @param share of one core, up to 1 */
  constructor(share: number, clock: Clock = { now: () => performance.now(), wait: setTimeout }) {
    this.#share = share;
    this.#clock = clock;
    this.#at = clock.now();
  }

  /** Computes an answer when it is its turn; null where too many wait already. */
  async turn<T>(compute: () => Promise<T>): Promise<T | null> {
    if (this.#waiting >= MOST_WAITING) return null;
    this.#waiting += 1;
    const answered = this.#last.then(() => this.#compute(compute));
    this.#last = answered.catch(() => {});
    return await answered;
  }

  async #compute<T>(compute: () => Promise<T>): Promise<T> {
    this.#refill();
    if (this.#freeMs < 0) await this.#clock.wait(-this.#freeMs / this.#share);
    this.#refill();
    const began = this.#clock.now();
    try {
      return await compute();
    } finally {
      this.#freeMs -= this.#clock.now() - began;
      this.#waiting -= 1;
    }
  }

  #refill(): void {
    const now = this.#clock.now();
    this.#freeMs = Math.min(AT_ONCE_MS, this.#freeMs + (now - this.#at) * this.#share);
    this.#at = now;
  }
}
