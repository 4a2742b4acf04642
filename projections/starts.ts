import { START_TAKES_MS } from './alive.ts';
import { isStopBefore, startThatFoundDead } from './cause-rules.ts';
import { change, type Evidence, telemetry } from './evidence.ts';
import type { JournalFact } from './facts.ts';
import { type Instant, nanosBetween } from './instant.ts';
import type { End, Mark, Start, State } from './state.ts';
import { EVENTS, eventId } from './vocabulary.ts';

const INSTALL = 0;

/** The daemon writes its run file when it is up; its telemetry of the same start stands this much before, at most. */
const UP_AFTER_MS = 60_000;

/** A start was recorded or seen. Whether it and the next one came after a crash must be told anew. */
export function startTold(state: State, fact: JournalFact, source: Start['source']): void {
  const start = { at: fact.at, nanos: fact.nanos, position: fact.position, source };
  state.marks.addStart(start);
  state.dirtyStarts.add(start.position);
  markNextStarts(state, start);
}

/** A run file was seen that a daemon left behind when it died; `at` is when that daemon was up. */
export function daemonLeft(state: State, fact: JournalFact): void {
  state.marks.addLeft(fact);
  markNextStarts(state, fact);
}

/** Tells of each marked start whether the daemon before it went down without a stop. */
export function settleStarts(state: State): void {
  for (const position of state.dirtyStarts) {
    const start = state.marks.start(position);
    if (!start) continue;
    const id = eventId('telemetry', position, EVENTS.shutdownUnclean);
    if (isOne(state, start) && uncleanBefore(state, start)) {
      const { at } = start;
      const event = { id, subject: INSTALL, session: null, project: null, at, dimensions: null, measures: null };
      state.events.put(event);
    } else state.events.drop(id);
  }
  state.dirtyStarts.clear();
}

/** A start that is recorded was seen in the run file as well: that is one. */
function isOne(state: State, { source, ...start }: Start): boolean {
  return source === 'recorded' || state.marks.starts({ ...start, at: start.at - UP_AFTER_MS }, start).length === 0;
}

/** The rows that tell, each alone, that the daemon before a start went down without a stop; null where none does. */
export function uncleanBefore(state: State, start: Start): readonly Evidence[] | null {
  const left = leftBefore(state, start);
  if (left) return [telemetry(left.position, 'the run file that the daemon before left behind')];
  const dead = foundDead(state, start);
  if (dead) return [change(dead.seq, 'a session that the start found dead')];
  return livedThrough(state, start) ? [] : null;
}

/** A daemon that was up after the start before left its run file behind. */
function leftBefore(state: State, start: Start): Mark | undefined {
  const left = state.marks.lastLeft(start);
  if (!left) return undefined;
  const isStartBetween = state.marks.allStarts(left.at, start.at).some((other) => {
    return isOne(state, other) && nanosBetween(left, other) > 0 && nanosBetween(other, start) > 0;
  });
  return isStartBetween ? undefined : left;
}

function foundDead(state: State, start: Start): End | undefined {
  return state.ends.between(start.at, start.at + START_TAKES_MS).find((end) => {
    const found = startThatFoundDead(state, end);
    const isTold = state.sessions.byBorn(end.born)?.withheld === false;
    return isTold && found !== undefined && nanosBetween(found, start) === 0;
  });
}

/** A session that the stop of an older daemon would have ended was alive before the start, and still is after it. */
function livedThrough(state: State, start: Start): boolean {
  if (isStopBefore(state, start)) return false;
  if (state.ends.livedThrough(start.at)) return true;
  for (const { aliveSince, aliveUntil } of state.sessions.alive()) {
    if (aliveUntil !== null && aliveSince < start.at && start.at < aliveUntil) return true;
  }
  return false;
}

function markNextStarts(state: State, after: Instant): void {
  for (const { position } of state.marks.startsAfter(after, 2)) state.dirtyStarts.add(position);
}
