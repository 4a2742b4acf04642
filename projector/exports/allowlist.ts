import * as words from '../../projections/vocabularies.ts';
import type { EventName } from '../../projections/vocabulary.ts';
import { COMMAND_WORDS } from '../host/commands.ts';
import type { Field, FieldKind } from './field.ts';

/** Events that are kept as counts by day are exported as one event for each day, command and actor. */
export type DailyName = 'ao.cli.invoked' | 'ao.app.active';
export type ExportedName = EventName | DailyName;

export interface Allowed {
  /** The question that the event helps to answer. */
  readonly question: string;
  readonly fields: Readonly<Record<string, Field>>;
}

const field = (type: FieldKind, purpose: string): Field => ({ type, purpose, counted: false });
const word = (list: readonly string[], purpose: string): Field => field({ kind: 'word', words: list }, purpose);
const counted = (list: readonly string[], purpose: string): Field => ({ ...word(list, purpose), counted: true });

const HASH: FieldKind = { kind: 'hash' };
const COUNT: FieldKind = { kind: 'count' };
const BUCKETED: FieldKind = { kind: 'bucketed' };
const TIME: FieldKind = { kind: 'time' };

/** What every event has. */
export const COMMON = {
  id: field(HASH, 'recognises an event that is sent twice'),
  order: field({ kind: 'position' }, 'tells which of two events came first: stream, row and event in one number'),
  at: field(TIME, 'when it happened'),
  category: word(['funnel', 'failure', 'usage'], 'tells steps, failures and acts apart'),
  subject_kind: word(['install', 'project', 'session', 'pr', 'command'], 'what the subject is'),
} as const satisfies Allowed['fields'];

/** What stands instead in the one event that is sent for many of one name and minute. */
export const OF_MANY = {
  count: field(COUNT, 'how many events it stands for'),
  window_start: field(TIME, 'when the first of them happened'),
  window_end: field(TIME, 'when the last of them happened'),
} as const satisfies Allowed['fields'];

const SUBJECT = field(HASH, 'tells one subject from another');
const PROJECT = field(HASH, 'counts what belongs to one project');
const SESSION = field(HASH, 'joins what belongs to one session');
const HARNESS = counted(words.HARNESSES, 'compares agents');
const SESSION_KIND = counted(words.SESSION_KINDS, 'tells workers from orchestrators');
const ERROR_KIND = counted(words.ERROR_KINDS, 'groups failures');
const ERROR_CODE = word(words.ERROR_CODES, 'groups failures');
const COMMAND = counted(COMMAND_WORDS, 'tells commands apart, never what was typed');
const ACTOR = counted(words.ACTORS, 'tells users from agents');
const END_CAUSE = word(words.END_CAUSES, 'why it ended, as far as that is known');
const CERTAINTY = word(words.CERTAINTIES, 'how sure the cause is');

const OF_INSTALL = { subject: SUBJECT };
const OF_SESSION = {
  subject: SUBJECT,
  session: SESSION,
  project: PROJECT,
  harness: HARNESS,
  session_kind: SESSION_KIND,
};
const OF_PROJECT = { subject: SUBJECT, project: PROJECT };
const PLACE = {
  component: word(words.COMPONENTS, 'groups failures'),
  operation: word(words.OPERATIONS, 'groups failures'),
};
const PANIC = { ...OF_INSTALL, ...PLACE, panic_kind: counted(words.PANIC_KINDS, 'groups failures') };
const DAILY = { command: COMMAND, actor: ACTOR, ...OF_MANY };
const RUNS = { runs: field(COUNT, 'how many reviewers were asked') };
const duration = (purpose: string) => ({ duration_ms: field(BUCKETED, purpose) });

const answering =
  (question: string) =>
  (...fields: Allowed['fields'][]): Allowed => ({ question, fields: Object.assign({}, ...fields) });
const going = answering('Where are users going?');
const stuck = answering('Where do they get stuck?');
const crashed = answering('What crashed, and when?');
const doing = answering('What do they do?');

/**
 * Everything that may ever leave the machine, event by event, beside {@link COMMON} and {@link OF_MANY}. What is exported is
 * built from this table, so a field that does not stand here is nowhere to be sent.
 */
export const ALLOWLIST: Readonly<Record<ExportedName, Allowed>> = {
  'ao.daemon.started': going(OF_INSTALL),
  'ao.onboarding.first_project_added': going(OF_INSTALL),
  'ao.onboarding.first_session_spawned': going(OF_INSTALL),
  'ao.onboarding.first_agent_output': going(OF_INSTALL),
  'ao.onboarding.first_pr_observed': going(OF_INSTALL),
  'ao.onboarding.first_pr_reviewed': going(OF_INSTALL),
  'ao.onboarding.first_pr_revised': going(OF_INSTALL),
  'ao.onboarding.first_merge': going(OF_INSTALL),
  // Without the number of returns: days from before consent are among them.
  'ao.app.returned': going(OF_INSTALL),
  'ao.session.spawned': going(OF_SESSION, duration('how long a launch takes')),
  'ao.session.first_signal': going(OF_SESSION),
  'ao.session.waiting_input_entered': stuck(OF_SESSION),
  'ao.session.waiting_input_exited': stuck(OF_SESSION, { dwell_ms: field(BUCKETED, 'how long a wait takes') }),
  'ao.session.agent_exited': going(OF_SESSION),
  'ao.session.agent_resumed': going(OF_SESSION),
  'ao.session.killed': crashed(OF_SESSION, { end_cause: END_CAUSE, certainty: CERTAINTY }),
  'ao.session.restored': crashed(OF_SESSION, { how: word(['daemon', 'other'], 'who brought it back') }),
  'ao.pr.observed': going(OF_SESSION, { how: counted(['found', 'claimed'], 'tells new PRs from those taken over') }),
  'ao.pr.ci_failed': stuck(OF_SESSION),
  'ao.pr.ci_passed': going(OF_SESSION),
  'ao.pr.review_requested': going(OF_SESSION),
  'ao.pr.changes_requested': stuck(OF_SESSION),
  'ao.pr.revised': going(OF_SESSION),
  'ao.pr.approved': going(OF_SESSION),
  'ao.pr.merged': going(OF_SESSION),
  'ao.pr.closed_unmerged': going(OF_SESSION),
  'ao.spawn.failed': stuck(
    OF_PROJECT,
    { error_kind: ERROR_KIND, error_code: ERROR_CODE, harness: HARNESS, session_kind: SESSION_KIND },
    duration('how long it took to fail'),
  ),
  'ao.adapter.unavailable': stuck(OF_PROJECT, { error_code: ERROR_CODE, harness: HARNESS }),
  'ao.cli.exit_2': stuck({ command: COMMAND, error_kind: ERROR_KIND }),
  'ao.cli.repeated_failure': stuck({ command: COMMAND }),
  'ao.daemon.error_envelope': crashed(OF_INSTALL, PLACE, { error_kind: ERROR_KIND, error_code: ERROR_CODE }),
  'ao.daemon.panic': crashed(PANIC),
  'ao.adapter.panic': crashed(PANIC),
  'ao.daemon.shutdown_unclean': crashed(OF_INSTALL),
  'ao.lifecycle.session_terminated_unexpected': crashed(OF_SESSION, { end_cause: END_CAUSE, certainty: CERTAINTY }),
  'ao.session.stuck_waiting': stuck(OF_SESSION),
  'ao.session.no_signal': stuck(OF_SESSION),
  'ao.ci.repeated_failure': stuck(OF_SESSION),
  'ao.review.triggered': going(OF_SESSION, RUNS),
  'ao.review.submitted': going(
    OF_SESSION,
    { verdict: counted(words.VERDICTS, 'how reviews come out') },
    duration('how long a review takes'),
  ),
  'ao.review.cancelled': going(OF_SESSION, RUNS),
  'ao.review.trigger_failed': stuck(OF_SESSION, { error_kind: ERROR_KIND }),
  'ao.send': doing({ command: COMMAND, actor: ACTOR }),
  'ao.doctor.run': doing({ command: COMMAND, actor: ACTOR }),
  'ao.terminal.opened': doing(OF_INSTALL),
  'ao.notification.raised': doing(OF_INSTALL, { type: counted(words.NOTIFICATION_TYPES, 'what users are told') }),
  'ao.project.added': doing(OF_PROJECT, {
    project_kind: counted(words.PROJECT_KINDS, 'what ao is used on'),
    has_git_remote: counted(['true', 'false'], 'whether PRs can come of it'),
  }),
  'ao.cli.invoked': doing(DAILY),
  'ao.app.active': doing(DAILY),
};
