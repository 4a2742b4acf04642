import { EVENTS, type EventDefinition } from '../../../projections/vocabulary.ts';

/** The rule of every event, in the words of docs/events.md. */
const RULES: Readonly<Record<keyof typeof EVENTS, string>> = {
  daemonStarted: 'The first recorded start of the daemon; absent where any other fact is older.',
  firstProjectAdded:
    'The earliest project that was recorded or observed, but not the `scratch` project that newer daemons make at boot; else the first project with a session.',
  firstSessionSpawned: 'The first `ao.session.spawned`.',
  firstAgentOutput: 'The first `ao.session.first_signal` of any session.',
  firstPrObserved: 'The first `ao.pr.observed` with `how` = `found`.',
  firstPrReviewed: 'The first `ao.pr.approved`, `ao.pr.changes_requested` or review thread.',
  firstPrRevised: 'The first `ao.pr.revised`.',
  firstMerge: 'The first `ao.pr.merged`.',
  returned:
    'A UTC day with an act of a user (a command, a session spawned, a PR merged) after the first such day; made by the first act of that day.',
  spawned:
    'The creation row of a session that is not known to have failed to spawn; with triggers once its launch is recorded.',
  firstSignal:
    'The first row that changes the activity to anything but `exited` and undoes no end; before v24 of the host also a row without any change; with triggers the row of the moment that a trigger saw. Once an incarnation.',
  waitingEntered: 'The activity enters `waiting_input` or `blocked`.',
  waitingExited:
    'The activity leaves `waiting_input` and `blocked`, for whatever reason, the end of the session included.',
  agentExited: 'The activity becomes `exited` while the session stays open (newer hosts).',
  agentResumed: 'The activity leaves `exited` while the session is open.',
  killed: '`isTerminated` becomes true, whoever did it.',
  restored:
    '`isTerminated` becomes false again. `how` is `daemon` within 10 s after a recorded daemon start, or where it undoes a `daemon_stop`; else `other`.',
  prObserved:
    'The creation row of the PR (`how` = `found`), or a row that gives the PR to another session (`how` = `claimed`).',
  ciPassed: 'The roll-up of CI becomes `passing`. Check rows decide nothing.',
  ciFailed: 'The roll-up of CI becomes `failing`. Check rows decide nothing.',
  reviewRequested: 'The review decision becomes `review_required`.',
  changesRequested: 'The review decision becomes `changes_requested`.',
  revised:
    'After changes were requested, until the next decision: the first check of a commit not seen before on this PR, or a thread resolved.',
  approved: 'The review decision becomes `approved`.',
  merged: 'The state becomes `merged`.',
  closedUnmerged: 'The state becomes `closed`.',
  spawnFailed:
    'The daemon recorded a failed spawn; or, where it did not, a trigger saw a seed rolled back, or a session ended that was never launched, or a seed was not launched for ten minutes.',
  adapterUnavailable: 'Beside a spawn failure whose code says that the harness or the runtime is missing.',
  exit2: 'A command that could not be parsed.',
  repeatedExit2:
    'The third `ao.cli.exit_2` of one command within 10 minutes; armed again after 10 minutes without one.',
  errorEnvelope: 'A response of 500 or more, except that of a panic and that of an internal spawn failure.',
  daemonPanic: 'A handler panicked.',
  adapterPanic: 'A handler panicked whose component is an adapter.',
  shutdownUnclean:
    'A daemon start before which no clean stop stands: the daemon before left its run file behind, or the start found sessions dead, or (hosts below v20) sessions lived through it.',
  terminatedUnexpected: 'The session ended with `end_cause` `runtime_gone` or `found_dead_at_start`.',
  stuckWaiting: 'A wait longer than 30 minutes, once a wait; its time is the start of the wait and 30 minutes.',
  noSignal:
    'No signal within 10 minutes after the creation, and no end either; its time is the creation and 10 minutes.',
  ciRepeatedFailure: 'The third time that the roll-up of CI becomes failing without a pass between.',
  reviewTriggered:
    'A review of the session was asked for: the daemon recorded it, or a trigger saw the review run made.',
  reviewSubmitted:
    'A review of the session came back: the daemon recorded it, or a trigger saw the review run complete.',
  reviewCancelled: 'A review of the session was called off: the daemon recorded it, or a trigger saw it.',
  reviewTriggerFailed: 'The daemon recorded that a review could not be started.',
  send: 'The daemon recorded the command `ao send`.',
  doctorRun: 'The daemon recorded the command `ao doctor`.',
  terminalOpened: 'A trigger saw a shell terminal made.',
  notificationRaised: 'A trigger saw a notification.',
  projectAdded: 'A project was added: the daemon recorded it, a trigger saw its row, or it was observed. Told once.',
};

const byCode = new Map(
  Object.entries(EVENTS).map(([key, { code }]) => [code, RULES[key as keyof typeof EVENTS]] as const),
);

/** The rule that makes an event. */
export function ruleOf({ code }: EventDefinition): string {
  return byCode.get(code)!;
}
