import type { SessionUpdated } from './facts.ts';
import type { End, Session, State } from './state.ts';

/** Below this version a stopping daemon ends every live session, and an agent's own exit ends its session. */
export const STOP_ENDS_NOTHING = 20;

/** A start ends those that it finds dead, and restores sessions, within so long. */
export const START_TAKES_MS = 10_000;

/**
 * On hosts whose stop ends all, a session that lives on says that nobody stopped the daemon. It must have shown that it runs,
 * for a seed that was left behind lives on as well.
 */
export function liveOn(state: State, session: Session, { at, host, activity }: SessionUpdated): void {
  if (session.terminated) {
    session.aliveSince = at;
    session.aliveUntil = null;
    return;
  }
  const runs = session.aliveUntil !== null || (activity !== 'idle' && activity !== 'exited');
  if (host >= STOP_ENDS_NOTHING || !runs) return;
  const before = session.aliveUntil ?? session.aliveSince;
  session.aliveUntil = Math.max(before, at);
  markStartsWithin(state, before, session.aliveUntil);
}

/** The part of its life that a session is known to have run through, up to this end. */
export function lifeUntil(state: State, session: Session, { at, host }: SessionUpdated): End['alive'] {
  const { aliveSince, aliveUntil } = session;
  session.aliveUntil = null;
  if (aliveUntil === null) return null;
  const until = host < STOP_ENDS_NOTHING ? Math.max(aliveUntil, at) : Math.min(aliveUntil, at);
  markStartsWithin(state, aliveUntil, until);
  return { since: aliveSince, until };
}

/** Marks the daemon starts that may have found this end, come after it, or been lived through before it. */
export function markStartsOf(state: State, { at, restored, alive }: End): void {
  markStartsWithin(state, at - START_TAKES_MS, restored?.at ?? at);
  if (alive) markStartsWithin(state, alive.since, alive.until);
}

/** Marks the daemon starts between two times, both inclusive, to be told anew. */
export function markStartsWithin(state: State, from: number, to: number): void {
  for (const { position } of state.marks.allStarts(from, to)) state.dirtyStarts.add(position);
}
