import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { NEVER, ReplaySubject } from 'rxjs';
import { Daemon } from '../../fixtures/daemon/daemon.ts';
import { firstEventId } from '../../projections/vocabulary.ts';
import { MOST_ERRORS } from '../../projector/exports/batches.ts';
import { exporting } from '../../projector/exports/exporting.ts';
import { ledger } from '../../projector/exports/ledger.ts';
import { BATCH_EVENTS } from '../../projector/exports/next-batch.ts';
import { Outbox } from '../../projector/exports/outbox.ts';
import { exportSettingsOf } from '../../projector/exports/settings.ts';
import type { Delivery, SinkName, Transport } from '../../projector/exports/sinks.ts';
import type { Store } from '../../projector/store/store.ts';
import { begin, openStore } from '../properties/harness.ts';
import { hostPath } from '../support/processes.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const ACCEPTED: Delivery = { outcome: 'accepted', result: 'answered 200', afterMs: null };
const REFUSED: Delivery = { outcome: 'refused', result: 'answered 400', afterMs: null };
const ERRED: Delivery = { outcome: 'erred', result: 'answered 500', afterMs: null };
const FAILED: Delivery = { outcome: 'failed', result: 'answered 503', afterMs: null };

let store: Store;
let stop: ReplaySubject<void>;
let notices: string[];
beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'queueMicrotask', 'nextTick', 'performance'] });
  const folder = mkdtempSync(join(tmpdir(), 'ao-projector-test-'));
  Daemon.create(hostPath(folder), { version: 82 }).close();
  store = openStore(folder, Date.now);
  begin(store).close();
  stop = new ReplaySubject(1);
  notices = [];
});
afterEach(() => {
  stop.next();
  jest.useRealTimers();
  store.close();
  rmSync(store.paths.dataDir, { recursive: true });
});

/** A receiver that is not there: what it is handed, when, and what it answers. */
class Sink implements Transport {
  readonly sink: SinkName;
  readonly destination: string;
  /** When something was delivered, in milliseconds after the start. */
  readonly at: number[] = [];
  /** Whether deliveries that were begun have been aborted. */
  readonly aborted: boolean[] = [];
  answer: () => Promise<Delivery> = async () => ACCEPTED;
  readonly #startedAt = Date.now();

  constructor(sink: SinkName) {
    this.sink = sink;
    this.destination = `http://${sink}`;
  }

  async body(payload: Uint8Array): Promise<Uint8Array> {
    return payload;
  }

  deliver(_: Uint8Array, signal: AbortSignal): Promise<Delivery> {
    const index = this.at.push(Date.now() - this.#startedAt) - 1;
    this.aborted.push(false);
    signal.addEventListener('abort', () => {
      this.aborted[index] = true;
    });
    return this.answer();
  }

  /** How long it was from each delivery to the next. */
  get waits(): number[] {
    return this.at.slice(1).map((at, index) => at - this.at[index]!);
  }
}

const never = () => new Promise<Delivery>(() => {});

/** Answers one after the other, the last one for ever. */
function answers(...deliveries: readonly Delivery[]): () => Promise<Delivery> {
  let index = 0;
  return async () => deliveries[Math.min(index++, deliveries.length - 1)]!;
}

/** Exports to such sinks; returns whether it has completed. */
function exportTo(...transports: readonly Sink[]): () => boolean {
  const env = { AO_PROJECTOR_REMOTE: 'otlp', AO_PROJECTOR_OTLP_ENDPOINT: 'http://unused' };
  const settings = exportSettingsOf(env);
  let isComplete = false;
  const notice = (message: string) => void notices.push(message);
  exporting({ store, settings, transports, commits: NEVER, now: Date.now, notice, stop }).subscribe({
    complete: () => {
      isComplete = true;
    },
  });
  return () => isComplete;
}

/** Settled events that wait. */
function wait(events: number): void {
  const outbox = new Outbox(store.analytics, '');
  for (let event = 0; event < events; event++) {
    const record = { name: 'ao.send', fields: { id: 'a'.repeat(32), at: Date.now(), order: event } } as const;
    outbox.add({ record, event: firstEventId(1_000 + event), at: Date.now(), session: null, project: null });
  }
}

const passed = (ms: number) => jest.advanceTimersByTimeAsync(ms);
const results = () => ledger(store.analytics, 0, 100).sent.map(({ sink, result, done }) => [sink, result, done]);

describe('what fails is tried again', () => {
  test('after 1 s, twice as long each time, 5 minutes at most, and from 1 s again after a success', async () => {
    const sink = new Sink('metrics');
    sink.answer = answers(...Array(12).fill(FAILED), ACCEPTED, FAILED);
    exportTo(sink);
    await passed(30 * MINUTE_MS);
    const doubled = [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300].map((seconds) => seconds * 1_000);
    expect(sink.waits.slice(0, 15)).toEqual([...doubled, MINUTE_MS, 1_000, 2_000]);
  });

  test.each([
    [7_000, 7_000],
    [0, 1_000],
    [HOUR_MS - 1, HOUR_MS - 1],
    [24 * HOUR_MS, HOUR_MS],
  ])('a receiver that asks for %d ms is asked after %d ms', async (afterMs, waitMs) => {
    const sink = new Sink('metrics');
    sink.answer = answers({ ...FAILED, afterMs }, ACCEPTED);
    exportTo(sink);
    await passed(waitMs + 10_000);
    expect(sink.waits[0]).toBe(waitMs);
  });

  test('for more than an hour where the receiver errs, and then what comes after is sent', async () => {
    const sink = new Sink('logs');
    sink.answer = answers(...Array(MOST_ERRORS).fill(ERRED), ACCEPTED);
    exportTo(sink);
    wait(BATCH_EVENTS + 1);
    await passed(2 * HOUR_MS);
    expect(sink.waits.slice(0, -1).reduce((sum, ms) => sum + ms)).toBeGreaterThan(HOUR_MS);
    expect(notices).toEqual([
      'Nothing can be sent to http://logs: answered 500. It waits.',
      `http://logs refused ${BATCH_EVENTS} items: answered 500.`,
    ]);
    expect(results()).toEqual([
      ['logs', 'answered 200', true],
      ['logs', 'answered 500', true],
    ]);
  });

  test('also what throws, and the others go on', async () => {
    const [metrics, logs] = [new Sink('metrics'), new Sink('logs')];
    logs.answer = () => Promise.reject(new Error('out of order'));
    exportTo(metrics, logs);
    wait(1);
    await passed(MINUTE_MS);
    expect(logs.waits.slice(0, 3)).toEqual([1_000, 2_000, 4_000]);
    expect(metrics.at).toEqual([5_000]);
    expect(notices).toEqual(['Nothing can be sent to http://logs: out of order. It waits.']);
  });
});

describe('it is said', () => {
  const said = 'Nothing can be sent to http://metrics: answered 503. It waits.';

  test('once that nothing can be sent, until it can again or fails in another way', async () => {
    const sink = new Sink('metrics');
    sink.answer = answers(FAILED, FAILED, { ...FAILED, result: 'answered 401' }, FAILED, ACCEPTED, FAILED);
    exportTo(sink);
    await passed(10 * MINUTE_MS);
    expect(notices).toEqual([said, said.replace('503', '401'), said, said]);
  });

  test('each time what is refused, and what comes next is sent at once', async () => {
    const sink = new Sink('logs');
    sink.answer = answers(REFUSED, REFUSED, ACCEPTED);
    exportTo(sink);
    wait(2 * BATCH_EVENTS + 1);
    await passed(10_000);
    expect(sink.waits.map((ms) => ms <= 1)).toEqual([true, true]);
    expect(notices).toEqual(Array(2).fill(`http://logs refused ${BATCH_EVENTS} items: answered 400.`));
    expect(results()).toEqual([
      ['logs', 'answered 200', true],
      ['logs', 'answered 400', true],
      ['logs', 'answered 400', true],
    ]);
  });

  test('once why nothing settles, and then it goes on', async () => {
    const sink = new Sink('metrics');
    exportTo(sink);
    const { path, away } = { path: derivedPath(), away: `${derivedPath()}.away` };
    renameSync(path, away);
    for (let tries = 0; tries < 3; tries++) await passed(10_000).then(() => turn());
    expect(notices.filter((message) => message.startsWith('Exports wait: '))).toHaveLength(1);
    renameSync(away, path);
    await passed(10 * MINUTE_MS);
    expect(sink.at.length).toBeGreaterThan(5);
  });
});

test('a receiver that never answers holds nobody else', async () => {
  const sinks = (['metrics', 'logs', 'posthog'] as const).map((sink) => new Sink(sink));
  const [metrics, logs, posthog] = sinks;
  logs!.answer = never;
  exportTo(...sinks);
  wait(BATCH_EVENTS + 1);
  await passed(3 * MINUTE_MS);
  expect([metrics!.at.length, logs!.at.length, posthog!.at.length]).toEqual([3, 1, 2]);
  expect(notices).toEqual([]);
});

describe('when it is to stop', () => {
  test('nothing new is begun', async () => {
    const sink = new Sink('metrics');
    const isComplete = exportTo(sink);
    await passed(MINUTE_MS);
    stop.next();
    await passed(0);
    expect(isComplete()).toBe(true);
    await passed(10 * MINUTE_MS);
    expect(sink.at).toEqual([5_000]);
  });

  test('what waits to be tried again waits for the next run', async () => {
    const sink = new Sink('metrics');
    sink.answer = answers(FAILED);
    const isComplete = exportTo(sink);
    await passed(5_000);
    stop.next();
    await passed(0);
    expect(isComplete()).toBe(true);
    expect(results()).toEqual([['metrics', 'answered 503', false]]);
  });

  test('what is under way may end within 3 s, and what came of it is noted', async () => {
    const sink = new Sink('logs');
    let accept = () => {};
    sink.answer = () => new Promise((resolve) => (accept = () => resolve(ACCEPTED)));
    const isComplete = exportTo(sink);
    wait(BATCH_EVENTS + 1);
    await passed(5_000);
    stop.next();
    await passed(2_999);
    expect([isComplete(), sink.aborted]).toEqual([false, [false]]);
    accept();
    await passed(0);
    expect(isComplete()).toBe(true);
    expect(results()).toEqual([['logs', 'answered 200', true]]);
  });

  test('what is under way after 3 s is aborted, and is sent again by the next run', async () => {
    const sink = new Sink('logs');
    sink.answer = never;
    const isComplete = exportTo(sink);
    wait(1);
    await passed(5_000);
    stop.next();
    await passed(3_000);
    expect([isComplete(), sink.aborted]).toEqual([true, [true]]);
    expect(results()).toEqual([['logs', 'not answered yet', false]]);
  });
});

function derivedPath(): string {
  return store.paths.derived((store.current() as { number: number }).number);
}
