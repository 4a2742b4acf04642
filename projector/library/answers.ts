import * as v from 'valibot';
import { EVENTS, eventByName } from '../../projections/vocabulary.ts';
import { type ActivityAnswer, activity as activityOf } from '../answers/activity.ts';
import { type CrashesAnswer, crashes as crashesOf } from '../answers/crashes.ts';
import { type EventAnswer, events as eventsOf, newestEvents } from '../answers/events.ts';
import { type Explained, explain as explainOf } from '../answers/explain/explain.ts';
import {
  type FailureGroupAnswer,
  type FailuresAnswer,
  failureGroup as failureGroupOf,
  failures as failuresOf,
} from '../answers/failures.ts';
import { type StatusAnswer, status as statusOf } from '../answers/status.ts';
import { type StuckAnswer, stuck as stuckOf } from '../answers/stuck.ts';
import { pullRequest, session as sessionOf, type TimelineAnswer } from '../answers/timeline.ts';
import { type UsageAnswer, usage as usageOf } from '../answers/usage.ts';
import { tiersOf } from '../tiers.ts';
import { checked } from './checked.ts';
import { BOUNDS, type Filters, filterOf, filtersOf, MOMENT, momentOf, type Time } from './filters.ts';
import { explained, type OpenOptions, PLACE, placesOf, type Tables } from './tables.ts';

/** What failed, in groups of one reason, the one seen last first. */
export function failures(tables: Tables, filters: Filters = {}): FailuresAnswer {
  const filter = filterOf(filters);
  return tables.answer((source) => failuresOf(source, filter));
}

/** One group with its failures, by its fingerprint or the beginning of it; null where there is none, or several. */
export function failureGroup(tables: Tables, fingerprint: string, filters: Filters = {}): FailureGroupAnswer | null {
  const filter = filterOf(filters);
  const prefix = checked(v.string('a fingerprint'), fingerprint, 'The group');
  return tables.answer((source) => failureGroupOf(source, filter, prefix));
}

/** Who waits now, how long waits take, and where people stop. */
export function stuck(tables: Tables, filters: Filters = {}): StuckAnswer {
  const filter = filterOf(filters);
  return tables.answer((source) => stuckOf(source, filter));
}

/** What crashed and when, and how the daemon went down before each start. */
export function crashes(tables: Tables, filters: Filters = {}): CrashesAnswer {
  const filter = filterOf(filters);
  return tables.answer((source) => crashesOf(source, filter));
}

/** What is done, by day. */
export function usage(tables: Tables, filters: Filters = {}): UsageAnswer {
  const filter = filterOf(filters);
  return tables.answer((source) => usageOf(source, filter));
}

/** On which days, who stays and who comes back. */
export function activity(tables: Tables, filters: Filters = {}): ActivityAnswer {
  const filter = filterOf(filters);
  return tables.answer((source) => activityOf(source, filter));
}

export interface EventFilters extends Omit<Filters, 'by'> {
  /** Only events of these names, such as `ao.session.spawned`. */
  readonly names?: readonly string[] | undefined;
  /** At most so many, the newest. */
  readonly limit?: number | undefined;
}

const EVENT_NAMES = Object.values(EVENTS).map(({ name }) => name);
const EVENT_FILTERS = filtersOf({
  ...BOUNDS,
  names: v.optional(
    v.array(v.picklist(EVENT_NAMES, 'the name of an event, such as "ao.session.spawned"'), 'a list of names of events'),
    [],
  ),
  limit: v.optional(
    v.pipe(v.number('a number'), v.safeInteger('a whole number'), v.minValue(1, 'a whole number above 0')),
  ),
});

/** What was derived, each event with the row that made it, oldest first. They are read as the loop over them goes. */
export function events(tables: Tables, filters: EventFilters = {}): Iterable<EventAnswer> {
  const { names, limit, ...bounds } = checked(EVENT_FILTERS, filters, 'The filters');
  const filter = { ...filterOf(bounds), names: names.map((name) => eventByName(name)!) };
  return tables.each((source) => {
    return limit === undefined ? eventsOf(source, filter) : newestEvents(source, filter, limit);
  });
}

/** What happened to one session, named by its raw id, its hash or its subject, or the beginning of one of the two. */
export function session(tables: Tables, id: string, filters: Filters = {}): TimelineAnswer {
  const filter = filterOf(filters);
  const name = checked(v.string('a session id or its hash'), id, 'The session');
  return tables.answer((source, paths) => sessionOf(paths, source, filter, name));
}

/** What happened to one PR, named by its URL, its hash, or the beginning of that. */
export function pr(tables: Tables, url: string, filters: Filters = {}): TimelineAnswer {
  const filter = filterOf(filters);
  const name = checked(v.string('the URL of a PR or its hash'), url, 'The PR');
  return tables.answer((source, paths) => pullRequest(paths, source, filter, name));
}

/** A step of a funnel that ships, by its number from 1 on or the name of its event. */
export interface FunnelStepName {
  readonly funnel: string;
  readonly step: number | string;
}

const EXPLAINED = v.union(
  [v.string(), v.strictObject({ funnel: v.string(), step: v.union([v.number(), v.string()]) })],
  'an event, a session, a PR, or { funnel, step }',
);

/**
 * Why something was told, or was not.
 *
 * @param what an event by its id or as NAME@POSITION, a session or PR by its raw id or hash, or a step of a funnel
 *
 * @example
 * explain(tables, 'web-1');
 * explain(tables, { funnel: 'session', step: 'ao.pr.observed' });
 */
export function explain(tables: Tables, what: string | FunnelStepName, filters: Filters = {}): Explained {
  const filter = filterOf(filters);
  const asked = checked(EXPLAINED, what, 'What is to be explained');
  const words = typeof asked === 'string' ? [asked] : ['funnel', asked.funnel, String(asked.step)];
  return tables.answer((source, paths) => explainOf(paths, source, filter, words));
}

export interface StatusOptions extends Pick<OpenOptions, 'dataDir'> {
  readonly now?: Time | undefined;
}

const STATUS_OPTIONS = filtersOf({ ...PLACE, ...MOMENT });

/** What is on, how far each stream was read, and what stands in the way. Needs no tables, and answers before there are any. */
export function status(options: StatusOptions = {}): StatusAnswer {
  const { dataDir, now } = checked(STATUS_OPTIONS, options, 'What is asked about');
  const paths = placesOf(dataDir);
  return explained(paths, () => statusOf(paths, tiersOf(process.env), momentOf(now)));
}
