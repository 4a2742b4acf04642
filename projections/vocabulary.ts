/**
 * The whole vocabulary of derived events. A code is part of an event's row id and decides the order of the events that one
 * row makes; codes are never reused. At most 63.
 */

export type SubjectKind = 'install' | 'session' | 'pr';
export type Category = 'funnel' | 'failure' | 'usage';

export interface EventDefinition {
  readonly code: number;
  readonly name: string;
  readonly category: Category;
  readonly subjectKind: SubjectKind;
}

const define = (code: number, name: string, subjectKind: SubjectKind): EventDefinition => ({
  code,
  name,
  category: 'funnel',
  subjectKind,
});

export const EVENTS = {
  daemonStarted: define(1, 'ao.daemon.started', 'install'),
  firstProjectAdded: define(2, 'ao.onboarding.first_project_added', 'install'),
  firstSessionSpawned: define(3, 'ao.onboarding.first_session_spawned', 'install'),
  firstAgentOutput: define(4, 'ao.onboarding.first_agent_output', 'install'),
  firstPrObserved: define(5, 'ao.onboarding.first_pr_observed', 'install'),
  firstPrReviewed: define(6, 'ao.onboarding.first_pr_reviewed', 'install'),
  firstPrRevised: define(7, 'ao.onboarding.first_pr_revised', 'install'),
  firstMerge: define(8, 'ao.onboarding.first_merge', 'install'),
  spawned: define(10, 'ao.session.spawned', 'session'),
  firstSignal: define(11, 'ao.session.first_signal', 'session'),
  waitingEntered: define(12, 'ao.session.waiting_input_entered', 'session'),
  waitingExited: define(13, 'ao.session.waiting_input_exited', 'session'),
  agentExited: define(14, 'ao.session.agent_exited', 'session'),
  agentResumed: define(15, 'ao.session.agent_resumed', 'session'),
  killed: define(16, 'ao.session.killed', 'session'),
  restored: define(17, 'ao.session.restored', 'session'),
  prObserved: define(20, 'ao.pr.observed', 'pr'),
  ciFailed: define(21, 'ao.pr.ci_failed', 'pr'),
  ciPassed: define(22, 'ao.pr.ci_passed', 'pr'),
  reviewRequested: define(23, 'ao.pr.review_requested', 'pr'),
  changesRequested: define(24, 'ao.pr.changes_requested', 'pr'),
  revised: define(25, 'ao.pr.revised', 'pr'),
  approved: define(26, 'ao.pr.approved', 'pr'),
  merged: define(27, 'ao.pr.merged', 'pr'),
  closedUnmerged: define(28, 'ao.pr.closed_unmerged', 'pr'),
} as const;

const byCode = new Map(Object.values(EVENTS).map((definition) => [definition.code, definition]));
const byName = new Map(Object.values(EVENTS).map((definition) => [definition.name, definition]));

/** The definition with this code; throws for a code that no version of the vocabulary has had. */
export function eventByCode(code: number): EventDefinition {
  const definition = byCode.get(code);
  if (!definition) throw new Error(`Expected the code of an event, got ${code}`);
  return definition;
}

/** The definition of a name such as `ao.pr.merged`, or undefined. */
export function eventByName(name: string): EventDefinition | undefined {
  return byName.get(name);
}

export type StreamName = 'change_log' | 'telemetry';

const STREAM_BIT = 64;
const POSITION_STEP = 128;

/** Row id of an event: position, stream and code in one integer, so that row-id order is the order of the causes. */
export function eventId(stream: StreamName, position: number, definition: EventDefinition): number {
  return position * POSITION_STEP + (stream === 'telemetry' ? STREAM_BIT : 0) + definition.code;
}

/** The parts that {@link eventId} put together. */
export function eventParts(id: number): { stream: StreamName; position: number; definition: EventDefinition } {
  const low = id % POSITION_STEP;
  return {
    stream: low >= STREAM_BIT ? 'telemetry' : 'change_log',
    position: (id - low) / POSITION_STEP,
    definition: eventByCode(low % STREAM_BIT),
  };
}

/** The lowest row id that an event caused at or after this position can have. */
export function firstEventId(position: number): number {
  return position * POSITION_STEP;
}
