/**
 * The whole vocabulary of derived events. A code is part of an event's row id and decides the order of the events that one
 * row makes; codes are never reused. At most 63.
 */

export type SubjectKind = 'install' | 'project' | 'session' | 'pr' | 'command';
export type Category = 'funnel' | 'failure' | 'usage';

export interface EventDefinition {
  readonly code: number;
  readonly name: string;
  readonly category: Category;
  readonly subjectKind: SubjectKind;
}

const define = <const Name extends string>(
  code: number,
  name: Name,
  subjectKind: SubjectKind,
  category: Category = 'funnel',
): EventDefinition & { readonly name: Name } => ({ code, name, category, subjectKind });

export const EVENTS = {
  daemonStarted: define(1, 'ao.daemon.started', 'install'),
  firstProjectAdded: define(2, 'ao.onboarding.first_project_added', 'install'),
  firstSessionSpawned: define(3, 'ao.onboarding.first_session_spawned', 'install'),
  firstAgentOutput: define(4, 'ao.onboarding.first_agent_output', 'install'),
  firstPrObserved: define(5, 'ao.onboarding.first_pr_observed', 'install'),
  firstPrReviewed: define(6, 'ao.onboarding.first_pr_reviewed', 'install'),
  firstPrRevised: define(7, 'ao.onboarding.first_pr_revised', 'install'),
  firstMerge: define(8, 'ao.onboarding.first_merge', 'install'),
  returned: define(9, 'ao.app.returned', 'install'),
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
  spawnFailed: define(30, 'ao.spawn.failed', 'project', 'failure'),
  adapterUnavailable: define(31, 'ao.adapter.unavailable', 'project', 'failure'),
  exit2: define(32, 'ao.cli.exit_2', 'command', 'failure'),
  repeatedExit2: define(33, 'ao.cli.repeated_failure', 'command', 'failure'),
  errorEnvelope: define(34, 'ao.daemon.error_envelope', 'install', 'failure'),
  daemonPanic: define(35, 'ao.daemon.panic', 'install', 'failure'),
  adapterPanic: define(36, 'ao.adapter.panic', 'install', 'failure'),
  shutdownUnclean: define(37, 'ao.daemon.shutdown_unclean', 'install', 'failure'),
  terminatedUnexpected: define(38, 'ao.lifecycle.session_terminated_unexpected', 'session', 'failure'),
  stuckWaiting: define(39, 'ao.session.stuck_waiting', 'session', 'failure'),
  noSignal: define(40, 'ao.session.no_signal', 'session', 'failure'),
  ciRepeatedFailure: define(41, 'ao.ci.repeated_failure', 'pr', 'failure'),
  reviewTriggered: define(42, 'ao.review.triggered', 'session'),
  reviewSubmitted: define(43, 'ao.review.submitted', 'session'),
  reviewCancelled: define(44, 'ao.review.cancelled', 'session'),
  reviewTriggerFailed: define(45, 'ao.review.trigger_failed', 'session'),
  send: define(46, 'ao.send', 'command', 'usage'),
  doctorRun: define(47, 'ao.doctor.run', 'command', 'usage'),
  terminalOpened: define(48, 'ao.terminal.opened', 'install', 'usage'),
  notificationRaised: define(49, 'ao.notification.raised', 'install', 'usage'),
  projectAdded: define(50, 'ao.project.added', 'project', 'usage'),
} as const;

export type EventName = (typeof EVENTS)[keyof typeof EVENTS]['name'];

const byCode = new Map<number, EventDefinition>(
  Object.values(EVENTS).map((definition) => [definition.code, definition]),
);
const byName = new Map<string, EventDefinition>(
  Object.values(EVENTS).map((definition) => [definition.name, definition]),
);

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

/** Above every code. */
export const CODES = 64;

const STREAM_BIT = CODES;
const POSITION_STEP = 128;

/** Row id of an event: position, stream and code in one integer, so that row-id order is the order of the causes. */
export function eventId(stream: StreamName, position: number, definition: EventDefinition): number {
  return position * POSITION_STEP + (stream === 'telemetry' ? STREAM_BIT : 0) + definition.code;
}

/** The code of the definition in a row id. */
export function eventCode(id: number): number {
  return id % CODES;
}

/** Whether a fact of the journal caused the event with this row id. */
export function isOfTelemetry(id: number): boolean {
  return id % POSITION_STEP >= STREAM_BIT;
}

/** The position of the fact that caused the event with this row id. */
export function eventPosition(id: number): number {
  return Math.floor(id / POSITION_STEP);
}

/** The parts that {@link eventId} put together. */
export function eventParts(id: number): { stream: StreamName; position: number; definition: EventDefinition } {
  return {
    stream: isOfTelemetry(id) ? 'telemetry' : 'change_log',
    position: eventPosition(id),
    definition: eventByCode(eventCode(id)),
  };
}

/** Keys of subjects that are no rows: below zero, so that none is the number of a row. */
export function projectKey(project: number): number {
  return -project;
}

/** Commands are a closed vocabulary; a digest of 32 bits tells them apart. */
export function commandKey(command: string): number {
  let digest = 0x811c9dc5;
  for (const letter of command) digest = Math.imul(digest ^ letter.charCodeAt(0), 0x01000193) >>> 0;
  return -(COMMAND_KEYS + digest);
}

/** Beyond the 48 bits of a project's key. */
const COMMAND_KEYS = 2 ** 48;

/** The lowest row id that an event caused at or after this position can have. */
export function firstEventId(position: number): number {
  return position * POSITION_STEP;
}
