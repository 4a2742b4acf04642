import type { Database } from 'better-sqlite3';
import { Batches } from './batches.ts';
import { consentOf } from './consent.ts';
import type { Destination } from './destinations.ts';
import { Outbox } from './outbox.ts';
import { revisions } from './settled.ts';
import type { SinkName } from './sinks.ts';

/** How a sink stands. Times in milliseconds UTC. */
export interface SinkStatus {
  readonly sink: SinkName;
  /** Null where it is off. */
  readonly destination: string | null;
  /** Why it is off; null where it is on. */
  readonly off: string | null;
  /** Nothing from before this moment is sent; null before the first `run` with this destination. */
  readonly since: number | null;
  /** Settled events that were not received yet; null of metrics. */
  readonly waiting: number | null;
  /** What was sent last, and what came of it; null before the first time. */
  readonly last: {
    readonly at: number;
    readonly attempts: number;
    readonly items: number;
    readonly result: string;
    readonly done: boolean;
  } | null;
}

export interface ExportStatusAnswer {
  readonly now: number;
  readonly as_of: null;
  readonly remote: string;
  readonly sinks: readonly SinkStatus[];
  /** How often events said something else after they were taken in to be sent. */
  readonly revised: number;
}

/** Where derived events and metrics are sent to, and what came of the last attempts. */
export function exportStatus(
  analytics: Database | null,
  destinations: readonly Destination[],
  remote: string,
  now: number,
): ExportStatusAnswer {
  return {
    now,
    as_of: null,
    remote,
    sinks: destinations.map((destination) => sinkStatus(analytics, destination)),
    revised: analytics ? revisions(analytics) : 0,
  };
}

function sinkStatus(analytics: Database | null, one: Destination): SinkStatus {
  const { sink } = one;
  const destination = 'transport' in one ? one.transport.destination : null;
  const noted = analytics ? consentOf(analytics, sink) : undefined;
  const consent = noted?.destination === destination ? noted : undefined;
  return {
    sink,
    destination,
    off: 'off' in one ? one.off : null,
    since: consent?.since ?? null,
    waiting: sink === 'metrics' || !analytics || !consent ? null : new Outbox(analytics, '').count(consent),
    last: analytics ? lastOf(analytics, sink) : null,
  };
}

function lastOf(analytics: Database, sink: SinkName): SinkStatus['last'] {
  for (const { sink: of, triedAt, attempts, items, result, done } of new Batches(analytics).ledger()) {
    if (of === sink) return { at: triedAt!, attempts, items, result: result!, done };
  }
  return null;
}
