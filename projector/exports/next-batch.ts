import type { Database } from 'better-sqlite3';
import type { Source } from '../answers/source.ts';
import type { Keys } from '../host/keys.ts';
import { Batches, type NewBatch } from './batches.ts';
import { type Consent, consentOf } from './consent.ts';
import { type Ends, endsOf } from './ends.ts';
import { gaugesOf } from './gauges.ts';
import { installHash } from './install.ts';
import { logsRequest } from './logs.ts';
import { metricsRequest } from './metrics.ts';
import { temporalities } from './otlp.ts';
import { Outbox } from './outbox.ts';
import { captures } from './posthog.ts';
import type { ExportRecord } from './record.ts';
import type { ExportSettings, Protocol, Signal } from './settings.ts';
import type { EventSinkName, Payload, SinkName } from './sinks.ts';
import { Totals } from './totals.ts';

/** So many events go in one request at most. */
export const BATCH_EVENTS = 500;

export interface Exported {
  readonly analytics: Database;
  readonly source: Source;
  readonly keys: Keys;
  readonly settings: ExportSettings;
  /** Milliseconds UTC. */
  readonly now: number;
  /** How much older than its commit the newest fact of the last commit was, in milliseconds; null where that is not known. */
  readonly lagMs: number | null;
}

export interface NextBatch extends NewBatch {
  /** The ends that it tells, if it tells any. */
  readonly ends: readonly Ends[];
}

/** What a sink would send next, if no batch of it is under way: metrics as they are now, or events that wait. Null for nothing. */
export function nextBatch(exported: Exported, sink: SinkName): NextBatch | null {
  const consent = consentOf(exported.analytics, sink);
  if (!consent) return null;
  return sink === 'metrics' ? metricsBatch(exported, consent) : eventsBatch(exported, { ...consent, sink });
}

/** Writes what a sink sends next. Returns whether there is anything. */
export function makeBatch(exported: Exported, sink: SinkName): boolean {
  const { analytics } = exported;
  const make = analytics.transaction(() => {
    const batch = nextBatch(exported, sink);
    if (batch === null) return false;
    const batches = new Batches(analytics);
    if (batch.items === 0) {
      batches.passed(sink, batch.seq);
      return true;
    }
    batches.add(batch);
    if (sink === 'metrics') {
      const totals = new Totals(analytics);
      totals.batched();
      for (const { attributes } of batch.ends) totals.tellEnds(attributes);
      analytics.prepare('UPDATE export_mark SET batched_at = ? WHERE sink = ?').run(batch.madeAt, sink);
    }
    return true;
  });
  return make.immediate();
}

function metricsBatch({ analytics, source, keys, settings, lagMs, ...rest }: Exported, consent: Consent): NextBatch {
  const { since, batchedAt, destination, seq } = consent;
  // A batch ends after the one before, even where the clock was set back: what they count is of one moment each.
  const now = Math.max(rest.now, batchedAt + 1);
  const totals = new Totals(analytics).all();
  const ends = settings.isDisabled('ao.session.killed') ? [] : endsOf(source, consent, totals);
  const measured = {
    totals,
    ends,
    gauges: gaugesOf(source, consent, now, lagMs),
    ...{ since, batchedAt, now },
  };
  const payload = metricsRequest(
    measured,
    installHash(analytics, keys),
    protocolOf(settings, 'METRICS'),
    temporalities(),
  );
  return { sink: 'metrics', destination, madeAt: now, seq, ends, ...payload };
}

function eventsBatch(
  { analytics, source, keys, settings, now }: Exported,
  consent: Consent & { readonly sink: EventSinkName },
): NextBatch | null {
  const install = installHash(analytics, keys);
  const waiting = new Outbox(analytics, install).waiting(consent, source.history, BATCH_EVENTS);
  if (waiting === null) return null;
  const { records, seq } = waiting;
  const { sink, destination } = consent;
  const write: Readonly<Record<EventSinkName, (records: readonly ExportRecord[]) => Uint8Array>> = {
    logs: () => logsRequest(records, install, protocolOf(settings, 'LOGS'), now),
    posthog: () => captures(records, install),
  };
  const payload: Payload = { bytes: write[sink](records), items: records.length };
  return { sink, destination, madeAt: now, seq, ends: [], ...payload };
}

function protocolOf({ otlp }: ExportSettings, signal: Signal): Protocol {
  return otlp.find((one) => one.signal === signal)!.protocol;
}
