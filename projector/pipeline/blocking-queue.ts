import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';

/** Whoever waits longer than this takes the other end for dead. */
const PATIENCE_MS = 30_000;

const SENT = 0;
const TAKEN = 1;
const LEFT = 2;

/** What both ends of a queue share beside the port of each. */
export type QueueCounters = Int32Array;

export function queueCounters(): QueueCounters {
  return new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT));
}

/** The end of a bounded queue that a thread fills; it blocks while the queue is full. */
export class QueueSender<T> {
  readonly #port: MessagePort;
  readonly #counters: QueueCounters;
  readonly #limit: number;

  constructor(port: MessagePort, counters: QueueCounters, limit: number) {
    this.#port = port;
    this.#counters = counters;
    this.#limit = limit;
  }

  /** Returns false once nobody listens any more. */
  send(message: T, transferred: ArrayBuffer[] = []): boolean {
    const counters = this.#counters;
    for (;;) {
      if (Atomics.load(counters, LEFT) === 1) return false;
      const taken = Atomics.load(counters, TAKEN);
      if (Atomics.load(counters, SENT) - taken < this.#limit) break;
      if (Atomics.wait(counters, TAKEN, taken, PATIENCE_MS) === 'timed-out') return false;
    }
    this.#port.postMessage(message, transferred);
    Atomics.add(counters, SENT, 1);
    Atomics.notify(counters, SENT);
    return true;
  }
}

/** The end of a bounded queue that a thread empties; it blocks while the queue is empty. */
export class QueueReceiver<T> {
  readonly #port: MessagePort;
  readonly #counters: QueueCounters;

  constructor(port: MessagePort, counters: QueueCounters) {
    this.#port = port;
    this.#counters = counters;
  }

  /** The next message; null when none comes any more. */
  receive(): T | null {
    const counters = this.#counters;
    const taken = Atomics.load(counters, TAKEN);
    while (Atomics.load(counters, SENT) === taken) {
      if (Atomics.wait(counters, SENT, taken, PATIENCE_MS) === 'timed-out') return null;
    }
    const { message } = receiveMessageOnPort(this.#port)!;
    Atomics.add(counters, TAKEN, 1);
    Atomics.notify(counters, TAKEN);
    return message as T;
  }

  close(): void {
    Atomics.store(this.#counters, LEFT, 1);
    Atomics.notify(this.#counters, TAKEN);
    this.#port.close();
  }
}
