import { inOrder } from '../../projections/order.ts';
import { eventByName, eventId } from '../../projections/vocabulary.ts';
import type { EventAnswer } from '../../projector/answers/events.ts';
import type { DayCount, Moment } from './exported-install.ts';

/** How many durations there are, and how long they are together. */
export interface Durations {
  readonly count: number;
  readonly ms: number;
}

/** What everything that is sent comes to. */
export interface Sums {
  /** Events by name. */
  readonly names: Readonly<Record<string, number>>;
  /** Events by name, harness and kind of session. */
  readonly kinds: Readonly<Record<string, number>>;
  /** Ends by cause and certainty. */
  readonly ends: Readonly<Record<string, number>>;
  /** Waits, spawns by outcome, and steps by funnel and event. */
  readonly durations: Readonly<Record<string, Durations>>;
}

/** A duration and what it is one of. */
type Observed = readonly [of: string, ms: number];

/**
 * What derived tables tell of what came after a moment.
 *
 * @param events all of them: those from before may have reached steps of funnels
 */
export function expectedSums(events: readonly EventAnswer[], days: readonly DayCount[], after: Moment): Sums {
  const { since } = after;
  const isNew = ({ at, cause_stream, cause_position }: EventAnswer) =>
    at >= since && cause_position > after[cause_stream];
  const found = events.filter(isNew);
  const named = (name: string) => found.filter((event) => event.name === name);
  return {
    names: tally([...found, ...days].map(({ name, ...rest }) => [name, 'count' in rest ? rest.count : 1])),
    kinds: tally([
      ...found.map(
        ({ name, dimensions: { harness, session_kind } }) => [words(name, harness, session_kind), 1] as const,
      ),
      ...days.map(({ name, count }) => [name, count] as const),
    ]),
    ends: tally(
      named('ao.session.killed').map(({ dimensions }) => [words(dimensions.end_cause, dimensions.certainty), 1]),
    ),
    durations: together([
      ...named('ao.session.waiting_input_exited')
        .filter(({ at, measures }) => at - measures.dwell_ms! >= since)
        .map(({ measures }): Observed => ['wait', measures.dwell_ms!]),
      ...named('ao.session.spawned')
        .filter(({ measures }) => measures.duration_ms !== undefined)
        .map(({ measures }): Observed => ['spawn launched', measures.duration_ms!]),
      ...named('ao.spawn.failed')
        .filter(({ at, measures }) => at - measures.duration_ms! >= since)
        .map(({ measures }): Observed => ['spawn failed', measures.duration_ms!]),
      ...stepsOf(events)
        .filter(({ before, reached }) => isNew(reached) && before.at >= since)
        .map(({ funnel, before, reached }): Observed => [words(funnel, reached.name), reached.at - before.at]),
    ]),
  };
}

/** The events of the steps; those with ? are optional. */
const FUNNELS = {
  session: [
    'ao.session.spawned',
    'ao.session.first_signal?',
    'ao.pr.observed',
    'ao.pr.ci_passed?',
    'ao.pr.approved?',
    'ao.pr.merged',
  ],
  pr: ['ao.pr.observed', 'ao.pr.ci_passed?', 'ao.pr.approved?', 'ao.pr.merged'],
  review: ['ao.pr.changes_requested', 'ao.pr.revised', 'ao.pr.approved', 'ao.pr.merged'],
} as const;

type FunnelName = keyof typeof FUNNELS;

interface Step {
  readonly funnel: FunnelName;
  /** What reached the required step before. */
  readonly before: EventAnswer;
  readonly reached: EventAnswer;
}

/** Every step beyond the first that a subject reached. */
function stepsOf(events: readonly EventAnswer[]): Step[] {
  const ofWorkers = events.filter(
    ({ dimensions, session }) => dimensions.session_kind === 'worker' && session !== null,
  );
  const ofPulls = events.filter(({ subject_kind }) => subject_kind === 'pr');
  return [
    ...groups(ofWorkers, ({ session }) => session!).flatMap((own) => walked('session', own)),
    ...groups(ofPulls, ({ subject }) => subject).flatMap((own) => [...walked('pr', own), ...walked('review', own)]),
  ];
}

/** How far one subject comes: each step is reached by the first event behind that of the required step before. */
function walked(funnel: FunnelName, own: readonly EventAnswer[]): Step[] {
  const steps: Step[] = [];
  let before: EventAnswer | undefined;
  let rest = own;
  for (const step of FUNNELS[funnel]) {
    const name = step.replace('?', '');
    const place = rest.findIndex(
      (event) => event.name === name && !(funnel === 'pr' && event.dimensions.how === 'claimed'),
    );
    const reached = rest[place];
    if (before && reached) steps.push({ funnel, before, reached });
    if (step !== name) continue;
    if (!reached) break;
    before = reached;
    rest = rest.slice(place + 1);
  }
  return steps;
}

/** The events of each subject, in the order of a subject's events. */
function groups(events: readonly EventAnswer[], of: (event: EventAnswer) => string): EventAnswer[][] {
  const found = new Map<string, EventAnswer[]>();
  for (const event of events) found.set(of(event), [...(found.get(of(event)) ?? []), event]);
  return [...found.values()].map((own) => {
    const numbered = own.map((event) => ({ event, id: rowOf(event), at: event.at })).sort((a, b) => a.id - b.id);
    return inOrder(numbered).map(({ event }) => event);
  });
}

function rowOf({ cause_stream, cause_position, name }: EventAnswer): number {
  return eventId(cause_stream, cause_position, eventByName(name)!);
}

/** What is told apart, without what is not known. */
export function words(...parts: readonly (string | null | undefined)[]): string {
  return parts.filter((part) => part !== null && part !== undefined).join(' ');
}

export function tally(counts: readonly (readonly [of: string, count: number])[]): Record<string, number> {
  const found: Record<string, number> = {};
  for (const [of, count] of counts) found[of] = (found[of] ?? 0) + count;
  return found;
}

function together(observed: readonly Observed[]): Record<string, Durations> {
  const found: Record<string, Durations> = {};
  for (const [of, ms] of observed) {
    const { count, ms: before } = found[of] ?? { count: 0, ms: 0 };
    found[of] = { count: count + 1, ms: before + Math.max(0, ms) };
  }
  return found;
}
