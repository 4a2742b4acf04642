import * as v from 'valibot';
import { parseBound, parseTime } from '../answers/bounds.ts';
import { DIMENSIONS, type Dimension, type Filter } from '../answers/filter.ts';
import { checked } from './checked.ts';

/** Milliseconds UTC, a `Date`, or text such as `2026-06-18T12:00:00Z`. */
export type Time = number | Date | string;

/** What is asked about. All of it may be left out. */
export interface Filters {
  /** Bounds, both inclusive; as text also a span such as `30d`, back from `now`. */
  readonly since?: Time | undefined;
  readonly until?: Time | undefined;
  /** A project as answers print it, raw or hashed. */
  readonly project?: string | undefined;
  /** Dimension to count by. */
  readonly by?: Dimension | undefined;
  /** The moment by which open and quiet are judged; the clock where it is left out. */
  readonly now?: Time | undefined;
}

const TIME = 'whole milliseconds UTC, a Date, or text such as 2026-06-18 or 30d';
const optionalTime = v.optional(v.union([v.pipe(v.number(), v.safeInteger(TIME)), v.date(), v.string()], TIME));

/** @internal */
export const MOMENT = { now: optionalTime };
/** @internal */
export const BOUNDS = {
  ...MOMENT,
  since: optionalTime,
  until: optionalTime,
  project: v.optional(v.string('the id or hash of a project')),
};

/** @internal */
export const filtersOf = <Entries extends v.ObjectEntries>(entries: Entries) =>
  v.strictObject(entries, `nothing but ${Object.keys(entries).join(', ')}`);

const FILTERS = filtersOf({ ...BOUNDS, by: v.optional(v.picklist(DIMENSIONS, `one of ${DIMENSIONS.join(', ')}`)) });

/** The filter that answers are asked with. Reads the clock where no moment is given. */
export function filterOf(filters: Filters): Filter {
  const { since, until, project = null, by = null, now } = checked(FILTERS, filters, 'The filters');
  const at = momentOf(now);
  return { since: boundOf(since, at), until: boundOf(until, at), project, by, now: at };
}

/** A moment in milliseconds UTC; by the clock where none is given. */
export function momentOf(now: Time | undefined): number {
  if (now === undefined) return Date.now();
  return typeof now === 'string' ? parseTime(now) : Number(now);
}

/** A bound in milliseconds UTC; null for none. */
function boundOf(bound: Time | undefined, now: number): number | null {
  if (bound === undefined) return null;
  return typeof bound === 'string' ? parseBound(bound, now) : Number(bound);
}
