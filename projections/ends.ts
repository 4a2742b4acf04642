import { lifeUntil } from './alive.ts';
import type { SessionUpdated } from './facts.ts';
import type { End, Follower, Session, State } from './state.ts';

/**
 * The rows right after an end decide what caused it, and any of them may vanish while its incarnation may. So the latest end
 * collects the first row of each incarnation that follows, until one comes that cannot vanish; an end is such a row itself.
 */
export function follow(state: State, follower: Follower, firm: boolean): void {
  const end = state.ends.get(state.progress.openEnd);
  if (!end) return;
  if (firm || !end.followers.some(({ born }) => born === follower.born)) {
    end.followers.push(follower);
    state.ends.changed(end);
  }
  if (firm) state.progress.openEnd = 0;
}

/** Takes the rows of an incarnation that vanished out of the followers of every end since its birth. */
export function unfollow(state: State, born: number): void {
  for (let end = state.ends.after(born); end; end = state.ends.after(end.seq)) {
    const kept = end.followers.filter((follower) => follower.born !== born);
    if (kept.length === end.followers.length) continue;
    end.followers = kept;
    state.ends.changed(end);
    state.dirtyEnds.add(end.seq);
  }
  const last = state.ends.before(born);
  if (last?.followers.some((follower) => follower.born === born)) {
    last.followers = last.followers.filter((follower) => follower.born !== born);
    state.ends.changed(last);
    state.dirtyEnds.add(last.seq);
  }
}

export function recordEnd(state: State, session: Session, fact: SessionUpdated): void {
  const merged = session.merge !== null && session.openPulls === 0;
  if (merged) linkMerge(state, session, fact.seq);
  const end: End = {
    seq: fact.seq,
    at: fact.at,
    nanos: fact.nanos,
    born: session.born,
    project: session.project,
    number: session.number,
    host: fact.host,
    merged,
    alive: lifeUntil(state, session, fact),
    followers: [],
    restored: null,
  };
  state.ends.add(end);
  session.lastEnd = fact.seq;
  if (!session.updated && fact.activity === 'exited') session.earlyEnd = fact.seq;
  state.dirtySessions.add(session.born);
  state.progress.openEnd = fact.seq;
  state.dirtyEnds.add(fact.seq);
}

export function recordRestore(state: State, session: Session, fact: SessionUpdated): void {
  const end = state.ends.get(session.lastEnd);
  if (!end || end.born !== session.born) return;
  end.restored = { seq: fact.seq, at: fact.at, nanos: fact.nanos };
  state.ends.changed(end);
  state.dirtyEnds.add(end.seq);
}

/** As long as the observation of the merge is the PR's last, a later row of it may move it past the end. */
function linkMerge(state: State, { merge }: Session, end: number): void {
  const pull = state.pulls.byBorn(merge!.pull);
  if (!pull || pull.last.seq !== merge!.seq) return;
  pull.mergedEnd = end;
  state.pulls.changed(pull);
}

/** Marks every end of a session. */
export function markEndsOf(state: State, session: Session): void {
  for (let end = state.ends.get(session.lastEnd); end && end.seq > session.born; end = state.ends.before(end.seq)) {
    if (end.born === session.born) state.dirtyEnds.add(end.seq);
  }
}
