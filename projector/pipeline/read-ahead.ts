import { MessageChannel, Worker } from 'node:worker_threads';
import type { JournalFact } from '../../projections/facts.ts';
import type { LeftOut } from '../host/left-out.ts';
import type { NewFact } from '../host/telemetry.ts';
import type { ChangeBatch, TailRow } from '../store/derived/batch.ts';
import { packagePath } from '../store/paths.ts';
import { type QueueCounters, QueueReceiver, queueCounters } from './blocking-queue.ts';
import { type PackedFacts, unpackFacts } from './packed-facts.ts';

/** Pages that wait at most; a commit takes as long as some of them take to read. */
export const PAGES_AHEAD = 16;

/** What the thread that reads ahead is told. */
export interface ReadAheadOrder {
  readonly hostPath: string;
  readonly secret: Uint8Array;
  readonly leftOut: LeftOut;
  /** What is known of migrations: of all that came before `head`. */
  readonly migrations: readonly Pick<JournalFact, 'name' | 'at' | 'data'>[];
  /** Creation row up to which sessions were observed. */
  readonly observedBorn: number;
  /** Position to read up to. */
  readonly head: number;
}

/** A page that was read in a snapshot of its own, with what its new sessions showed there. */
export interface AheadPage extends ChangeBatch {
  readonly observed: readonly NewFact[];
  /** Digests of the last rows, with the last page; null before. */
  readonly tail: readonly TailRow[] | null;
}

export interface PackedPage extends Omit<AheadPage, 'facts'> {
  readonly facts: PackedFacts;
}

/**
 * Reads and decodes `change_log` from its beginning on a thread of its own, so that the machine's other cores have a part in a
 * rebuild. Rows may vanish between being read and being folded: then they vanish late, and are un-read as ever. Where the thread
 * fails it falls silent, and whoever reads on meets what it met.
 */
export class ReadAhead {
  readonly #queue: QueueReceiver<PackedPage | null>;

  constructor(order: ReadAheadOrder) {
    const { port1, port2 } = new MessageChannel();
    const counters = queueCounters();
    this.#queue = new QueueReceiver(port1, counters);
    const workerData: ReadAheadOrder & { port: typeof port2; counters: QueueCounters } = {
      ...order,
      port: port2,
      counters,
    };
    const worker = new Worker(packagePath('dist', 'projector', 'pipeline', 'read-ahead-worker.js'), {
      workerData,
      transferList: [port2],
      execArgv: [],
    });
    worker.on('error', () => {});
    worker.unref();
  }

  /** The next page; null when there is none left. */
  next(): AheadPage | null {
    const page = this.#queue.receive();
    return page && { ...page, facts: unpackFacts(page.facts) };
  }

  close(): void {
    this.#queue.close();
  }
}
