import { START_TAKES_MS, STOP_ENDS_NOTHING } from './alive.ts';
import { change, type Evidence, telemetry } from './evidence.ts';
import { type Instant, nanosBetween } from './instant.ts';
import { coveringLife } from './lives.ts';
import type { End, Follower, Mark, Session, State } from './state.ts';
import type { END_CAUSES } from './vocabularies.ts';

/** Ends of one stop stand this close together. */
export const STOP_GAP_MS = 5_000;
const UNRECORDED_STOP_GAP_MS = 1_000;
/** An agent's own exit comes this soon after its hook command. */
export const HOOK_LEAD_MS = 5;

export type EndCause = (typeof END_CAUSES)[number];

/** A cause, and how it is told from the rows around an end. */
export interface CauseRule {
  readonly cause: EndCause;
  readonly rule: string;
  /** The rows beside the end that tell it; null where it does not hold. */
  readonly holds: (state: State, end: End, session: Session) => readonly Evidence[] | null;
  /** What was missing, where it does not hold. */
  readonly lacks: (state: State, end: End, session: Session) => Lacking;
}

/** What was looked for and not found, and the row that came nearest. */
export interface Lacking {
  readonly why: string;
  readonly near: Evidence | null;
}

/** Every rule in the order in which they are tried: the first that holds says why a session ended. */
export const CAUSE_RULES: readonly CauseRule[] = [
  {
    cause: 'merged',
    rule: 'The row before, of the session or its PRs, is its PR reaching `merged`, and no other PR of it is open.',
    holds: (_, { merged }) => (merged ? [] : null),
    lacks: () => lacking('Its last row before was not its PR reaching `merged`, or another PR of it was open.'),
  },
  {
    cause: 'found_dead_at_start',
    rule: 'It ended and was restored within 10 s after a recorded daemon start, with no other start between.',
    holds: (state, end) => {
      const start = startThatFoundDead(state, end);
      return start ? [telemetry(start.position, 'the daemon start that found it dead'), ...restoreOf(end)] : null;
    },
    lacks: (state, end) =>
      lacksStart(state, end) ??
      lacking('It did not end within the 10 s after the start that restored it.', restoreOf(end)[0]),
  },
  {
    cause: 'daemon_stop',
    rule: 'Hosts below v20: one of a run of ends right before a recorded daemon start, project by project, numbers ascending, at most 5 s apart, with no other session row between, and restored at that start.',
    holds: (state, end) => {
      const start = isOldHost(end) ? startAfterStop(state, end) : undefined;
      return start ? [telemetry(start.position, 'the daemon start after the stop'), ...restoreOf(end)] : null;
    },
    lacks: (state, end) => (isOldHost(end) ? (lacksStart(state, end) ?? lacksRun(state, end)) : STOP_IS_SILENT),
  },
  {
    cause: 'daemon_stop',
    rule: 'Hosts below v20, where the start was not recorded: one of a run of ends at most 1 s apart, of which at least two come back, in order, before any other end.',
    holds: (state, end) => {
      const run = isOldHost(end) ? unrecordedStop(state, end) : undefined;
      if (!run) return null;
      const others = run.filter((member) => member !== end);
      return [
        ...restoreOf(end),
        ...others.map(({ seq }) => change(seq, 'an end of the same run')),
        ...others.map(({ restored }) => change(restored!.seq, 'the restore of an end of the same run')),
      ];
    },
    lacks: (_, end) => {
      if (!isOldHost(end)) return STOP_IS_SILENT;
      if (!end.restored) return NOT_RESTORED;
      return lacking('It did not come back as one of a run, in order, before any other end.', restoreOf(end)[0]);
    },
  },
  {
    cause: 'runtime_gone',
    rule: 'A trigger saw the mark of the reaper on the ending row. Certain on hosts below v20, likely on newer ones.',
    holds: (state, end, session) => {
      const seen = runtimeGone(state, end, session);
      return seen ? [telemetry(seen.position, 'the mark of the reaper, as a trigger saw it')] : null;
    },
    lacks: (state, _, session) =>
      lacking(
        coveringLife(state, session)
          ? 'The triggers saw no mark of the reaper on this row.'
          : 'No triggers saw the session from its creation on.',
      ),
  },
  {
    cause: 'agent_exit',
    rule: 'Hosts below v20: an `ao hooks` command is recorded within the 5 ms before.',
    holds: (state, end) => {
      const hook = isOldHost(end) ? state.marks.hook(earlier(end, HOOK_LEAD_MS), end) : undefined;
      return hook ? [telemetry(hook.position, 'the hook command')] : null;
    },
    lacks: (_, end) =>
      lacking(
        isOldHost(end)
          ? 'No `ao hooks` command is recorded within the 5 ms before.'
          : 'The host was not known to be below v20, and on newer ones an agent that exits leaves its session open.',
      ),
  },
];

/** Why a session ended. `unknown` means that the rows do not say. */
export function endCause(state: State, end: End, session: Session): EndCause {
  return CAUSE_RULES.find(({ holds }) => holds(state, end, session) !== null)?.cause ?? 'unknown';
}

function lacking(why: string, near: Evidence | null = null): Lacking {
  return { why, near };
}

const NOT_RESTORED = lacking('It was not restored: no daemon start has brought it back.');
const STOP_IS_SILENT = lacking('The host was not known to be below v20, and on newer ones a stop ends nothing.');

/** What every cause misses that needs a start which restored the session. */
function lacksStart(state: State, end: End): Lacking | null {
  if (!end.restored) return NOT_RESTORED;
  if (startsBefore(state, end.restored).length > 0) return null;
  return lacking('No daemon start is recorded within the 10 s before it was restored.', restoreOf(end)[0]);
}

/** What broke the run between an end and the start that restored it. */
function lacksRun(state: State, end: End): Lacking {
  const start = startsBefore(state, end.restored!).at(-1)!;
  const row = rowBetween(state, end, start);
  return row && nanosBetween(end, start) > 0
    ? lacking(
        'Between it and the start stands a session row that belongs to no run with it.',
        change(row.seq, 'that row'),
      )
    : lacking('It did not end before the start that restored it.', restoreOf(end)[0]);
}

/** Recorded daemon starts within 10 s before a restore. */
export function startsBefore(state: State, restored: Instant): Mark[] {
  return state.marks.starts(earlier(restored, START_TAKES_MS), restored);
}

function isOldHost({ host }: End): boolean {
  return host < STOP_ENDS_NOTHING;
}

function restoreOf({ restored }: End): Evidence[] {
  return restored ? [change(restored.seq, 'its restore')] : [];
}

/** The mark of the reaper, which a trigger saw on the ending row at that moment. */
function runtimeGone(state: State, end: End, session: Session): Mark | undefined {
  return coveringLife(state, session)?.runtimeGone.find((seen) => nanosBetween(seen, end) === 0);
}

/** The start within 10 s after which the session ended and was restored, with no other start in between. */
export function startThatFoundDead(state: State, end: End): Mark | undefined {
  if (!end.restored) return undefined;
  const starts = startsBefore(state, end.restored);
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

/** The recorded start right before which this end stands in a run of ends, and at which it was restored. */
function startAfterStop(state: State, end: End): Mark | undefined {
  if (!end.restored) return undefined;
  const starts = startsBefore(state, end.restored);
  return starts.find((start) => nanosBetween(end, start) > 0 && !rowBetween(state, end, start));
}

/** The first row between an end and a start that is not of one run of ends with it; undefined where nothing else stands there. */
function rowBetween(state: State, end: End, start: Instant): Follower | undefined {
  const projects = new Set([end.project]);
  for (let last = end; ; ) {
    const next = last.followers[0];
    if (!next || nanosBetween(start, next) >= 0) return undefined;
    const following = directlyAfter(state, last, STOP_GAP_MS);
    if (!following || !keepsOrder(last, following, projects)) return next;
    projects.add(following.project);
    last = following;
  }
}

/**
 * The restored ends of an unrecorded stop that this is one of. Telemetry may be off for one start only. A run then shows itself
 * by its restores: at least two, in the run's order, before any other end, with no start recorded between the run and the first
 * of them.
 */
function unrecordedStop(state: State, end: End): End[] | undefined {
  if (!end.restored) return undefined;
  const last = lastInRow(state, end);
  const run = runUpTo(state, last);
  if (!run.includes(end)) return undefined;
  const nextEnd = state.ends.after(last.seq)?.seq ?? Number.POSITIVE_INFINITY;
  const restored = run.filter((member) => member.restored && member.restored.seq < nextEnd);
  if (restored.length < 2 || !restored.includes(end)) return undefined;
  const restores = restored.map((member) => member.restored!);
  if (restores.some((restore, index) => index > 0 && restore.seq < restores[index - 1]!.seq)) return undefined;
  const isStartBetween = state.marks.starts(last, restores[0]!).some((start) => nanosBetween(last, start) > 0);
  return isStartBetween ? undefined : restored;
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

/** The end that is the next session row after this one, if it comes within the limit. */
export function directlyAfter(state: State, end: End, limitMs: number): End | undefined {
  const next = end.followers[0];
  if (!next?.isEnd || nanosBetween(end, next) > limitMs * 1e6) return undefined;
  return state.ends.get(next.seq);
}

export function directlyBefore(state: State, end: End, limitMs: number): End | undefined {
  const previous = state.ends.before(end.seq);
  return previous && directlyAfter(state, previous, limitMs) === end ? previous : undefined;
}

export function earlier({ at, nanos }: Instant, ms: number): Instant {
  return { at: at - ms, nanos };
}
