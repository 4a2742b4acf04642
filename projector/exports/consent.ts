import type { Database } from 'better-sqlite3';
import { eventPosition, isOfTelemetry } from '../../projections/vocabulary.ts';
import { SINKS, type SinkName, type Transport } from './sinks.ts';

/** Since when, and from where on, a sink may tell what there is. */
export interface Consent {
  readonly sink: SinkName;
  readonly destination: string;
  /** When the sink was switched on, in milliseconds UTC. */
  readonly since: number;
  readonly history: number;
  /** How far that history was derived by then. */
  readonly changeLog: number;
  readonly telemetry: number;
  /** Row of the outbox up to which all is delivered. */
  readonly seq: number;
  /** When its last batch was made. */
  readonly batchedAt: number;
}

/** How far the present history is derived. */
export interface Derived {
  readonly history: number;
  readonly change_log: number;
  readonly telemetry: number;
}

const COLUMNS = `sink, destination, since, history, change_log AS changeLog, telemetry, seq, batched_at AS batchedAt`;

/** The sinks that are on, as they were last noted. */
export function consents(analytics: Database): Consent[] {
  return analytics.prepare<[], Consent>(`SELECT ${COLUMNS} FROM export_mark ORDER BY sink`).all();
}

export function consentOf(analytics: Database, sink: SinkName): Consent | undefined {
  return analytics.prepare<[string], Consent>(`SELECT ${COLUMNS} FROM export_mark WHERE sink = ?`).get(sink);
}

/** What is asked about: the row id of an event, null of the count of a day, and its time. */
export interface Covered {
  readonly id: number | null;
  readonly at: number;
}

/** Whether something was consented to: it is from after the moment of consent, and so is the row that tells it. */
export function covers(consent: Consent, { id, at }: Covered, history: number): boolean {
  if (at < consent.since) return false;
  if (id === null || consent.history !== history) return true;
  return eventPosition(id) > (isOfTelemetry(id) ? consent.telemetry : consent.changeLog);
}

/**
 * Notes which sinks are on. One that was not on before, or sent elsewhere, may tell what comes from now on. What waited for one
 * that is on no more is dropped, and never sent.
 */
export function noteConsents(
  analytics: Database,
  transports: readonly Pick<Transport, 'sink' | 'destination'>[],
  derived: Derived,
  now: number,
): void {
  const note = analytics.transaction(() => {
    for (const sink of SINKS) {
      const consent = consentOf(analytics, sink);
      const destination = transports.find((transport) => transport.sink === sink)?.destination;
      if (consent && consent.destination !== destination) withdraw(analytics, sink);
      if (destination !== undefined && consent?.destination !== destination) {
        give(analytics, { sink, destination, since: now, derived });
      }
    }
    dropWhatNobodyWaitsFor(analytics);
    beginHistory(analytics, derived.history);
  });
  note.immediate();
}

interface Given extends Pick<Consent, 'sink' | 'destination' | 'since'> {
  readonly derived: Derived;
}

function give(analytics: Database, { sink, destination, since, derived }: Given): void {
  const newest = analytics.prepare<[], number | null>('SELECT max(seq) FROM outbox').pluck().get() ?? 0;
  analytics
    .prepare(
      `INSERT INTO export_mark (sink, destination, since, history, change_log, telemetry, seq, batched_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(sink, destination, since, derived.history, derived.change_log, derived.telemetry, newest, since);
}

function withdraw(analytics: Database, sink: SinkName): void {
  analytics.prepare('DELETE FROM export_mark WHERE sink = ?').run(sink);
  analytics.prepare('DELETE FROM export_batch WHERE sink = ? AND attempts = 0').run(sink);
  analytics
    .prepare(
      "UPDATE export_batch SET done = 1, result = 'switched off before it was received' WHERE sink = ? AND done = 0",
    )
    .run(sink);
  if (sink === 'metrics') analytics.prepare('DELETE FROM export_total').run();
}

function dropWhatNobodyWaitsFor(analytics: Database): void {
  const on = consents(analytics);
  if (on.every(({ sink }) => sink === 'metrics')) {
    for (const table of ['outbox', 'export_rate']) analytics.prepare(`DELETE FROM ${table}`).run();
  }
  if (on.length === 0) analytics.prepare('DELETE FROM settled_event').run();
}

/** Rows of another history have numbers of their own. */
function beginHistory(analytics: Database, history: number): void {
  const { changes } = analytics
    .prepare('UPDATE export_mark SET history = ?, change_log = 0, telemetry = 0 WHERE history <> ?')
    .run(history, history);
  if (changes > 0) analytics.prepare('DELETE FROM settled_event').run();
}
