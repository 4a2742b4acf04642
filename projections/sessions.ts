import { touchDay } from './active-days.ts';
import { liveOn, markStartsOf, markStartsWithin } from './alive.ts';
import { follow, recordEnd, recordRestore, unfollow } from './ends.ts';
import {
  type Activity,
  SCRATCH_PROJECT,
  type SessionChatted,
  type SessionCreated,
  type SessionUpdated,
} from './facts.ts';
import { widen } from './span.ts';
import type { Session, State } from './state.ts';
import type { EventSink } from './tables.ts';
import { STUCK_MS, tellStuck } from './time-rules.ts';
import { EVENTS, type EventDefinition, eventId, firstEventId } from './vocabulary.ts';

/** On hosts below this version a session row that changes nothing can only have been written by a first signal. */
const RENAME_WRITES_A_ROW = 24;

/** A first signal comes early, or it is told by a row that must be one. */
const EARLY_ROWS_KEPT = 8;

/** The number at the end of a session id; 0 where it has none. */
export function sessionNumber(id: string): number {
  return Number(/-(\d{1,15})$/.exec(id)?.[1] ?? 0);
}

export function sessionCreated(state: State, fact: SessionCreated): void {
  const previous = state.sessions.current(fact.session);
  if (previous) retractSession(state, previous);
  const session: Session = {
    born: fact.seq,
    createdAt: fact.at,
    createdNanos: fact.nanos,
    project: fact.project,
    number: sessionNumber(fact.session),
    activity: fact.activity,
    terminated: fact.terminated,
    preview: '',
    signal: null,
    early: [],
    signalEvent: 0,
    signalAt: null,
    updated: false,
    waitingSince: isWaiting(fact.activity) ? fact.at : null,
    waitingRow: fact.seq,
    stuck: false,
    silent: false,
    open: true,
    firstEndAt: null,
    firstEnd: 0,
    failureEvent: 0,
    lastEnd: 0,
    aliveSince: fact.at,
    aliveUntil: null,
    earlyEnd: 0,
    openPulls: 0,
    merge: null,
    firm: false,
    withheld: false,
    launchMs: null,
    span: { oldest: null, newest: null },
  };
  widen(session.span, fact.at);
  state.sessions.add(fact.session, session);
  follow(state, { seq: fact.seq, at: fact.at, nanos: fact.nanos, born: session.born, isEnd: false }, false);
  put(state, session, EVENTS.spawned, fact);
  touchDay(state, fact.at);
  state.dirtySessions.add(session.born);
  if (session.waitingSince !== null) put(state, session, EVENTS.waitingEntered, fact);
}

export function sessionUpdated(state: State, fact: SessionUpdated): void {
  const session = state.sessions.current(fact.session);
  widen(session && !session.firm ? session.span : state.progress.span, fact.at);
  if (!session) return;
  const ends = fact.terminated && !session.terminated;
  const restores = !fact.terminated && session.terminated;
  follow(
    state,
    { seq: fact.seq, at: fact.at, nanos: fact.nanos, born: session.born, isEnd: ends },
    session.firm || ends,
  );
  signal(state, session, fact, restores);
  wait(state, session, fact);
  if (!fact.terminated && !session.terminated) comeAndGo(state, session, fact);
  if (ends) {
    if (session.firstEnd === 0) {
      session.firstEnd = fact.seq;
      session.firstEndAt = fact.at;
    }
    makeFirm(state, session);
    put(state, session, EVENTS.killed, fact, { end_cause: 'unknown' });
    recordEnd(state, session, fact);
  } else if (!fact.terminated) liveOn(state, session, fact);
  if (restores) {
    put(state, session, EVENTS.restored, fact, { how: 'other' });
    recordRestore(state, session, fact);
  }
  session.activity = fact.activity;
  session.terminated = fact.terminated;
  session.preview = fact.preview;
  session.updated = true;
  session.merge = null;
  state.sessions.changed(session);
}

/** A chat row moves the clock, and nothing else. */
export function sessionChatted(state: State, fact: SessionChatted): void {
  const session = state.sessions.current(fact.session);
  widen(session && !session.firm ? session.span : state.progress.span, fact.at);
  if (session) state.sessions.changed(session);
}

/** Takes an incarnation back, with all that it derived, as if its creation row had never been there. */
export function retractSession(state: State, session: Session): void {
  for (const sink of [state.events, state.withheld]) {
    sink.takeSubject(session.born, firstEventId(session.born));
    sink.drop(session.signalEvent);
  }
  if (session.failureEvent !== 0) state.events.drop(session.failureEvent);
  if (session.aliveUntil !== null) markStartsWithin(state, session.aliveSince, session.aliveUntil);
  state.dirtyTraces.add(state.sessions.hashOf(session));
  touchDay(state, session.createdAt);
  for (let end = state.ends.get(session.lastEnd); end && end.seq > session.born; end = state.ends.before(end.seq)) {
    if (end.born !== session.born) continue;
    markStartsOf(state, end);
    state.ends.remove(end);
  }
  unfollow(state, session.born);
  state.sessions.remove(session);
}

/** From now on the creation row cannot vanish, so what it said of time and of projects stays said. */
export function makeFirm(state: State, session: Session): void {
  if (session.firm) return;
  session.firm = true;
  const { progress } = state;
  if (session.span.oldest !== null) widen(progress.span, session.span.oldest);
  if (session.span.newest !== null) widen(progress.span, session.span.newest);
  session.span = { oldest: null, newest: null };
  if (
    session.project !== SCRATCH_PROJECT &&
    (progress.firstBorn === null || session.born < progress.firstBorn.position)
  ) {
    progress.firstBorn = birth(session);
  }
  state.sessions.changed(session);
}

/** The creation row as a milestone. */
export function birth(session: Session) {
  const { born, createdAt, project } = session;
  return { stream: 'change_log', position: born, at: createdAt, session: born, project } as const;
}

/** Where the events of a session go. */
export function sinkOf(state: State, { withheld }: Session): EventSink {
  return withheld ? state.withheld : state.events;
}

/** Rows before the first one that must be a first signal are kept, because a trigger may say that one of them was it. */
function signal(state: State, session: Session, fact: SessionUpdated, restores: boolean): void {
  if (session.signal || restores) return;
  const row = { seq: fact.seq, at: fact.at, nanos: fact.nanos };
  const changes = fact.activity !== session.activity;
  const repeats =
    !changes &&
    fact.host < RENAME_WRITES_A_ROW &&
    fact.terminated === session.terminated &&
    fact.preview === session.preview;
  if (repeats || (changes && fact.activity !== 'exited')) session.signal = row;
  else if (session.early.length < EARLY_ROWS_KEPT) session.early.push(row);
  state.dirtySessions.add(session.born);
}

function wait(state: State, session: Session, fact: SessionUpdated): void {
  const waits = isWaiting(fact.activity);
  if (waits && session.waitingSince === null) {
    session.waitingSince = fact.at;
    session.waitingRow = fact.seq;
    session.open = true;
    put(state, session, EVENTS.waitingEntered, fact);
  } else if (!waits && session.waitingSince !== null) {
    const dwell = Math.max(0, fact.at - session.waitingSince);
    tellStuck(state, session, dwell > STUCK_MS);
    session.stuck = false;
    session.waitingSince = null;
    put(state, session, EVENTS.waitingExited, fact, null, { dwell_ms: dwell });
  }
}

/** Newer hosts: the agent process ends and is resumed while its session stays open. */
function comeAndGo(state: State, session: Session, fact: SessionUpdated): void {
  const was = session.activity === 'exited';
  const is = fact.activity === 'exited';
  if (is && !was) put(state, session, EVENTS.agentExited, fact);
  if (was && !is) put(state, session, EVENTS.agentResumed, fact);
}

function isWaiting(activity: Activity): boolean {
  return activity === 'waiting_input' || activity === 'blocked';
}

function put(
  state: State,
  session: Session,
  definition: EventDefinition,
  fact: SessionCreated | SessionUpdated,
  dimensions: Record<string, string> | null = null,
  measures: Record<string, number> | null = null,
): void {
  sinkOf(state, session).put({
    id: eventId('change_log', fact.seq, definition),
    subject: session.born,
    session: session.born,
    project: session.project,
    at: fact.at,
    dimensions,
    measures,
  });
}
