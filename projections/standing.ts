import { touchDay } from './active-days.ts';
import { markEndsOf } from './ends.ts';
import { creation, lateFailure, wasLaunched } from './failed-spawns.ts';
import { type Instant, nanosBetween } from './instant.ts';
import { coveringLife } from './lives.ts';
import { sinkOf } from './sessions.ts';
import type { DerivedEvent, Life, Session, State } from './state.ts';
import { EVENTS, eventId, firstEventId } from './vocabulary.ts';

/**
 * Holds each marked session against what our triggers saw of it: whether it was spawned at all, how long that took, and which
 * row was its first signal. Where they saw nothing, rows and recorded failures say what they can.
 */
export function settleSessions(state: State): void {
  for (const born of state.dirtySessions) {
    const session = state.sessions.byBorn(born);
    if (session) settleSession(state, session);
  }
  state.dirtySessions.clear();
}

function settleSession(state: State, session: Session): void {
  const life = coveringLife(state, session);
  const withheld = life ? !wasLaunched(session, life) : lateFailure(state, session) !== undefined;
  if (withheld !== session.withheld) {
    // A signal that only a trigger saw stands in the other stream; it is told anew below.
    sinkOf(state, session).drop(session.signalEvent);
    session.signalEvent = 0;
    const events = sinkOf(state, session).takeSubject(session.born, firstEventId(session.born));
    session.withheld = withheld;
    for (const event of events) sinkOf(state, session).put(event);
    touchDay(state, session.createdAt);
    markEndsOf(state, session);
    state.sessions.changed(session);
  }
  const launchMs = life?.launched ? milliseconds(session, life.launched) : null;
  if (launchMs !== session.launchMs) {
    session.launchMs = launchMs;
    state.sessions.changed(session);
    const measures = launchMs === null ? null : { duration_ms: launchMs };
    put(state, session, { id: eventId('change_log', session.born, EVENTS.spawned), at: session.createdAt, measures });
  }
  settleSignal(state, session, life);
  state.dirtyTraces.add(state.sessions.hashOf(session));
  session.open = true;
  state.sessions.changed(session);
}

function settleSignal(state: State, session: Session, life: Life | undefined): void {
  const signal = life ? seenSignal(session, life) : rowSignal(session.signal);
  const id = signal?.id ?? 0;
  session.signalAt = signal?.at ?? null;
  if (session.signalEvent === id) return;
  if (session.signalEvent !== 0) sinkOf(state, session).drop(session.signalEvent);
  if (signal) put(state, session, { ...signal, measures: null });
  session.signalEvent = id;
  state.sessions.changed(session);
}

/** The trigger saw when; the row of that time says it. */
function seenSignal({ early, signal }: Session, life: Life) {
  const seen = life.signal;
  if (!seen) return null;
  const row = [...early, ...(signal ? [signal] : [])].find((candidate) => nanosBetween(candidate, seen) === 0);
  return row ? rowSignal(row) : { id: eventId('telemetry', seen.position, EVENTS.firstSignal), at: seen.at };
}

function rowSignal(row: Session['signal']) {
  return row && { id: eventId('change_log', row.seq, EVENTS.firstSignal), at: row.at };
}

function milliseconds(session: Session, launched: Instant): number {
  return Math.max(0, Math.round(nanosBetween(creation(session), launched) / 1e6));
}

function put(state: State, session: Session, event: Pick<DerivedEvent, 'id' | 'at' | 'measures'>): void {
  const { born, project } = session;
  sinkOf(state, session).put({ ...event, subject: born, session: born, project, dimensions: null });
}
