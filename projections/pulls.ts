import { touchDay } from './active-days.ts';
import type { CheckRecorded, PullMoved, PullObserved, ThreadAdded, ThreadResolved } from './facts.ts';
import { failuresAfter, type ReachedEvent, reached, repeatedFailure, revisions } from './observations.ts';
import { makeFirm } from './sessions.ts';
import { widen } from './span.ts';
import type { Observation, Pull, Session, State } from './state.ts';
import { EVENTS, type EventDefinition, eventId } from './vocabulary.ts';

export function pullObserved(state: State, fact: PullObserved): void {
  widen(state.progress.span, fact.at);
  const session = state.sessions.current(fact.session);
  const observation = observe(fact, session);
  const known = state.pulls.byUrl(fact.url);
  const pull = known ?? newPull(observation);
  const before = known ? derived(known) : [];
  const wasOpen = known !== undefined && isOpen(known.last);
  if (known) {
    take(state, known, observation);
    if (known.owner !== observation.owner) disown(state, known, wasOpen);
  }
  if (!known || known.owner !== observation.owner) own(state, pull, session, isOpen(observation));
  else if (session) count(session, Number(isOpen(observation)) - Number(wasOpen));
  if (known) state.pulls.changed(known);
  else state.pulls.add(fact.url, pull);
  settle(state, pull, before);
  if (!known && fact.type === 'pr_created') put(state, pull, EVENTS.prObserved, observation, { how: 'found' });
  const merges = observation.state === 'merged' && pull.base?.state !== 'merged';
  remember(state, session, merges ? { pull: pull.born, seq: observation.seq } : null);
}

export function pullMoved(state: State, fact: PullMoved): void {
  widen(state.progress.span, fact.at);
  const pull = state.pulls.byUrl(fact.url);
  if (!pull) return;
  const session = state.sessions.current(fact.toSession);
  if (pull.owner !== (session?.born ?? 0)) {
    disown(state, pull, isOpen(pull.last));
    own(state, pull, session, isOpen(pull.last));
    state.pulls.changed(pull);
  }
  const { seq, at, project } = fact;
  put(state, pull, EVENTS.prObserved, { seq, at, project, owner: pull.owner }, { how: 'claimed' });
  remember(state, session, null);
}

export function checkRecorded(state: State, fact: CheckRecorded): void {
  widen(state.progress.span, fact.at);
  const pull = state.pulls.byUrl(fact.url);
  if (!pull || pull.commits.includes(fact.commit)) return;
  pull.commits.push(fact.commit);
  revise(state, pull, fact);
}

export function threadAdded(state: State, fact: ThreadAdded): void {
  widen(state.progress.span, fact.at);
  const pull = state.pulls.byUrl(fact.url);
  if (!pull || state.progress.firstThread) return;
  const { seq, at, project } = fact;
  state.progress.firstThread = { stream: 'change_log', position: seq, at, session: pull.owner || null, project };
}

export function threadResolved(state: State, fact: ThreadResolved): void {
  widen(state.progress.span, fact.at);
  const pull = state.pulls.byUrl(fact.url);
  if (pull && fact.resolved) revise(state, pull, fact);
}

function observe(fact: PullObserved, session: Session | undefined): Observation {
  const { seq, at, time, project, state, ci, review } = fact;
  return { seq, at, time, owner: session?.born ?? 0, project, state, ci, review };
}

function newPull(observation: Observation): Pull {
  return {
    born: observation.seq,
    owner: 0,
    base: null,
    last: observation,
    armed: false,
    failures: 0,
    revisedBefore: null,
    revisedAfter: null,
    commits: [],
    mergedEnd: 0,
  };
}

/** Rows of one time text are one observation, and the last of them holds: what the earlier ones derived is taken back. */
function take(state: State, pull: Pull, observation: Observation): void {
  if (pull.last.time === observation.time) {
    pull.revisedBefore ??= pull.revisedAfter;
    unmerge(state, pull);
  } else {
    pull.armed = isArmedAfter(pull);
    pull.failures = failuresAfter(pull);
    pull.base = pull.last;
    pull.revisedBefore = pull.revisedAfter;
  }
  pull.revisedAfter = null;
  pull.mergedEnd = 0;
  pull.last = observation;
}

/** Whether a revision after `last` would answer a request for changes. */
export function isArmedAfter(pull: Pull): boolean {
  const decision = pull.last.review;
  const decides = decision !== pull.base?.review && (decision === 'approved' || decision === 'changes_requested');
  return decides ? decision === 'changes_requested' : pull.armed && !pull.revisedBefore;
}

/** The observation moved past the end that it seemed to have caused. */
function unmerge(state: State, pull: Pull): void {
  const end = state.ends.get(pull.mergedEnd);
  if (!end) return;
  end.merged = false;
  state.ends.changed(end);
  state.dirtyEnds.add(end.seq);
}

function revise(state: State, pull: Pull, fact: CheckRecorded | ThreadResolved): void {
  state.pulls.changed(pull);
  if (pull.revisedAfter) return;
  const before = derived(pull);
  const { seq, at, project } = fact;
  pull.revisedAfter = { seq, at, project, owner: pull.owner };
  settle(state, pull, before);
}

function derived(pull: Pull): ReachedEvent[] {
  return [...reached(pull.base, pull.last), ...repeatedFailure(pull), ...revisions(pull, isArmedAfter(pull))];
}

/** Drops what the last observation had derived and no longer does, and puts what it derives now. */
function settle(state: State, pull: Pull, before: ReachedEvent[]): void {
  const now = derived(pull);
  for (const { definition, row } of before) {
    if (row.seq <= (pull.base?.seq ?? 0)) continue;
    if (now.some((event) => event.definition === definition && event.row.seq === row.seq)) continue;
    state.events.drop(eventId('change_log', row.seq, definition));
    if (definition === EVENTS.merged) touchDay(state, row.at);
  }
  for (const { definition, row } of now) {
    if (before.some((event) => event.definition === definition && event.row.seq === row.seq)) continue;
    put(state, pull, definition, row);
    if (definition === EVENTS.merged) touchDay(state, row.at);
  }
}

function isOpen({ state }: Observation): boolean {
  return state === 'open' || state === 'draft';
}

function own(state: State, pull: Pull, session: Session | undefined, open: boolean): void {
  pull.owner = session?.born ?? 0;
  if (!session) return;
  makeFirm(state, session);
  count(session, Number(open));
}

function disown(state: State, pull: Pull, open: boolean): void {
  const owner = state.sessions.byBorn(pull.owner);
  if (!owner) return;
  count(owner, -Number(open));
  state.sessions.changed(owner);
}

function count(session: Session, by: number): void {
  session.openPulls = Math.max(0, session.openPulls + by);
}

/** The PR's row is now the latest of its owner's rows. */
function remember(state: State, session: Session | undefined, merge: Session['merge']): void {
  if (!session) return;
  session.merge = merge;
  state.sessions.changed(session);
}

function put(
  state: State,
  pull: Pull,
  definition: EventDefinition,
  row: ReachedEvent['row'],
  dimensions: Record<string, string> | null = null,
): void {
  state.events.put({
    id: eventId('change_log', row.seq, definition),
    subject: pull.born,
    session: row.owner || null,
    project: row.project,
    at: row.at,
    dimensions,
    measures: null,
  });
}
