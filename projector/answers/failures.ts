import type { DerivedEvent } from '../../projections/state.ts';
import { EVENTS, eventParts } from '../../projections/vocabulary.ts';
import { type EventAnswer, EventPrinter } from './events.ts';
import { type Breakdown, breakdown, dimensionOf, eventsOf, type Filter, isOfProject, isWithin } from './filter.ts';
import { type AsOf, digest, type Source } from './source.ts';
import { Subjects } from './subjects.ts';

const DAY_MS = 86_400_000;

/** Without a failure for so long a group is quiet. */
const QUIET_MS = 7 * DAY_MS;

/** What a failure is told apart by: what happened, never where. */
const REASONS = ['error_kind', 'error_code', 'component', 'operation', 'command', 'end_cause', 'certainty'] as const;

export type GroupState = 'new' | 'ongoing' | 'regressed' | 'quiet';

export interface FailureGroup {
  /** Digest of the name and the reason; the same on every machine. */
  readonly fingerprint: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly state: GroupState;
  readonly count: number;
  /** Milliseconds UTC; of all its failures, also those outside the bounds. */
  readonly first_seen: number;
  readonly last_seen: number;
  /** How many sessions and projects it befell. */
  readonly sessions: number;
  readonly projects: number;
  /** Each UTC day with a failure, and how many. */
  readonly per_day: readonly (readonly [day: string, count: number])[];
  /** Empty where nothing was asked to count by. */
  readonly breakdown: Breakdown;
}

export interface FailuresAnswer {
  readonly now: number;
  readonly as_of: AsOf;
  readonly groups: readonly FailureGroup[];
}

export interface FailureGroupAnswer {
  readonly now: number;
  readonly as_of: AsOf;
  readonly group: FailureGroup;
  /** Oldest first. */
  readonly events: readonly EventAnswer[];
}

/** Failures in groups of one reason, the one seen last first. */
export function failures(source: Source, filter: Filter): FailuresAnswer {
  const subjects = new Subjects(source);
  const groups = grouped(source, subjects, filter).map((group) => describe(subjects, group, filter));
  groups.sort((a, b) => b.last_seen - a.last_seen || (a.fingerprint < b.fingerprint ? -1 : 1));
  return { now: filter.now, as_of: source.asOf(filter.since), groups };
}

/** One group, by its fingerprint or the beginning of it, with its failures, oldest first; null where there is none, or several. */
export function failureGroup(source: Source, filter: Filter, prefix: string): FailureGroupAnswer | null {
  const subjects = new Subjects(source);
  const found = grouped(source, subjects, filter).filter(({ fingerprint }) => fingerprint.startsWith(prefix));
  const [only] = found;
  if (!only || found.length > 1) return null;
  const printer = new EventPrinter(source);
  const events = only.within.map((one) => printer.print(one));
  return { now: filter.now, as_of: source.asOf(filter.since), group: describe(subjects, only, filter), events };
}

const FAILURES = Object.values(EVENTS).filter(({ category }) => category === 'failure');

/** Failures of one reason, in time order: all of them, which tell its state, and those within the bounds, which are counted. */
interface Group {
  readonly fingerprint: string;
  readonly all: readonly DerivedEvent[];
  readonly within: readonly DerivedEvent[];
}

/** The groups with failures within the bounds. */
function grouped(source: Source, subjects: Subjects, filter: Filter): Group[] {
  const groups = new Map<string, DerivedEvent[]>();
  for (const derived of eventsOf(source, FAILURES)) {
    if (!isOfProject(filter, subjects, derived.project)) continue;
    const fingerprint = fingerprintOf(derived);
    const group = groups.get(fingerprint);
    if (group) group.push(derived);
    else groups.set(fingerprint, [derived]);
  }
  return [...groups]
    .map(([fingerprint, events]) => {
      const all = events.sort((a, b) => a.at - b.at || a.id - b.id);
      return { fingerprint, all, within: all.filter(({ at }) => isWithin(filter, at)) };
    })
    .filter(({ within }) => within.length > 0);
}

/** The fingerprint of the group that a failure belongs to. */
export function fingerprintOf({ id, dimensions }: Pick<DerivedEvent, 'id' | 'dimensions'>): string {
  const { name } = eventParts(id).definition;
  return digest('failure', name, ...REASONS.map((reason) => dimensions?.[reason] ?? '')).slice(0, 16);
}

function describe(subjects: Subjects, { fingerprint, all, within }: Group, { by, now }: Filter): FailureGroup {
  const first = all[0]!;
  const times = all.map(({ at }) => at);
  const reasons = REASONS.flatMap((reason) => {
    const value = first.dimensions?.[reason];
    return value === undefined ? [] : [[reason, value] as const];
  });
  return {
    fingerprint,
    name: eventParts(first.id).definition.name,
    dimensions: Object.fromEntries(reasons),
    state: stateOf(times, now),
    count: within.length,
    first_seen: times[0]!,
    last_seen: times.at(-1)!,
    sessions: countOf(within.map(({ session }) => session)),
    projects: countOf(within.map(({ project }) => project)),
    per_day: perDay(within.map(({ at }) => at)),
    breakdown: by === null ? [] : breakdown(within.map((one) => dimensionOf(subjects, one, by))),
  };
}

/**
 * A run of failures ends with 7 days without one. A group whose run began within the last 7 days is `new` if it is the first
 * one, and `regressed` if another went before.
 */
function stateOf(times: readonly number[], now: number): GroupState {
  if (now - times.at(-1)! > QUIET_MS) return 'quiet';
  const run = times.findLastIndex((at, index) => index === 0 || at - times[index - 1]! > QUIET_MS);
  if (now - times[run]! > QUIET_MS) return 'ongoing';
  return run === 0 ? 'new' : 'regressed';
}

function countOf(keys: readonly (number | null)[]): number {
  return new Set(keys.filter((key) => key !== null)).size;
}

function perDay(times: readonly number[]): [string, number][] {
  const days = new Map<string, number>();
  for (const at of times) {
    const day = new Date(at).toISOString().slice(0, 10);
    days.set(day, (days.get(day) ?? 0) + 1);
  }
  return [...days].sort(([a], [b]) => (a < b ? -1 : 1));
}
