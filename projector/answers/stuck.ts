import { sql } from 'drizzle-orm';
import { event } from '../../drizzle/derived.ts';
import { EVENTS, type EventDefinition, eventParts } from '../../projections/vocabulary.ts';
import { fromRow } from '../store/derived/event-table.ts';
import { ask } from './funnel/ask.ts';
import { SHIPPED } from './funnel/shipped.ts';
import { times } from './funnel/statistics.ts';
import type { AsOf, Source } from './source.ts';
import { Subjects } from './subjects.ts';

export interface OpenWait {
  readonly session: string;
  readonly raw: string | null;
  /** Milliseconds UTC. */
  readonly since: number;
  /** From there to `now`, at least 0. */
  readonly dwell_ms: number;
}

export interface StuckAnswer {
  readonly now: number;
  readonly as_of: AsOf;
  /** Sessions that wait for somebody, the longest wait first. */
  readonly open_waits: readonly OpenWait[];
  /** How long ended waits took, by the harness of the session; null where that is not known. */
  readonly dwell: readonly {
    readonly by: string | null;
    readonly count: number;
    readonly median_ms: number | null;
    readonly p90_ms: number | null;
  }[];
  /** The last step of the session funnel that those reached who went no further in its time. */
  readonly stopped: readonly { readonly last_step: string; readonly count: number }[];
}

export interface StuckFilter {
  /** Bounds on when a wait or an attempt began, in milliseconds UTC, both inclusive; null for none. */
  readonly since: number | null;
  readonly until: number | null;
  /** A project as answers print it, raw or hashed; null for all. */
  readonly project: string | null;
  readonly now: number;
}

interface Wait {
  readonly session: number;
  readonly since: number;
  readonly dwell: number | null;
}

/** Where people wait, and where they stop. */
export function stuck(source: Source, filter: StuckFilter): StuckAnswer {
  const subjects = new Subjects(source);
  const all = [...waits(source, subjects, filter)];
  return {
    now: filter.now,
    as_of: source.asOf(),
    open_waits: openWaits(subjects, all, filter.now),
    dwell: dwellByHarness(subjects, all),
    stopped: stopped(source, subjects, filter),
  };
}

/** Every wait of each session: an entry, and the exit that follows it. */
function* waits(source: Source, subjects: Subjects, { since, until, project }: StuckFilter): Generator<Wait> {
  const open = new Map<number, number>();
  const isMeant = (at: number) => (since === null || at >= since) && (until === null || at <= until);
  for (const { id, session, project: key, at, measures } of read(source, EVENTS.waitingEntered, EVENTS.waitingExited)) {
    if (session === null || (project !== null && !subjects.isProject(key, project))) continue;
    if (eventParts(id).definition === EVENTS.waitingEntered) open.set(session, at);
    else {
      const began = open.get(session);
      open.delete(session);
      if (began !== undefined && isMeant(began)) yield { session, since: began, dwell: measures?.dwell_ms ?? 0 };
    }
  }
  for (const [session, at] of open) if (isMeant(at)) yield { session, since: at, dwell: null };
}

function openWaits(subjects: Subjects, all: readonly Wait[], now: number): OpenWait[] {
  return all
    .filter(({ dwell }) => dwell === null)
    .sort((a, b) => a.since - b.since)
    .map(({ session, since }) => ({
      session: subjects.session(session)?.subject ?? '',
      raw: subjects.rawSession(session),
      since,
      dwell_ms: Math.max(0, now - since),
    }));
}

function dwellByHarness(subjects: Subjects, all: readonly Wait[]): StuckAnswer['dwell'] {
  const byHarness = new Map<string | null, number[]>();
  for (const { session, dwell } of all) {
    if (dwell === null) continue;
    const harness = subjects.session(session)?.harness ?? null;
    const dwells = byHarness.get(harness);
    if (dwells) dwells.push(dwell);
    else byHarness.set(harness, [dwell]);
  }
  return [...byHarness]
    .map(([by, dwells]) => {
      const { median_ms, p90_ms } = times(dwells);
      return { by, count: dwells.length, median_ms, p90_ms };
    })
    .sort((a, b) => b.count - a.count || String(a.by).localeCompare(String(b.by)));
}

/** What the session funnel calls dropped, by the step that was the last. */
function stopped(source: Source, subjects: Subjects, filter: StuckFilter): StuckAnswer['stopped'] {
  const { project, ...bounds } = filter;
  const isMeant = (key: number | null) => project === null || subjects.isProject(key, project);
  const { steps } = ask(source, { ...SHIPPED.session, ...bounds, by: null }, isMeant);
  return steps
    .map(({ events, dropped }) => ({ last_step: events.join(' | '), count: dropped }))
    .filter(({ count }) => count > 0);
}

function* read(source: Source, ...definitions: EventDefinition[]) {
  const query = source.tables
    .select()
    .from(event)
    .where(sql`${event.id} % 64 IN ${definitions.map(({ code }) => code)}`)
    .orderBy(event.id)
    .toSQL();
  const rows = source.derived.prepare<unknown[], Parameters<typeof fromRow>[0]>(query.sql).iterate(...query.params);
  for (const row of rows) yield fromRow(row);
}
