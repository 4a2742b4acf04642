import type { DerivedEvent } from '../../projections/state.ts';
import { EVENTS, eventParts } from '../../projections/vocabulary.ts';
import { type EventAnswer, EventPrinter } from './events.ts';
import { type Breakdown, breakdown, dimensionOf, eventsOf, type Filter, isOfProject, isWithin } from './filter.ts';
import type { AsOf, Source } from './source.ts';
import { Subjects } from './subjects.ts';

/** A start of the daemon, and what it found. */
export interface StartAnswer {
  /** Milliseconds UTC. */
  readonly at: number;
  /** Whether the daemon before it had stopped in good order; null where nobody can tell. */
  readonly clean: boolean | null;
  /** Sessions whose runtimes were gone. */
  readonly found_dead: number;
}

export interface CrashesAnswer {
  readonly now: number;
  readonly as_of: AsOf;
  /** Panics, daemons that went down without a stop, and sessions that ended unexpectedly; oldest first. */
  readonly crashes: readonly EventAnswer[];
  readonly starts: readonly StartAnswer[];
  /** Empty where nothing was asked to count by. */
  readonly breakdown: Breakdown;
}

const CRASHES = [EVENTS.daemonPanic, EVENTS.adapterPanic, EVENTS.shutdownUnclean, EVENTS.terminatedUnexpected];

/** A start that the run file shows was recorded by the daemon itself at most so long before. */
const UP_AFTER_MS = 60_000;

/** A start ends and restores the sessions that it finds dead within so long. */
const START_TAKES_MS = 10_000;

/** What crashed, and when. */
export function crashes(source: Source, filter: Filter): CrashesAnswer {
  const subjects = new Subjects(source);
  const printer = new EventPrinter(source);
  const found = [...eventsOf(source, CRASHES)]
    .filter(({ at, project }) => isWithin(filter, at) && isOfProject(filter, subjects, project))
    .sort((a, b) => a.at - b.at || a.id - b.id);
  const { by, now } = filter;
  return {
    now,
    as_of: source.asOf(filter.since),
    crashes: found.map((one) => printer.print(one)),
    starts: starts(source).filter(({ at }) => isWithin(filter, at)),
    breakdown: by === null ? [] : breakdown(found.map((one) => dimensionOf(subjects, one, by))),
  };
}

interface Mark {
  readonly kind: 'recorded' | 'seen' | 'stop';
  readonly at: number;
  readonly position: number | null;
}

/** Every start, oldest first. One that is recorded was seen in the run file as well: that is one. */
function starts(source: Source): StartAnswer[] {
  const marks = source.derived
    .prepare<[], Mark>(
      "SELECT kind, at, position FROM mark WHERE kind IN ('recorded', 'seen', 'stop') ORDER BY at, nanos",
    )
    .all();
  const unclean = new Set([...eventsOf(source, [EVENTS.shutdownUnclean])].map(({ id }) => eventParts(id).position));
  const ends = [...eventsOf(source, [EVENTS.killed])];
  const foundDead = ends.filter(({ dimensions }) => dimensions?.end_cause === 'found_dead_at_start');
  const stops = [...marks.filter(({ kind }) => kind === 'stop'), ...ends.filter(isStop)].map(({ at }) => at);
  stops.sort((a, b) => a - b);
  const told: StartAnswer[] = [];
  let recorded = Number.NEGATIVE_INFINITY;
  let stopsBefore = 0;
  for (const { kind, at, position } of marks) {
    if (kind === 'stop' || (kind === 'seen' && at - recorded <= UP_AFTER_MS)) continue;
    if (kind === 'recorded') recorded = at;
    const since = stopsBefore;
    while (stopsBefore < stops.length && stops[stopsBefore]! < at) stopsBefore += 1;
    const clean = unclean.has(position ?? 0) ? false : stopsBefore > since ? true : null;
    told.push({
      at,
      clean,
      found_dead: foundDead.filter((end) => at <= end.at && end.at - at <= START_TAKES_MS).length,
    });
  }
  return told;
}

function isStop({ dimensions }: DerivedEvent): boolean {
  return dimensions?.end_cause === 'daemon_stop';
}
