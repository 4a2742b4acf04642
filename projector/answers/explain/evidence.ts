import { CAUSE_RULES, startsBefore } from '../../../projections/cause-rules.ts';
import { change, type Evidence, telemetry } from '../../../projections/evidence.ts';
import { coveringLife } from '../../../projections/lives.ts';
import { uncleanBefore } from '../../../projections/starts.ts';
import type { DerivedEvent, End, Session } from '../../../projections/state.ts';
import { isSameAct } from '../../../projections/traces.ts';
import { EVENTS, type EventDefinition, eventParts, firstEventId } from '../../../projections/vocabulary.ts';
import { firstAfter, lastBefore } from '../lookups.ts';
import type { Explaining } from './explaining.ts';

type Beside = (context: Explaining, event: DerivedEvent) => readonly Evidence[];

/** The row that made an event, and the others that its rule looked at. */
export function evidenceOf(context: Explaining, event: DerivedEvent): Evidence[] {
  const { stream, position, definition } = eventParts(event.id);
  const all = [{ stream, position, role: 'the row that made it' }, ...(BESIDE.get(definition)?.(context, event) ?? [])];
  return all.filter((one, index) => index === all.findIndex((other) => isSameRow(one, other)));
}

/** The rows that tell why a session ended: those of the first rule that holds, or that it was restored. */
function evidenceOfCause({ source, state }: Explaining, end: End, session: Session): readonly Evidence[] {
  const held = CAUSE_RULES.map(({ holds }) => holds(state, end, session)).find((rows) => rows !== null);
  if (held && !end.merged) return held;
  if (!held) return end.restored ? [change(end.restored.seq, 'its restore')] : [];
  const before = { session: session.born };
  return lastBefore(source, before, EVENTS.merged, firstEventId(end.seq)).map((merged) =>
    change(eventParts(merged.id).position, 'the merge of its PR'),
  );
}

function isSameRow(one: Evidence, other: Evidence): boolean {
  return one.stream === other.stream && one.position === other.position;
}

const positionOf = ({ id }: DerivedEvent): number => eventParts(id).position;

const sessionBefore: Beside = ({ rows }, event) => {
  const { stream, position } = eventParts(event.id);
  const seq = stream === 'change_log' ? rows.beforeOfSession(position) : undefined;
  return seq === undefined ? [] : [change(seq, "the session's row before")];
};

const observationBefore: Beside = ({ rows }, event) => {
  const seq = rows.beforeOfPull(positionOf(event));
  return seq === undefined ? [] : [change(seq, 'the observation of the PR before')];
};

const toEvidence = (events: readonly (DerivedEvent | undefined)[], role: string): Evidence[] =>
  events.flatMap((event) => {
    if (!event) return [];
    const { stream, position } = eventParts(event.id);
    return [{ stream, position, role }];
  });

/** The events of a definition that rows before this one made, of the same subject. */
const before =
  (definition: EventDefinition, role: string, limit = 1): Beside =>
  ({ source }, event) =>
    toEvidence(
      lastBefore(source, { subject: event.subject }, definition, firstEventId(positionOf(event)), limit),
      role,
    );

const creation: Beside = (_, { session }) => (session === null ? [] : [change(session, 'the creation row')]);

const together =
  (...parts: readonly Beside[]): Beside =>
  (context, event) =>
    parts.flatMap((part) => part(context, event));

const launch: Beside = ({ state }, { subject }) => {
  const session = state.sessions.byBorn(subject);
  const launched = session && coveringLife(state, session)?.launched;
  return launched ? [telemetry(launched.position, 'its launch, as a trigger saw it')] : [];
};

const seenSignal: Beside = ({ state }, { subject }) => {
  const session = state.sessions.byBorn(subject);
  const seen = session && coveringLife(state, session)?.signal;
  return seen ? [telemetry(seen.position, 'the first signal, as a trigger saw it')] : [];
};

const cause: Beside = (context, event) => {
  const { state } = context;
  const end = state.ends.get(positionOf(event));
  const session = end && state.sessions.byBorn(end.born);
  return session ? evidenceOfCause(context, end, session) : [];
};

/** The start within 10 s before a restore, or whatever else tells that the daemon did it. */
const restorer: Beside = (context, { id, subject }) => {
  const { source, state } = context;
  const [killed] = lastBefore(source, { subject }, EVENTS.killed, id);
  const end = killed && state.ends.get(positionOf(killed));
  if (!end?.restored) return [];
  return [
    change(end.seq, 'the end that it undoes'),
    ...startsBefore(state, end.restored).map(({ position }) =>
      telemetry(position, 'a daemon start within 10 s before'),
    ),
    ...cause(context, killed!),
  ];
};

const after =
  (definition: EventDefinition, role: string): Beside =>
  ({ source }, { id, subject }) =>
    toEvidence([firstAfter(source, { subject }, definition, id)], role);

const failedSession: Beside = ({ state }, event) => {
  const { stream, position } = eventParts(event.id);
  const end = stream === 'change_log' ? state.ends.get(position) : undefined;
  return end ? [change(end.born, 'the creation row')] : [];
};

const crash: Beside = ({ state }, event) => {
  const start = state.marks.start(positionOf(event));
  return (start && uncleanBefore(state, start)) ?? [];
};

/** Other facts that tell of the same act. */
const otherTraces: Beside = ({ state }, event) => {
  const { position, definition } = eventParts(event.id);
  const session = event.session === null ? undefined : state.sessions.byBorn(event.session);
  const of = definition.subjectKind === 'project' ? String(event.project) : session && state.sessions.hashOf(session);
  const traces = of === undefined ? [] : state.traces.of(of);
  const own = traces.find((trace) => trace.position === position);
  return traces
    .filter((trace) => own && isSameAct(trace, own))
    .map((trace) => telemetry(trace.position, 'another fact of the same act'));
};

const BESIDE: ReadonlyMap<EventDefinition, Beside> = new Map<EventDefinition, Beside>([
  [EVENTS.spawned, launch],
  [EVENTS.firstSignal, together(sessionBefore, seenSignal)],
  [EVENTS.waitingEntered, sessionBefore],
  [EVENTS.waitingExited, before(EVENTS.waitingEntered, 'the row that began the wait')],
  [EVENTS.agentExited, sessionBefore],
  [EVENTS.agentResumed, before(EVENTS.agentExited, 'the row by which the agent had exited')],
  [EVENTS.killed, together(sessionBefore, cause)],
  [EVENTS.restored, restorer],
  [EVENTS.prObserved, before(EVENTS.prObserved, 'the row that gave it to the owner before')],
  [EVENTS.ciPassed, observationBefore],
  [EVENTS.ciFailed, observationBefore],
  [EVENTS.reviewRequested, observationBefore],
  [EVENTS.changesRequested, observationBefore],
  [EVENTS.revised, before(EVENTS.changesRequested, 'the row that requested changes')],
  [EVENTS.approved, observationBefore],
  [EVENTS.merged, observationBefore],
  [EVENTS.closedUnmerged, observationBefore],
  [EVENTS.spawnFailed, failedSession],
  [EVENTS.repeatedExit2, before(EVENTS.exit2, 'a failure of the command before', 2)],
  [EVENTS.shutdownUnclean, crash],
  [EVENTS.terminatedUnexpected, together(sessionBefore, cause)],
  [EVENTS.stuckWaiting, after(EVENTS.waitingExited, 'the row that ended the wait')],
  [EVENTS.noSignal, together(creation, after(EVENTS.firstSignal, 'the first signal, which came later'))],
  [EVENTS.ciRepeatedFailure, before(EVENTS.ciFailed, 'a failure of CI before', 2)],
  [EVENTS.reviewTriggered, otherTraces],
  [EVENTS.reviewSubmitted, otherTraces],
  [EVENTS.reviewCancelled, otherTraces],
  [EVENTS.projectAdded, otherTraces],
]);
