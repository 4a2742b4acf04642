import { markEndsOf } from './ends.ts';
import { type JournalFact, TRIGGERED } from './facts.ts';
import { rolledBack } from './failed-spawns.ts';
import type { Instant } from './instant.ts';
import type { Life, Session, State } from './state.ts';

/** A loss of our triggers so soon after a creation may have swallowed the launch. */
const COVERED_MS = 600_000;

/** What our triggers saw of a session's incarnation; undefined where they did not see all of its beginning. */
export function coveringLife(state: State, session: Session): Life | undefined {
  const created = { at: session.createdAt, nanos: session.createdNanos };
  const life = state.lives.get(state.sessions.hashOf(session), created);
  if (!life?.created) return undefined;
  return state.marks.hasLoss(created, { at: created.at + COVERED_MS, nanos: created.nanos }) ? undefined : life;
}

/** Takes in what a trigger saw of a session. */
export function lived(state: State, fact: JournalFact): void {
  const { session, data } = fact;
  if (session === null) return;
  const created = { at: Number(data.created_at), nanos: Number(data.created_nanos) };
  const life = state.lives.get(session, created) ?? begin(state, fact, session, created);
  const mark = { at: fact.at, nanos: fact.nanos, position: fact.position };
  switch (fact.name) {
    case TRIGGERED.sessionCreated:
      life.created = true;
      if (data.launched === true) life.launched ??= mark;
      break;
    case TRIGGERED.sessionLaunched:
      life.launched ??= mark;
      break;
    case TRIGGERED.sessionFirstSignal:
      life.signal ??= mark;
      break;
    case TRIGGERED.sessionRolledBack:
      life.rolledBack ??= mark;
      rolledBack(state, fact);
      break;
    case TRIGGERED.sessionEnded:
      if (data.runtime_gone === true) life.runtimeGone.push(mark);
      break;
  }
  state.lives.changed(life);
  const present = incarnation(state, life);
  if (!present) return;
  state.dirtySessions.add(present.born);
  if (fact.name === TRIGGERED.sessionCreated) markEndsOf(state, present);
  if (fact.name !== TRIGGERED.sessionEnded) return;
  for (const end of state.ends.between(fact.at, fact.at)) if (end.born === present.born) state.dirtyEnds.add(end.seq);
}

/** Our triggers went: what began shortly before is not covered any more. */
export function triggersWent(state: State, fact: JournalFact): void {
  state.marks.addLoss(fact);
  for (const life of state.lives.begunBetween(fact.at - COVERED_MS - 1, fact.at)) {
    const session = incarnation(state, life);
    if (!session) continue;
    state.dirtySessions.add(session.born);
    markEndsOf(state, session);
  }
}

/** The incarnation that a life is of, once its creation row was read. */
export function incarnation(state: State, life: Life): Session | undefined {
  const session = state.sessions.byHash(life.session);
  return session?.createdAt === life.at && session.createdNanos === life.nanos ? session : undefined;
}

function begin(state: State, { project }: JournalFact, session: string, created: Instant): Life {
  const life = {
    session,
    project,
    ...created,
    created: false,
    launched: null,
    rolledBack: null,
    signal: null,
    runtimeGone: [],
  };
  state.lives.add(life);
  return life;
}
