import { markStartsOf, START_TAKES_MS, STOP_ENDS_NOTHING } from './alive.ts';
import {
  directlyAfter,
  directlyBefore,
  type EndCause,
  endCause,
  HOOK_LEAD_MS,
  STOP_GAP_MS,
  startsBefore,
} from './cause-rules.ts';
import type { Instant } from './instant.ts';
import { sinkOf } from './sessions.ts';
import type { End, State } from './state.ts';
import { EVENTS, eventId } from './vocabulary.ts';

/**
 * The join of the two streams: why the marked ends ended, and how they were restored. It reads nothing but the two folds' states, so the order in which the streams were read cannot matter.
 */
export function joinEnds(state: State): void {
  const marked = [...state.dirtyEnds];
  state.dirtyEnds.clear();
  const ends = new Map<number, End>();
  for (const seq of marked) {
    const end = state.ends.get(seq);
    if (end) for (const member of neighbourhood(state, end)) ends.set(member.seq, member);
  }
  for (const end of ends.values()) describe(state, end);
}

/** Marks the ends that a newly journaled daemon start may explain. */
export function markAroundStart(state: State, start: Instant): void {
  for (const end of state.ends.restoredAround(start.at, start.at, start.at + START_TAKES_MS))
    state.dirtyEnds.add(end.seq);
}

/** Marks the ends that a newly journaled hook command may explain. */
export function markAroundHook(state: State, hook: Instant): void {
  for (const end of state.ends.between(hook.at, hook.at + HOOK_LEAD_MS + 1)) state.dirtyEnds.add(end.seq);
}

function describe(state: State, end: End): void {
  const session = state.sessions.byBorn(end.born);
  if (!session) return;
  markStartsOf(state, end);
  const cause = endCause(state, end, session);
  const sink = sinkOf(state, session);
  const { born, project } = end;
  sink.put({
    id: eventId('change_log', end.seq, EVENTS.killed),
    subject: born,
    session: born,
    project,
    at: end.at,
    dimensions: causeOf(end, cause),
    measures: null,
  });
  const unexpected = { id: eventId('change_log', end.seq, EVENTS.terminatedUnexpected), subject: born, session: born };
  if (cause === 'runtime_gone' || cause === 'found_dead_at_start') {
    sink.put({ ...unexpected, project, at: end.at, dimensions: causeOf(end, cause), measures: null });
  } else sink.drop(unexpected.id);
  if (!end.restored) return;
  sink.put({
    id: eventId('change_log', end.restored.seq, EVENTS.restored),
    subject: born,
    session: born,
    project,
    at: end.restored.at,
    dimensions: { how: cause === 'daemon_stop' || startsBefore(state, end.restored).length > 0 ? 'daemon' : 'other' },
    measures: null,
  });
}

/** Newer hosts tear the runtime down before they mark a user's kill, so the reaper may come in between. */
function causeOf({ host }: End, cause: EndCause): Record<string, string> {
  if (cause !== 'runtime_gone') return { end_cause: cause };
  return { end_cause: cause, certainty: host < STOP_ENDS_NOTHING ? 'certain' : 'likely' };
}

/** Every end whose cause may depend on this one: those in a row with it, each at most 5 s from the next. */
function neighbourhood(state: State, end: End): End[] {
  const ends = [end];
  for (let first = directlyBefore(state, end, STOP_GAP_MS); first; first = directlyBefore(state, first, STOP_GAP_MS)) {
    ends.push(first);
  }
  for (let last = directlyAfter(state, end, STOP_GAP_MS); last; last = directlyAfter(state, last, STOP_GAP_MS)) {
    ends.push(last);
  }
  return ends;
}
