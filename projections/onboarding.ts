import { SCRATCH_PROJECT } from './facts.ts';
import { birth } from './sessions.ts';
import { wholeSpan } from './span.ts';
import type { DerivedEvent, Milestone, State } from './state.ts';
import { EVENTS, type EventDefinition, eventId, eventParts } from './vocabulary.ts';

const INSTALL = 0;

type Source = (state: State) => Milestone | null;

/** The milestones of an install and where each is read from. */
const MILESTONES: readonly (readonly [EventDefinition, Source])[] = [
  [EVENTS.daemonStarted, firstStart],
  [EVENTS.firstProjectAdded, firstProject],
  [EVENTS.firstSessionSpawned, (state) => first(state, EVENTS.spawned)],
  [EVENTS.firstAgentOutput, (state) => first(state, EVENTS.firstSignal)],
  [EVENTS.firstPrObserved, (state) => first(state, EVENTS.prObserved, 'found')],
  [EVENTS.firstPrReviewed, firstReview],
  [EVENTS.firstPrRevised, (state) => first(state, EVENTS.revised)],
  [EVENTS.firstMerge, (state) => first(state, EVENTS.merged)],
];

/** Puts each milestone where the facts now say it was reached, and drops it from where they no longer do. */
export function settleOnboarding(state: State): void {
  for (const [definition, source] of MILESTONES) {
    const reached = source(state);
    const event = reached && milestoneEvent(definition, reached);
    const present = state.events.first(definition);
    if (present && present.id !== event?.id) state.events.drop(present.id);
    if (event && (present?.id !== event.id || present.at !== event.at)) state.events.put(event);
  }
}

/** Unknown where any fact is earlier: then the daemon's own record of its first start was pruned, or never written. */
function firstStart(state: State): Milestone | null {
  const start = state.progress.firstStart;
  const { oldest } = wholeSpan(state);
  return start && (oldest === null || start.at <= oldest) ? start : null;
}

/** The earliest project that anything recorded; where nothing did, the first one with a session. */
function firstProject(state: State): Milestone | null {
  if (state.progress.firstProject) return state.progress.firstProject;
  let earliest = state.progress.firstBorn;
  for (const session of state.sessions.pending()) {
    if (session.project === SCRATCH_PROJECT) continue;
    if (!earliest || session.born < earliest.position) earliest = birth(session);
  }
  return earliest;
}

/** The first decision, or the first review thread, whichever row came first. */
function firstReview(state: State): Milestone | null {
  const candidates = [
    first(state, EVENTS.approved),
    first(state, EVENTS.changesRequested),
    state.progress.firstThread,
  ].filter((candidate) => candidate !== null);
  return candidates.reduce<Milestone | null>(
    (earliest, candidate) => (earliest && earliest.position <= candidate.position ? earliest : candidate),
    null,
  );
}

function first(state: State, definition: EventDefinition, how?: string): Milestone | null {
  const event = state.events.first(definition, how);
  if (!event) return null;
  const { stream, position } = eventParts(event.id);
  return { stream, position, at: event.at, session: event.session, project: event.project };
}

function milestoneEvent(
  definition: EventDefinition,
  { stream, position, at, session, project }: Milestone,
): DerivedEvent {
  return {
    id: eventId(stream, position, definition),
    subject: INSTALL,
    session,
    project,
    at,
    dimensions: null,
    measures: null,
  };
}
