import { EVENTS } from '../../projections/vocabulary.ts';
import type { EventRow } from '../store/derived/event-table.ts';
import { type Dimension, type Filter, isOfProject, isWithin, projectTest } from './filter.ts';
import { ask } from './funnel/ask.ts';
import { SHIPPED } from './funnel/shipped.ts';
import { type HistogramBucket, histogram, times } from './funnel/statistics.ts';
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
  /** How long ended waits took, by the harness of the session, or what was asked to count by; null where that is not known. */
  readonly dwell: readonly {
    readonly by: string | null;
    readonly count: number;
    readonly median_ms: number | null;
    readonly p90_ms: number | null;
    readonly histogram: readonly HistogramBucket[];
  }[];
  /** The last step of the session funnel that those reached who went no further in its time. */
  readonly stopped: readonly { readonly last_step: string; readonly count: number }[];
}

/** Where people wait, and where they stop. */
export function stuck(source: Source, filter: Filter): StuckAnswer {
  const subjects = new Subjects(source);
  return {
    now: filter.now,
    as_of: source.asOf(filter.since),
    open_waits: openWaits(source, subjects, filter),
    dwell: dwellBy(source, subjects, filter),
    stopped: stopped(source, subjects, filter),
  };
}

/** Waits of which the last event of their session is the beginning. */
function openWaits(source: Source, subjects: Subjects, filter: Filter): OpenWait[] {
  const { waitingEntered, waitingExited } = EVENTS;
  // The index holds all that is asked for. Told by itself, SQLite reads the table.
  const open = source.derived.prepare<[], EventRow>(
    `SELECT * FROM event WHERE id IN (
       SELECT max(id) FROM event INDEXED BY event_subject WHERE id % 64 IN (${waitingEntered.code}, ${waitingExited.code})
       GROUP BY subject
     ) AND id % 64 = ${waitingEntered.code} ORDER BY at, id`,
  );
  return open
    .all()
    .filter(({ at, project }) => isWithin(filter, at) && isOfProject(filter, subjects, project))
    .map(({ subject: session, at: since }) => ({
      session: subjects.session(session)?.subject ?? '',
      raw: subjects.rawSession(session),
      since,
      dwell_ms: Math.max(0, filter.now - since),
    }));
}

/** What is known of the session of a wait, in SQL. Waits have no other dimensions. */
const KNOWN: Partial<Record<Dimension, string>> = { harness: 'harness', session_kind: 'kind', project: 'project' };

/** Bounds on when a wait began, in SQL over the event that ended it. */
const BEGAN = `at - (measures ->> '$.dwell_ms') BETWEEN coalesce(?, -1e18) AND coalesce(?, 1e18)`;

function dwellBy(source: Source, subjects: Subjects, filter: Filter): StuckAnswer['dwell'] {
  const { since, until, by } = filter;
  const ended = source.derived.prepare<unknown[], [value: string | number | null, project: number, dwells: string]>(
    `SELECT ${KNOWN[by ?? 'harness'] ?? 'NULL'} AS value, project, json_group_array(measures ->> '$.dwell_ms')
     FROM event LEFT JOIN observed_session ON born = session
     WHERE id % 64 = ${EVENTS.waitingExited.code} AND ${BEGAN}
     GROUP BY value, project`,
  );
  const dwells = new Map<string | number | null, number[]>();
  for (const [value, project, some] of ended.raw().iterate(since, until)) {
    if (!isOfProject(filter, subjects, project)) continue;
    dwells.set(value, [...(dwells.get(value) ?? []), ...(JSON.parse(some) as number[])]);
  }
  return [...dwells]
    .map(([value, group]) => {
      const { median_ms, p90_ms } = times(group);
      const name = typeof value === 'number' ? (subjects.rawProject(value) ?? subjects.project(value)) : value;
      return { by: name, count: group.length, median_ms, p90_ms, histogram: histogram(group) };
    })
    .sort((a, b) => b.count - a.count || String(a.by).localeCompare(String(b.by)));
}

/** What the session funnel calls dropped, by the step that was the last. */
function stopped(source: Source, subjects: Subjects, filter: Filter): StuckAnswer['stopped'] {
  const { since, until, now } = filter;
  const { steps } = ask(source, { ...SHIPPED.session, since, until, now }, projectTest(filter, subjects));
  return steps
    .map(({ events, dropped }) => ({ last_step: events.join(' | '), count: dropped }))
    .filter(({ count }) => count > 0);
}
