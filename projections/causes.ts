import { markStartsOf, START_TAKES_MS, STOP_ENDS_NOTHING } from './alive.ts';
import { type Instant, nanosBetween } from './instant.ts';
import { coveringLife } from './lives.ts';
import { sinkOf } from './sessions.ts';
import type { End, Session, State } from './state.ts';
import { EVENTS, eventId } from './vocabulary.ts';

const STOP_GAP_MS = 5_000;
const UNRECORDED_STOP_GAP_MS = 1_000;
const HOOK_LEAD_MS = 5;

export type EndCause = 'merged' | 'agent_exit' | 'runtime_gone' | 'daemon_stop' | 'found_dead_at_start' | 'unknown';

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
    dimensions: { how: cause === 'daemon_stop' || startedRightBefore(state, end.restored) ? 'daemon' : 'other' },
    measures: null,
  });
}

function endCause(state: State, end: End, session: Session): EndCause {
  const isOldHost = end.host < STOP_ENDS_NOTHING;
  if (end.merged) return 'merged';
  if (startThatFoundDead(state, end)) return 'found_dead_at_start';
  if (isOldHost && (stoppedAtRecordedStart(state, end) || stoppedAtUnrecordedStart(state, end))) return 'daemon_stop';
  if (lostItsRuntime(state, end, session)) return 'runtime_gone';
  if (isOldHost && state.marks.hasHook(earlier(end, HOOK_LEAD_MS), end)) return 'agent_exit';
  return 'unknown';
}

/** The mark of the reaper, which a trigger saw on the ending row at that moment. */
function lostItsRuntime(state: State, end: End, session: Session): boolean {
  const gone = coveringLife(state, session)?.runtimeGone ?? [];
  return gone.some((seen) => nanosBetween(seen, end) === 0);
}

/** Newer hosts tear the runtime down before they mark a user's kill, so the reaper may come in between. */
function causeOf({ host }: End, cause: EndCause): Record<string, string> {
  if (cause !== 'runtime_gone') return { end_cause: cause };
  return { end_cause: cause, certainty: host < STOP_ENDS_NOTHING ? 'certain' : 'likely' };
}

/** The start within 10 s after which the session ended and was restored, with no other start in between. */
export function startThatFoundDead(state: State, end: End): Instant | undefined {
  if (!end.restored) return undefined;
  const starts = state.marks.starts(earlier(end.restored, START_TAKES_MS), end.restored);
  const last = starts.at(-1);
  if (last === undefined) return undefined;
  const sinceStart = nanosBetween(last, end);
  return sinceStart >= 0 && sinceStart <= START_TAKES_MS * 1e6 ? last : undefined;
}

/** Whether a daemon that stopped in good order stands before this start: it ended sessions which the start restored. */
export function isStopBefore(state: State, start: Instant): boolean {
  return state.ends.restoredAround(start.at, start.at, start.at + START_TAKES_MS).some((end) => {
    const session = state.sessions.byBorn(end.born);
    if (!session || !end.restored || nanosBetween(end, start) <= 0) return false;
    const took = nanosBetween(start, end.restored);
    return took >= 0 && took <= START_TAKES_MS * 1e6 && endCause(state, end, session) === 'daemon_stop';
  });
}

function startedRightBefore(state: State, restored: Instant): boolean {
  return state.marks.starts(earlier(restored, START_TAKES_MS), restored).length > 0;
}

/** One of the run of ends right before a recorded start, and restored at it. */
function stoppedAtRecordedStart(state: State, end: End): boolean {
  if (!end.restored) return false;
  const starts = state.marks.starts(earlier(end.restored, START_TAKES_MS), end.restored);
  return starts.some((start) => nanosBetween(end, start) > 0 && runReaches(state, end, start));
}

/** Whether from this end on nothing but the run of ends stands before the start. */
function runReaches(state: State, end: End, start: Instant): boolean {
  const projects = new Set([end.project]);
  for (let last = end; ; ) {
    const next = last.followers[0];
    if (!next || nanosBetween(start, next) >= 0) return true;
    const following = directlyAfter(state, last, STOP_GAP_MS);
    if (!following || !keepsOrder(last, following, projects)) return false;
    projects.add(following.project);
    last = following;
  }
}

/**
 * Telemetry may be off for one start only. A run then shows itself by its restores: at least two, in the run's order, before
 * any other end, with no start recorded between the run and the first of them.
 */
function stoppedAtUnrecordedStart(state: State, end: End): boolean {
  if (!end.restored) return false;
  const last = lastInRow(state, end);
  const run = runUpTo(state, last);
  if (!run.includes(end)) return false;
  const nextEnd = state.ends.after(last.seq)?.seq ?? Number.POSITIVE_INFINITY;
  const restored = run.filter((member) => member.restored && member.restored.seq < nextEnd);
  if (restored.length < 2 || !restored.includes(end)) return false;
  const restores = restored.map((member) => member.restored!);
  if (restores.some((restore, index) => index > 0 && restore.seq < restores[index - 1]!.seq)) return false;
  return !state.marks.starts(last, restores[0]!).some((start) => nanosBetween(last, start) > 0);
}

/** The last of the ends that stand in a row, with no other session row between, from this one on. */
function lastInRow(state: State, end: End): End {
  for (let last = end; ; ) {
    const next = directlyAfter(state, last, Number.POSITIVE_INFINITY);
    if (!next) return last;
    last = next;
  }
}

/** The longest run that ends with `last`, as an unrecorded stop writes it. */
function runUpTo(state: State, last: End): End[] {
  const run = [last];
  const projects = new Set([last.project]);
  for (let first = last; ; ) {
    const previous = directlyBefore(state, first, UNRECORDED_STOP_GAP_MS);
    if (!previous || !keepsOrder(previous, first, projects, previous.project)) return run;
    projects.add(previous.project);
    run.unshift(previous);
    first = previous;
  }
}

/** Project by project, numbers ascending in each. `projects` are those of the run so far, `joining` the one that joins. */
function keepsOrder(a: End, b: End, projects: Set<number>, joining = b.project): boolean {
  return a.project === b.project ? a.number < b.number : !projects.has(joining);
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

/** The end that is the next session row after this one, if it comes within the limit. */
function directlyAfter(state: State, end: End, limitMs: number): End | undefined {
  const next = end.followers[0];
  if (!next?.isEnd || nanosBetween(end, next) > limitMs * 1e6) return undefined;
  return state.ends.get(next.seq);
}

function directlyBefore(state: State, end: End, limitMs: number): End | undefined {
  const previous = state.ends.before(end.seq);
  return previous && directlyAfter(state, previous, limitMs) === end ? previous : undefined;
}

function earlier({ at, nanos }: Instant, ms: number): Instant {
  return { at: at - ms, nanos };
}
