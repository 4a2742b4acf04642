import {
  ACTIVITIES,
  type ChangeFact,
  CI_STATES,
  OBSERVED,
  PULL_STATES,
  REVIEW_DECISIONS,
} from '../../projections/facts.ts';
import { HARNESSES, PROJECT_KINDS, SESSION_KINDS } from '../../projections/vocabularies.ts';
import { COMMAND_WORDS } from '../host/commands.ts';
import { type Field, type FieldKind, TELEMETRY } from '../host/telemetry-schema.ts';
import {
  BOOLEAN,
  digested,
  HASHED_SESSION,
  INTEGER,
  type Kind,
  MILLISECONDS,
  NANOS,
  orNothing,
  POSITION,
  PROJECT,
  PULL,
  REASON_TEXT,
  SESSION,
  TIME,
  word,
} from './kinds.ts';

type FactOf<Type> = ChangeFact extends infer Fact
  ? Fact extends { readonly type: infer Types }
    ? Type extends Types
      ? Fact
      : never
    : never
  : never;

type KindsOf<Fact> = { readonly [Field in Exclude<keyof Fact, 'type'>]: Kind };

const CHANGE = { seq: POSITION, at: MILLISECONDS, nanos: NANOS, project: PROJECT };
const OF_SESSION = { ...CHANGE, session: SESSION };
const STATE = { activity: word(ACTIVITIES), terminated: BOOLEAN };
const OF_PULL = { ...CHANGE, url: PULL };
const OBSERVATION = {
  ...OF_PULL,
  session: SESSION,
  state: word(PULL_STATES),
  ci: word(CI_STATES),
  review: word(REVIEW_DECISIONS),
  time: TIME,
};

/**
 * All that a bundle holds of rows of `change_log`, type by type. Facts of a bundle are built from this table, so a field that
 * does not stand here is nowhere to be written.
 */
export const CHANGES: { readonly [Type in ChangeFact['type']]: KindsOf<FactOf<Type>> } = {
  session_created: { ...OF_SESSION, ...STATE },
  session_updated: { ...OF_SESSION, ...STATE, preview: orNothing(digested('preview'), ''), host: INTEGER },
  session_chatted: OF_SESSION,
  pr_created: OBSERVATION,
  pr_updated: OBSERVATION,
  pr_session_changed: { ...OF_PULL, toSession: SESSION },
  pr_check_recorded: { ...OF_PULL, commit: digested('commit') },
  pr_review_thread_added: OF_PULL,
  pr_review_thread_resolved: { ...OF_PULL, resolved: BOOLEAN },
};

/** Rows of `change_log` that did not fit. */
export const REJECTED = { seq: POSITION, reason: REASON_TEXT } as const satisfies Record<string, Kind>;

/** What every fact of the journal has beside its name and its data. */
export const JOURNALED = {
  position: POSITION,
  at: MILLISECONDS,
  nanos: NANOS,
  project: orNothing(PROJECT),
  session: orNothing(HASHED_SESSION),
} as const satisfies Record<string, Kind>;

export interface DataField {
  readonly kind: Kind;
  readonly optional: boolean;
}

const orOther = (words: readonly string[]) => orNothing(word([...words, 'other']));
const always = (kind: Kind): DataField => ({ kind, optional: false });

const CREATED = { created_at: always(MILLISECONDS), created_nanos: always(NANOS) };
const PROJECT_DATA = { kind: always(orOther(PROJECT_KINDS)), has_git_remote: always(BOOLEAN) };

function kindOf(type: FieldKind): Kind {
  switch (type.kind) {
    case 'word':
      return orOther(type.words);
    case 'command':
      return orOther(COMMAND_WORDS);
    case 'integer':
      return INTEGER;
    case 'fingerprint':
      return orNothing(digested('fingerprint'));
    default:
      return BOOLEAN;
  }
}

const fieldsOf = ({ as, type, optional }: Field): Record<string, DataField> =>
  type.kind === 'created' ? CREATED : { [as]: { kind: kindOf(type), optional } };

const telemetry = Object.entries(TELEMETRY).map(([name, { fields, request }]) => {
  const ofRequest = request ? { request: { kind: digested('request'), optional: true } } : {};
  return [name, Object.assign({}, ...fields.map(fieldsOf), ofRequest) as Record<string, DataField>] as const;
});

/** All that a bundle holds of the data of facts of the journal, name by name: for telemetry that is what its schema names. */
export const DATA: ReadonlyMap<string, Readonly<Record<string, DataField>>> = new Map([
  ...telemetry,
  [
    OBSERVED.session,
    { born: always(POSITION), kind: always(orOther(SESSION_KINDS)), harness: always(orOther(HARNESSES)) },
  ],
  [OBSERVED.project, PROJECT_DATA],
  [OBSERVED.daemonStarted, {}],
  [OBSERVED.daemonLeft, {}],
  [OBSERVED.daemonStopped, {}],
  [OBSERVED.migration, { version: always(INTEGER) }],
  [OBSERVED.triggersLost, {}],
  [OBSERVED.rejected, { reason: always(REASON_TEXT) }],
  [OBSERVED.unknown, {}],
]);
