import { words } from './dimensions.ts';
import { type JournalFact, TRIGGERED } from './facts.ts';
import { nanosBetween } from './instant.ts';
import { sinkOf } from './sessions.ts';
import type { State, Trace } from './state.ts';
import { EVENTS, type EventDefinition, eventByCode, eventId, projectKey } from './vocabulary.ts';

/** Traces of one act lie this close together. */
const ONE_ACT_MS = 10_000;

/** A project was added. It is told once, whoever saw it. */
export function projectTraced(state: State, fact: JournalFact): void {
  if (fact.project === null || fact.data.kind === 'scratch') return;
  const { kind, has_git_remote } = fact.data;
  const dimensions = words({ project_kind: kind, has_git_remote });
  trace(state, fact, { of: String(fact.project), definition: EVENTS.projectAdded, dimensions });
}

/** A review of a session was asked for, came back, was called off, or could not be started. */
export function reviewTraced(state: State, fact: JournalFact): void {
  const definition = reviewEvent(fact);
  if (!definition || fact.session === null) return;
  const { harness, verdict, error_kind } = fact.data;
  const dimensions = words({ harness, verdict, error_kind });
  const measures = numbers({
    duration_ms: fact.data.duration_ms,
    count: fact.data.created_runs ?? fact.data.cancelled_runs,
  });
  trace(state, fact, { of: fact.session, definition, dimensions, measures });
}

function reviewEvent({ name, data }: JournalFact): EventDefinition | null {
  switch (name) {
    case 'ao.review.triggered':
    case TRIGGERED.reviewRunCreated:
      return EVENTS.reviewTriggered;
    case 'ao.review.submitted':
      return EVENTS.reviewSubmitted;
    case 'ao.review.cancelled':
      return EVENTS.reviewCancelled;
    case 'ao.review.trigger_failed':
      return EVENTS.reviewTriggerFailed;
    case TRIGGERED.reviewRunChanged:
      return data.status === 'complete'
        ? EVENTS.reviewSubmitted
        : data.status === 'cancelled'
          ? EVENTS.reviewCancelled
          : null;
    default:
      return null;
  }
}

interface Told {
  readonly of: string;
  readonly definition: EventDefinition;
  readonly dimensions: Trace['dimensions'];
  readonly measures?: Trace['measures'];
}

function trace(state: State, fact: JournalFact, { of, definition, dimensions, measures = null }: Told): void {
  const { position, at, nanos, project, name } = fact;
  const ofDaemon = name.startsWith('ao.');
  state.traces.add({ position, at, nanos, of, code: definition.code, ofDaemon, project, dimensions, measures });
  state.dirtyTraces.add(of);
}

/** Puts one event for each act that the traces tell of, at the trace that says most, and drops those of the others. */
export function settleTraces(state: State): void {
  for (const of of state.dirtyTraces) {
    const traces = state.traces.of(of);
    const telling = new Set(acts(traces));
    for (const one of traces) tell(state, one, telling.has(one));
  }
  state.dirtyTraces.clear();
}

/**
 * One trace of each act. Every row of the daemon's is an act. Of what others saw, those that lie close to such a row are traces
 * of that act, and those that lie close together are traces of one.
 */
function acts(traces: readonly Trace[]): Trace[] {
  const told = traces.filter(({ ofDaemon }) => ofDaemon);
  const others = traces.filter(({ ofDaemon }) => !ofDaemon);
  others.sort((a, b) => nanosBetween(b, a) || a.position - b.position);
  for (const one of others) if (!told.some((other) => isSameAct(one, other))) told.push(one);
  return told;
}

/** Whether two traces of one subject may be of one act. */
export function isSameAct(one: Trace, other: Trace): boolean {
  return one.code === other.code && Math.abs(nanosBetween(one, other)) <= ONE_ACT_MS * 1e6;
}

function tell(state: State, one: Trace, isTelling: boolean): void {
  const definition = eventByCode(one.code);
  const id = eventId('telemetry', one.position, definition);
  const isOfSession = definition.subjectKind === 'session';
  const session = isOfSession ? state.sessions.byHash(one.of) : undefined;
  const sink = session ? sinkOf(state, session) : state.events;
  (sink === state.events ? state.withheld : state.events).drop(id);
  if (!isTelling || (isOfSession && !session)) {
    sink.drop(id);
    return;
  }
  const { project, at, dimensions, measures } = one;
  const subject = session?.born ?? projectKey(project!);
  sink.put({ id, subject, session: session?.born ?? null, project, at, dimensions, measures });
}

function numbers(values: Readonly<Record<string, unknown>>): Record<string, number> | null {
  const known = Object.entries(values).filter(([, value]) => typeof value === 'number');
  return known.length === 0
    ? null
    : Object.fromEntries(known.map(([name, value]) => [name, Math.max(0, Number(value))]));
}
