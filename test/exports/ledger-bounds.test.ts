import { expect, test } from '@jest/globals';
import type { Database } from 'better-sqlite3';
import { Batches, MOST_BATCHES, MOST_BYTES } from '../../projector/exports/batches.ts';
import { ledger } from '../../projector/exports/ledger.ts';
import type { Delivery } from '../../projector/exports/sinks.ts';
import { openAnalytics } from '../../projector/store/analytics.ts';
import { pathsOf } from '../../projector/store/paths.ts';
import { placesIn } from '../support/processes.ts';
import { withFolder } from '../support/temporary.ts';

const ACCEPTED: Delivery = { outcome: 'accepted', result: 'answered 200', afterMs: null };
const FAILED: Delivery = { outcome: 'failed', result: 'answered 503', afterMs: null };

function withAnalytics(use: (analytics: Database, batches: Batches) => void): void {
  withFolder((folder) => {
    const analytics = openAnalytics(pathsOf(placesIn(folder)), 0);
    use(analytics, new Batches(analytics));
    analytics.close();
  });
}

/** Sends so many batches, one after the other, each of so many bytes. */
function send(batches: Batches, delivery: Delivery, payloads: number, bytes: number): void {
  for (let sent = 0; sent < payloads; sent++) {
    batches.add({
      sink: 'logs',
      destination: 'http://x',
      madeAt: 0,
      seq: sent,
      items: 1,
      bytes: Buffer.alloc(bytes, 1),
    });
    const batch = batches.pending('logs')!;
    batches.tries(batch, 0);
    batches.tried(batch, delivery);
  }
}

const sentOf = (analytics: Database) => ledger(analytics, 0, Number.MAX_SAFE_INTEGER).sent;

test(`the ledger keeps the last ${MOST_BATCHES} batches`, () => {
  withAnalytics((analytics, batches) => {
    send(batches, ACCEPTED, 1, 2);
    const [first] = sentOf(analytics);
    analytics
      .prepare(
        `WITH RECURSIVE other (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM other WHERE n < ?)
         INSERT INTO export_batch (sink, destination, made_at, seq, items, payload, attempts, done)
         SELECT 'posthog', 'http://x', 0, 0, 1, x'5b5d', 1, 1 FROM other`,
      )
      .run(MOST_BATCHES - 2);
    send(batches, ACCEPTED, 1, 2);
    expect(sentOf(analytics)).toHaveLength(MOST_BATCHES);
    expect(sentOf(analytics).at(-1)).toEqual(first);
    send(batches, ACCEPTED, 2, 2);
    expect(sentOf(analytics)).toHaveLength(MOST_BATCHES);
    expect(sentOf(analytics).at(-1)!.id).toBe(first!.id + 2);
  });
});

test('the ledger keeps the last batches of so many bytes together', () => {
  withAnalytics((analytics, batches) => {
    send(batches, ACCEPTED, 20, MOST_BYTES / 16);
    expect(sentOf(analytics)).toHaveLength(16);
  });
});

test('what is pending is kept, however much there is, and fills no place', () => {
  withAnalytics((analytics, batches) => {
    send(batches, FAILED, 1, MOST_BYTES);
    const pending = batches.pending('logs')!;
    analytics.prepare("UPDATE export_batch SET sink = 'posthog'").run();
    send(batches, ACCEPTED, 3, 2);
    expect(sentOf(analytics)).toHaveLength(4);
    const kept = batches.pending('posthog')!;
    expect([kept.id, kept.payload.length]).toEqual([pending.id, MOST_BYTES]);
  });
});
