import { sql } from 'drizzle-orm';
import { event } from '../../drizzle/derived.ts';
import type { DerivedEvent } from '../../projections/state.ts';
import { type EventDefinition, eventParts } from '../../projections/vocabulary.ts';
import { type EventRow, fromRow } from '../store/derived/event-table.ts';
import type { Dimension } from './dimensions.ts';
import type { Source } from './source.ts';
import type { Subjects } from './subjects.ts';

export { DIMENSIONS, type Dimension } from './dimensions.ts';

/** What is asked about, and the moment by which it is judged. */
export interface Filter {
  /** Milliseconds UTC, both inclusive; null for no bound. */
  readonly since: number | null;
  readonly until: number | null;
  /** A project as answers print it, raw or hashed; null for all. */
  readonly project: string | null;
  /** Dimension to count by; null for none. */
  readonly by: Dimension | null;
  /** Milliseconds UTC. */
  readonly now: number;
}

/** What all values are told as that are not among the most frequent ones. */
export const OTHER = 'other';

/** How many there are of each value, most first; null where it is not known. */
export type Breakdown = readonly { readonly value: string | null; readonly count: number }[];

/** Whether a time lies within the bounds. */
export function isWithin({ since, until }: Pick<Filter, 'since' | 'until'>, at: number): boolean {
  return (since === null || at >= since) && (until === null || at <= until);
}

/** Whether an event is of the project that is asked about. */
export function isOfProject({ project }: Pick<Filter, 'project'>, subjects: Subjects, key: number | null): boolean {
  return project === null || subjects.isProject(key, project);
}

/** Tells by its key whether a project is the one that is asked about; undefined where all are. */
export function projectTest({ project }: Pick<Filter, 'project'>, subjects: Subjects) {
  return project === null ? undefined : (key: number | null) => subjects.isProject(key, project);
}

/** Events of some definitions, in row-id order. */
export function* eventsOf(source: Source, definitions: readonly EventDefinition[]): Generator<DerivedEvent> {
  const query = source.tables
    .select()
    .from(event)
    .where(sql`${event.id} % 64 IN ${definitions.map(({ code }) => code)}`)
    .orderBy(event.id)
    .toSQL();
  const rows = source.derived.prepare<unknown[], EventRow>(query.sql).iterate(...query.params);
  for (const row of rows) yield fromRow(row);
}

/** Value of a dimension of an event. */
export function dimensionOf(subjects: Subjects, { id, session, project, dimensions }: DerivedEvent, by: Dimension) {
  if (by === 'name') return eventParts(id).definition.name;
  if (by === 'project') return project === null ? null : (subjects.rawProject(project) ?? subjects.project(project));
  const own = dimensions?.[by];
  if (own !== undefined || session === null) return own ?? null;
  if (by === 'harness') return subjects.session(session)?.harness ?? null;
  return by === 'session_kind' ? (subjects.session(session)?.kind ?? null) : null;
}

/** Counts values. */
export function breakdown(values: Iterable<string | null>): Breakdown {
  const counts = new Map<string | null, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || String(a.value).localeCompare(String(b.value)));
}
