import type { JournalFact } from './facts.ts';
import { nearest, remember } from './failures.ts';
import { type Instant, nanosBetween } from './instant.ts';
import { coveringLife, incarnation } from './lives.ts';
import type { DerivedEvent, Life, Mark, Session, State } from './state.ts';
import { EVENTS, eventId, projectKey } from './vocabulary.ts';

/** A seed that is not launched for so long is abandoned. */
export const LAUNCH_LIMIT_MS = 600_000;

const LATE_FAILURE_MS = 1_000;
const LAUNCH_SLACK_MS = 100;

/** No spawn takes longer before it is given up. */
const LONGEST_SPAWN_MS = 86_400_000;

/** The recorded failure of a spawn that failed late: its remains are a first row `exited, terminated` beside that record. */
export function lateFailure(state: State, session: Session): Mark | undefined {
  const end = state.ends.get(session.earlyEnd);
  return end && recorded(state, session.project, creation(session), end, later(end, LATE_FAILURE_MS));
}

/** Marks the sessions that a newly journaled failed spawn may be a trace of, and takes back the rollback that told of it. */
export function markAroundSpawnFailure(state: State, failure: JournalFact): void {
  const { rollbacks } = state.progress.failures;
  const ofProject = rollbacks.filter(({ project }) => project === failure.project);
  const rollback = nearest(ofProject, (one) => nanosBetween(one, failure));
  if (rollback) {
    rollbacks.splice(rollbacks.indexOf(rollback), 1);
    state.events.drop(eventId('telemetry', rollback.position, EVENTS.spawnFailed));
  }
  for (const end of state.ends.between(failure.at - LATE_FAILURE_MS - 1, failure.at)) {
    state.dirtySessions.add(end.born);
  }
  const duration = Number(failure.data.duration_ms);
  for (const life of state.lives.begunBetween(failure.at - duration - LAUNCH_SLACK_MS - 1, failure.at)) {
    if (life.project !== failure.project) continue;
    const session = incarnation(state, life);
    if (session) state.dirtySessions.add(session.born);
  }
}

/** A trigger saw a seed go. It tells of the failure where the daemon itself did not. */
export function rolledBack(state: State, fact: JournalFact): void {
  const { project, position, at, nanos } = fact;
  if (project === null || recordedRightAfter(state, project, fact)) return;
  remember(state.progress.failures.rollbacks, { project, position, at, nanos });
  const { kind, harness } = fact.data;
  state.events.put({
    id: eventId('telemetry', position, EVENTS.spawnFailed),
    subject: projectKey(project),
    session: null,
    project,
    at,
    dimensions: { harness: String(harness ?? 'other'), session_kind: String(kind ?? 'other') },
    measures: null,
  });
}

/**
 * Tells of a session that was never launched, where no record of the daemon does: its end, or that it was abandoned. Returns
 * whether the clock may still change that.
 */
export function settleFailedSpawn(
  state: State,
  session: Session,
  clock: number | null,
  firmClock: number | null,
): boolean {
  const life = coveringLife(state, session);
  const failure = life && !wasLaunched(session, life) ? failureOf(state, session, clock) : null;
  const id = failure?.id ?? 0;
  if (id !== session.failureEvent) {
    if (session.failureEvent !== 0) state.events.drop(session.failureEvent);
    if (failure) state.events.put(failure);
    session.failureEvent = id;
    state.sessions.changed(session);
  }
  const isPending = life !== undefined && life.launched === null && session.firstEndAt === null;
  return isPending && !isPast(session, firmClock);
}

/** A launch after the limit comes too late: by then the seed was told as abandoned. */
export function wasLaunched(session: Session, { launched }: Life): boolean {
  return launched !== null && nanosBetween(creation(session), launched) <= LAUNCH_LIMIT_MS * 1e6;
}

/** The daemon's own record of the failed spawn that a session is the remains of. */
export function recordedFailure(state: State, session: Session): Mark | undefined {
  const life = coveringLife(state, session);
  if (!life) return lateFailure(state, session);
  return wasLaunched(session, life) ? undefined : recordedUnlaunched(state, session);
}

/** The daemon's own record of the failed spawn of a seed that was rolled back. */
export function recordedRollback(state: State, { project, rolledBack: undone }: Life): Mark | undefined {
  return project === null || undone === null ? undefined : recordedRightAfter(state, project, undone);
}

function recordedUnlaunched(state: State, session: Session): Mark | undefined {
  const { project, firstEnd } = session;
  const created = creation(session);
  return endedInTime(session)
    ? recordedRightAfter(state, project, state.ends.get(firstEnd)!)
    : recorded(state, project, created, created, later(created, LONGEST_SPAWN_MS));
}

/** Whether a session that was never launched ended before it was given up. */
function endedInTime({ createdAt, firstEndAt }: Session): boolean {
  return firstEndAt !== null && firstEndAt <= createdAt + LAUNCH_LIMIT_MS;
}

function failureOf(state: State, session: Session, clock: number | null): DerivedEvent | null {
  const { born, project, createdAt, firstEndAt, firstEnd } = session;
  const endedBefore = endedInTime(session);
  if (!endedBefore && !isPast(session, firstEndAt ?? clock)) return null;
  if (recordedUnlaunched(state, session)) return null;
  return {
    id: eventId('change_log', endedBefore ? firstEnd : born, EVENTS.spawnFailed),
    subject: projectKey(project),
    session: null,
    project,
    at: endedBefore ? firstEndAt! : createdAt + LAUNCH_LIMIT_MS,
    dimensions: endedBefore ? null : { error_code: 'abandoned' },
    measures: null,
  };
}

/** A failed spawn that the daemon recorded between two times, and that had begun by the creation. */
function recorded(state: State, project: number, created: Instant, from: Instant, to: Instant): Mark | undefined {
  return state.marks
    .spawnFailures(project, from, to)
    .find((failure) => nanosBetween(created, failure) <= (failure.durationMs + LAUNCH_SLACK_MS) * 1e6);
}

/** The daemon records a failure right after it undid what there was, whatever its clock did since the creation. */
function recordedRightAfter(state: State, project: number, undone: Instant): Mark | undefined {
  return state.marks.spawnFailures(project, undone, later(undone, LATE_FAILURE_MS))[0];
}

function isPast({ createdAt }: Session, clock: number | null): boolean {
  return clock !== null && clock - createdAt > LAUNCH_LIMIT_MS;
}

export function creation({ createdAt, createdNanos }: Session): Instant {
  return { at: createdAt, nanos: createdNanos };
}

function later({ at, nanos }: Instant, ms: number): Instant {
  return { at: at + ms, nanos };
}
