import { ACTIVITIES, TRIGGERED } from '../../projections/facts.ts';
import * as vocabulary from '../../projections/vocabularies.ts';

/** What a field of a telemetry payload may hold, and so what becomes of it. */
export type FieldKind =
  | { readonly kind: 'word'; readonly words: readonly string[] }
  | { readonly kind: 'integer' | 'boolean' | 'command' | 'route' | 'fingerprint' | 'created' };

export interface Field {
  /** Key in the daemon's payload. */
  readonly key: string;
  /** Name in the fact. */
  readonly as: string;
  readonly type: FieldKind;
  readonly optional: boolean;
}

export interface TelemetrySchema {
  readonly fields: readonly Field[];
  /** Whether the fact keeps a digest of the request id, to tell two rows of one request. */
  readonly request: boolean;
}

const field = (key: string, type: FieldKind, as = key): Field => ({ key, as, type, optional: false });
const optional = (key: string, type: FieldKind, as = key): Field => ({ key, as, type, optional: true });
const word = (words: readonly string[]): FieldKind => ({ kind: 'word', words });

const INTEGER: FieldKind = { kind: 'integer' };
const BOOLEAN: FieldKind = { kind: 'boolean' };
const FINGERPRINT: FieldKind = { kind: 'fingerprint' };
const HARNESS = word(vocabulary.HARNESSES);
const SESSION_KIND = word(vocabulary.SESSION_KINDS);
const ERROR_KIND = word(vocabulary.ERROR_KINDS);
const ERROR_CODE = word(vocabulary.ERROR_CODES);

/** A creation time: the incarnation that a fact belongs to. */
const CREATED = field('created_at', { kind: 'created' });

const PLACE = [field('component', word(vocabulary.COMPONENTS)), field('operation', word(vocabulary.OPERATIONS))];
const PROJECT = [field('kind', word(vocabulary.PROJECT_KINDS)), field('has_git_remote', BOOLEAN)];
const COMMAND = [
  field('command_path', { kind: 'command' }, 'command'),
  optional('actor_type', word(vocabulary.ACTORS), 'actor'),
];
const REQUEST = [field('method', word(vocabulary.METHODS)), field('path', { kind: 'route' }, 'spawn_route')];

const schema = (...fields: Field[]): TelemetrySchema => ({ fields, request: false });
const requestSchema = (...fields: Field[]): TelemetrySchema => ({ fields, request: true });

/** Every telemetry name of either generation of the daemon and of our triggers, with the fields that a fact keeps. Others are dropped. */
export const TELEMETRY: Readonly<Record<string, TelemetrySchema>> = {
  'ao.daemon.started': schema(optional('agent', HARNESS)),
  'ao.projects.created': schema(...PROJECT),
  'ao.onboarding.first_project_added': schema(...PROJECT),
  'ao.session.spawned': schema(field('kind', SESSION_KIND), field('harness', HARNESS), field('duration_ms', INTEGER)),
  'ao.onboarding.first_session_spawned': schema(
    field('kind', SESSION_KIND),
    field('harness', HARNESS),
    optional('since_first_project_ms', INTEGER),
  ),
  'ao.session.spawn_failed': schema(
    ...PLACE,
    field('kind', SESSION_KIND),
    field('harness', HARNESS),
    field('duration_ms', INTEGER),
    field('error_kind', ERROR_KIND),
    optional('error_code', ERROR_CODE),
  ),
  'ao.session.waiting_input_entered': schema(field('state', word(vocabulary.WAITING_STATES))),
  'ao.session.waiting_input_exited': schema(
    field('state', word(vocabulary.RESUMED_STATES)),
    field('dwell_ms', INTEGER),
  ),
  'ao.http.5xx': requestSchema(
    ...PLACE,
    ...REQUEST,
    field('status', INTEGER),
    field('duration', INTEGER, 'duration_ms'),
    optional('error_kind', ERROR_KIND),
    optional('error_code', ERROR_CODE),
  ),
  'ao.daemon.panic': requestSchema(
    ...PLACE,
    ...REQUEST,
    field('panic_kind', word(vocabulary.PANIC_KINDS)),
    field('stack_fingerprint', FINGERPRINT),
  ),
  'ao.cli.invoked': schema(...COMMAND),
  'ao.app.active': schema(...COMMAND, field('channel', word(vocabulary.CHANNELS))),
  'ao.cli.usage_errors': schema(...COMMAND, ...PLACE, field('error_kind', ERROR_KIND)),
  'ao.review.triggered': schema(field('harness', HARNESS), field('created_runs', INTEGER), field('reused', BOOLEAN)),
  'ao.review.trigger_failed': schema(field('error_kind', ERROR_KIND)),
  'ao.review.submitted': schema(
    field('harness', HARNESS),
    field('verdict', word(vocabulary.VERDICTS)),
    field('duration_ms', INTEGER),
    field('posted_to_provider', BOOLEAN),
  ),
  'ao.review.cancelled': schema(field('cancelled_runs', INTEGER)),
  'ao.mobile.device_connected': schema(field('transport', word(vocabulary.TRANSPORTS))),
  [TRIGGERED.projectAdded]: schema(...PROJECT),
  [TRIGGERED.projectArchived]: schema(),
  [TRIGGERED.projectReadded]: schema(),
  [TRIGGERED.sessionCreated]: schema(
    CREATED,
    field('kind', SESSION_KIND),
    field('harness', HARNESS),
    field('has_issue', BOOLEAN),
    field('launched', BOOLEAN),
  ),
  [TRIGGERED.sessionLaunched]: schema(CREATED),
  [TRIGGERED.sessionFirstSignal]: schema(CREATED),
  [TRIGGERED.sessionEnded]: schema(
    CREATED,
    field('launched', BOOLEAN),
    field('activity', word(ACTIVITIES)),
    field('runtime_gone', BOOLEAN),
  ),
  [TRIGGERED.sessionRestored]: schema(CREATED),
  [TRIGGERED.sessionRolledBack]: schema(CREATED, field('kind', SESSION_KIND), field('harness', HARNESS)),
  [TRIGGERED.reviewRunCreated]: schema(field('harness', HARNESS)),
  [TRIGGERED.reviewRunChanged]: schema(
    field('harness', HARNESS),
    field('status', word(vocabulary.REVIEW_STATUSES)),
    field('verdict', word(vocabulary.VERDICTS)),
  ),
  [TRIGGERED.notificationRaised]: schema(field('type', word(vocabulary.NOTIFICATION_TYPES))),
  [TRIGGERED.terminalOpened]: schema(),
  [TRIGGERED.installed]: schema(),
  [TRIGGERED.uninstalled]: schema(),
};
