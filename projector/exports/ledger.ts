import type { Database } from 'better-sqlite3';
import { ProjectorError } from '../errors.ts';
import { erase, finishErasing } from '../store/erase.ts';
import { type Batch, Batches } from './batches.ts';
import { revisions } from './settled.ts';
import type { SinkName } from './sinks.ts';

/** Something that was sent, as programs read it. Times in milliseconds UTC. */
export interface SentAnswer {
  readonly id: number;
  readonly sink: SinkName;
  readonly destination: string;
  /** When it was sent last, and how often it was. */
  readonly at: number | null;
  readonly attempts: number;
  readonly items: number;
  readonly result: string | null;
  /** Whether it was received, or refused for good; else it is sent again. */
  readonly done: boolean;
  readonly payload: PayloadAnswer;
}

/** Bytes as programs read them: text where they are UTF-8, else in base64. Empty where they were erased. */
export interface PayloadAnswer {
  readonly encoding: 'utf8' | 'base64';
  readonly bytes: number;
  readonly body: string;
}

export interface LedgerAnswer {
  readonly now: number;
  readonly as_of: null;
  /** The last ones, the latest first. */
  readonly sent: readonly SentAnswer[];
  /** How often events said something else after they were taken in to be sent. It is counted and never sent again. */
  readonly revised: number;
}

/** What was sent, at most so many requests of it. */
export function ledger(analytics: Database | null, now: number, limit: number): LedgerAnswer {
  const sent: SentAnswer[] = [];
  if (analytics) {
    for (const batch of new Batches(analytics).ledger()) {
      if (sent.push(sentAnswer(batch)) === limit) break;
    }
  }
  return { now, as_of: null, sent, revised: analytics ? revisions(analytics) : 0 };
}

/** The bytes of one entry; throws where there is none of that number. */
export function ledgerPayload(analytics: Database | null, id: number): Buffer {
  const payload = analytics
    ?.prepare<[number], Buffer>('SELECT payload FROM export_batch WHERE id = ? AND attempts > 0')
    .pluck()
    .get(id);
  if (payload) return payload;
  throw new ProjectorError({
    code: 'not_in_ledger',
    message: `Nothing of the number ${id} was sent.`,
    expected: 'a number that `ao-projector export ledger` lists',
    found: String(id),
    remedy: 'See `ao-projector export ledger`. Old entries are removed when it is full.',
  });
}

/** Erases what was sent from the ledger, for good. What is still being sent stays. Returns how many entries went. */
export function eraseLedger(analytics: Database): number {
  const entries = erase(analytics, () => analytics.prepare('DELETE FROM export_batch WHERE done = 1').run().changes);
  finishErasing(analytics);
  return entries;
}

export function payloadAnswer(bytes: Uint8Array): PayloadAnswer {
  const buffer = Buffer.from(bytes);
  const text = buffer.toString();
  const isText = Buffer.from(text).equals(buffer);
  return {
    encoding: isText ? 'utf8' : 'base64',
    bytes: buffer.length,
    body: isText ? text : buffer.toString('base64'),
  };
}

function sentAnswer({ id, sink, destination, triedAt, attempts, items, result, done, payload }: Batch): SentAnswer {
  return { id, sink, destination, at: triedAt, attempts, items, result, done, payload: payloadAnswer(payload) };
}
