import { settleFailedSpawn } from './failed-spawns.ts';
import { sinkOf } from './sessions.ts';
import { changeSpan } from './span.ts';
import type { Session, State } from './state.ts';
import { EVENTS, type EventDefinition, eventId } from './vocabulary.ts';

export const STUCK_MS = 1_800_000;
const NO_SIGNAL_MS = 600_000;

/**
 * Tells the spans that have become too long by the clock of `change_log`, and takes back what the clock no longer says: it falls
 * when a row vanishes. What the rows that cannot vanish say is settled for good.
 */
export function settleSpans(state: State): void {
  const clock = changeSpan(state).newest;
  const firmClock = state.progress.span.newest;
  for (const session of state.sessions.open()) {
    const wait = session.waitingSince;
    if (wait !== null) tellStuck(state, session, isLonger(wait, clock, STUCK_MS));
    const answered = answeredAt(session);
    tellNoSignal(state, session, isLonger(session.createdAt, answered ?? clock, NO_SIGNAL_MS));
    const waitIsOpen = wait !== null && !isLonger(wait, firmClock, STUCK_MS);
    const silenceIsOpen = answered === null && !isLonger(session.createdAt, firmClock, NO_SIGNAL_MS);
    const launchIsOpen = settleFailedSpawn(state, session, clock, firmClock);
    if (waitIsOpen || silenceIsOpen || launchIsOpen) continue;
    session.open = false;
    state.sessions.changed(session);
  }
}

/** Puts or drops the event of the present wait. */
export function tellStuck(state: State, session: Session, isStuck: boolean): void {
  if (isStuck === session.stuck) return;
  session.stuck = isStuck;
  tell(state, session, isStuck, EVENTS.stuckWaiting, session.waitingRow, session.waitingSince! + STUCK_MS);
}

function tellNoSignal(state: State, session: Session, isSilent: boolean): void {
  if (isSilent === session.silent) return;
  session.silent = isSilent;
  tell(state, session, isSilent, EVENTS.noSignal, session.born, session.createdAt + NO_SIGNAL_MS);
}

function tell(
  state: State,
  session: Session,
  holds: boolean,
  definition: EventDefinition,
  seq: number,
  at: number,
): void {
  const { born, project } = session;
  const id = eventId('change_log', seq, definition);
  const sink = sinkOf(state, session);
  if (holds) sink.put({ id, subject: born, session: born, project, at, dimensions: null, measures: null });
  else sink.drop(id);
  state.sessions.changed(session);
}

/** When a signal or an end first broke the silence after the creation; null while neither has. */
function answeredAt({ signalAt, firstEndAt }: Session): number | null {
  if (signalAt === null || firstEndAt === null) return signalAt ?? firstEndAt;
  return Math.min(signalAt, firstEndAt);
}

function isLonger(from: number, to: number | null, limitMs: number): boolean {
  return to !== null && to - from > limitMs;
}
