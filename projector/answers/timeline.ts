import { recordedFailure, recordedRollback } from '../../projections/failed-spawns.ts';
import { inOrder } from '../../projections/order.ts';
import type { DerivedEvent, Mark, State } from '../../projections/state.ts';
import { EVENTS, eventId } from '../../projections/vocabulary.ts';
import { Keys } from '../host/keys.ts';
import { readState } from '../store/derived/read-state.ts';
import { readKey } from '../store/key-file.ts';
import type { Paths } from '../store/paths.ts';
import { type EventAnswer, EventPrinter } from './events.ts';
import { type Breakdown, breakdown, dimensionOf, type Filter, isOfProject, isWithin } from './filter.ts';
import { type Found, type FoundSession, pullsNamed, sessionsNamed, theOnly } from './find.ts';
import { type IncarnationAnswer, incarnations, rolledBackLives, seed } from './incarnations.ts';
import { eventAt, eventsWhose } from './lookups.ts';
import type { AsOf, Source } from './source.ts';
import { Subjects } from './subjects.ts';

/** What happened to one session or PR. */
export interface TimelineAnswer {
  readonly now: number;
  readonly as_of: AsOf;
  /** As events print it: of a session, its latest incarnation. */
  readonly subject: string;
  readonly raw: string | null;
  /** The lives of the session id; of a PR, those of the sessions that owned it, in the order in which they came to it. */
  readonly incarnations: readonly IncarnationAnswer[];
  /** In the order of a subject's events. */
  readonly events: readonly EventAnswer[];
  /** Empty where nothing was asked to count by. */
  readonly breakdown: Breakdown;
}

/** The session that is named by its raw id, its hash or its subject. */
export function session(paths: Paths, source: Source, filter: Filter, name: string): TimelineAnswer {
  const keys = keysOf(paths);
  const found = theOnly(sessionsNamed(source, keys, name), 'session', name);
  return timeline(source, filter, readState(source.derived, keys), found);
}

/** The PR that is named by its URL or its hash. */
export function pullRequest(paths: Paths, source: Source, filter: Filter, name: string): TimelineAnswer {
  const keys = keysOf(paths);
  return timeline(source, filter, readState(source.derived, keys), theOnly(pullsNamed(source, keys, name), 'PR', name));
}

/** The events of a session or PR, and the lives that it tells of. */
export function timeline(source: Source, filter: Filter, state: State, found: Found): TimelineAnswer {
  const subjects = new Subjects(source);
  const printer = new EventPrinter(source);
  const events = eventsOfFound(source, state, found).filter((event) => {
    return isWithin(filter, event.at) && isOfProject(filter, subjects, event.project);
  });
  const { by, now } = filter;
  return {
    now,
    as_of: source.asOf(filter.since),
    ...livesOf(source, subjects, found),
    events: events.map((event) => printer.print(event)),
    breakdown: by === null ? [] : breakdown(events.map((event) => dimensionOf(subjects, event, by))),
  };
}

/** Every event of a session or PR, in order; the failed spawn of a session that was never one among them. */
export function eventsOfFound(source: Source, state: State, found: Found): readonly DerivedEvent[] {
  if (found.kind === 'pr') return eventsWhose(source, { subject: found.born });
  const own = found.incarnations.flatMap((born) => eventsWhose(source, { session: born }));
  return inOrder([...own, ...failedSpawns(source, state, found)].sort((a, b) => a.id - b.id));
}

/** The failures that tell of a session id's own failed spawns: an event of its own rows, or the daemon's record. */
function failedSpawns(source: Source, state: State, { hash, incarnations: born }: FoundSession): DerivedEvent[] {
  const told = new Map<number, DerivedEvent>();
  const tell = (ownEvent: number, record: Mark | undefined) => {
    const recorded = record ? eventId('telemetry', record.position, EVENTS.spawnFailed) : 0;
    const event = eventAt(source, ownEvent) ?? eventAt(source, recorded);
    if (event) told.set(event.id, event);
  };
  for (const one of born) {
    const session = state.sessions.byBorn(one);
    if (session?.withheld) tell(session.failureEvent, recordedFailure(state, session));
  }
  for (const life of rolledBackLives(source, hash)) {
    tell(eventId('telemetry', life.rolledBack.position, EVENTS.spawnFailed), recordedRollback(state, life));
  }
  return [...told.values()];
}

/** A session id or PR as it is printed, and the lives that it tells of. */
export function livesOf(source: Source, subjects: Subjects, found: Found) {
  if (found.kind === 'pr') {
    const owners = eventsWhose(source, { subject: found.born }).flatMap(({ session: owner }) => owner ?? []);
    const lives = incarnations(source, [...new Set(owners)]);
    return { subject: found.hash, raw: subjects.rawPull(found.born), incarnations: lives };
  }
  const lives = incarnations(source, found.incarnations);
  const seeds = rolledBackLives(source, found.hash)
    .map((life) => seed(source, life))
    .filter(({ created_at }) => !lives.some((life) => life.created_at === created_at));
  const all = [...lives, ...seeds].sort((a, b) => a.created_at - b.created_at);
  return { subject: all.at(-1)?.subject ?? found.hash, raw: subjects.rawOfSession(found.hash), incarnations: all };
}

function keysOf({ key }: Paths): Keys {
  return new Keys(readKey(key));
}
