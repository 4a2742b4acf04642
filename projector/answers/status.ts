import { existsSync, statSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { PROJECTIONS } from '../../projections/index.ts';
import { type EventDefinition, eventParts } from '../../projections/vocabulary.ts';
import { ProjectorError } from '../errors.ts';
import { Keys } from '../host/keys.ts';
import { type TriggersState, triggersState } from '../host/trigger-state.ts';
import { remoteWord } from '../remote.ts';
import { openAnalyticsReadOnly } from '../store/analytics.ts';
import { readCheckpoint } from '../store/derived/checkpoint.ts';
import { readKey } from '../store/key-file.ts';
import { isHeld, readLease } from '../store/lease.ts';
import type { Paths } from '../store/paths.ts';
import { lastVerification, type VerificationRow } from '../store/verifications.ts';
import type { Tiers } from '../tiers.ts';
import { explainedGaps, type GapAnswer } from './gaps.ts';
import { type HostLook, lookAtHost, type ReadSoFar, type Waiting } from './host-look.ts';
import { type AsOf, Source } from './source.ts';

export interface StreamStatus {
  readonly position: number;
  readonly head: number | null;
  readonly lag_rows: number | null;
  readonly lag_ms: number | null;
}

export interface StatusAnswer {
  readonly now: number;
  readonly as_of: AsOf | null;
  readonly tiers: { readonly metrics: boolean; readonly events: boolean; readonly remote: string };
  readonly host: {
    readonly path: string;
    readonly schema_version: number | null;
    readonly probed: Readonly<Record<string, boolean>> | null;
    readonly triggers: TriggersState;
    /** Why it could not be looked at; null when it could. */
    readonly problem: string | null;
    /** A word that programs can tell that by. */
    readonly problem_code: string | null;
    /** How it differs from the database that was read so far; null when it is the same, or nothing was read. */
    readonly other_history: string | null;
  };
  /** What was not read yet, also where nothing was derived; null where the host could not be looked at. */
  readonly waiting: { readonly change_log: Waiting; readonly telemetry: Waiting } | null;
  readonly streams: { readonly change_log: StreamStatus; readonly telemetry: StreamStatus } | null;
  readonly rejected: number;
  readonly unknown_types: number;
  /** Each with its evidence: {@link gaps}. */
  readonly gaps: readonly Pick<GapAnswer, 'stream' | 'from' | 'to' | 'kind'>[];
  /** Those that are rolled-back spawns or look like it. */
  readonly rolled_back_like_gaps: number;
  readonly last_commit_at: number | null;
  /** Size of the present derived file; null while there is none. */
  readonly derived_bytes: number | null;
  readonly lease: { readonly pid: number; readonly since: number; readonly heartbeat_at: number } | null;
  /** How the last `verify` of the present tables ended, and the positions that it compared at; null before the first. */
  readonly last_verification: VerificationRow | null;
  readonly projections: readonly { readonly name: string; readonly version: number; readonly rows: number }[];
  readonly poorer_without: readonly string[];
}

/** What is derived from the host database and how far, and what stands in the way. Reads whatever is there. */
export function status(paths: Paths, tiers: Tiers, now: number): StatusAnswer {
  const source = openIfAny(paths, tiers);
  try {
    const read = source ? readSoFar(source, paths) : NOTHING_READ;
    const host = lookAtHost(paths, read);
    const triggers = host.triggers ? triggersState(host.triggers, read.installedAt) : 'none';
    return {
      now,
      as_of: source?.asOf() ?? null,
      tiers: { metrics: tiers.metrics, events: tiers.events, remote: remoteWord(tiers.remote) },
      host: {
        path: paths.host,
        schema_version: host.schemaVersion,
        probed: host.probed,
        triggers,
        problem: host.problem?.message ?? null,
        problem_code: host.problem?.code ?? null,
        other_history: host.otherHistory,
      },
      waiting: host.waiting,
      ...(source ? derivedStatus(source, host, now) : NOTHING),
      ...heldAndVerified(paths, now),
      poorer_without: tiers.metrics ? poorer(triggers, read.installedAt) : [],
    };
  } finally {
    source?.close();
  }
}

/** Answers that say less where the daemon's own rows are all there is. */
const POORER_WITHOUT_TRIGGERS = [
  'end_cause: a runtime that is gone is told as unknown',
  'spawned: a seed that was abandoned counts as spawned, without the duration of its launch',
  'first_signal: on newer hosts a first signal that repeats idle is not seen',
];

function poorer(triggers: TriggersState, installedAt: number): readonly string[] {
  if (triggers !== 'ok') return POORER_WITHOUT_TRIGGERS;
  const since = new Date(installedAt).toISOString();
  return installedAt === 0
    ? ['the triggers are installed, and nothing that they recorded was read yet']
    : [`sessions that began before the triggers were installed (${since}) are told as without them`];
}

const NOTHING = {
  streams: null,
  rejected: 0,
  unknown_types: 0,
  gaps: [],
  rolled_back_like_gaps: 0,
  last_commit_at: null,
  derived_bytes: null,
  projections: [],
};

const NOTHING_READ: ReadSoFar = { position: 0, tail: [], keys: null, rowid: 0, installedAt: 0, journaled: 0 };

function readSoFar({ analytics, derived }: Source, paths: Paths): ReadSoFar {
  const { change } = readCheckpoint(derived);
  const folded = derived.prepare<[], number>("SELECT position FROM checkpoint WHERE stream = 'telemetry'").pluck();
  return {
    position: change.position,
    tail: change.tail,
    keys: existsSync(paths.key) ? new Keys(readKey(paths.key)) : null,
    ...lastIntake(analytics),
    journaled: Math.max(0, journalHead(analytics) - (folded.get() ?? 0)),
  };
}

function openIfAny(paths: Paths, tiers: Tiers): Source | null {
  try {
    return Source.open(paths, tiers);
  } catch (error) {
    if (error instanceof ProjectorError && error.code === 'nothing_derived') return null;
    throw error;
  }
}

function derivedStatus(source: Source, host: HostLook, now: number) {
  const asOf = source.asOf();
  const gaps = explainedGaps(source).map(({ from, to, kind }) => ({ stream: 'change_log' as const, from, to, kind }));
  const states = source.derived
    .prepare<[], { stream: string; state: string }>('SELECT stream, state FROM checkpoint')
    .all()
    .map(({ state }) => JSON.parse(state) as { unknown?: number });
  const lag = host.waiting?.change_log.rows ?? null;
  const behindSince = host.head?.at ?? null;
  return {
    streams: {
      change_log: {
        position: asOf.change_log,
        head: host.head?.seq ?? null,
        lag_rows: lag,
        lag_ms: lag === null ? null : lag === 0 || behindSince === null ? 0 : Math.max(0, now - behindSince),
      },
      telemetry: telemetryStatus(source, host, asOf),
    },
    rejected: source.derived.prepare<[], number>('SELECT count(*) FROM rejected').pluck().get() ?? 0,
    unknown_types: states.reduce((sum, { unknown = 0 }) => sum + unknown, 0),
    gaps,
    rolled_back_like_gaps: gaps.filter(({ kind }) => kind.startsWith('rolled_back')).length,
    last_commit_at: lastCommitAt(source),
    derived_bytes: statSync(source.derived.name).size,
    projections: projectionRows(source),
  };
}

/** The telemetry stream is the journal: its positions are ours, and rows of the host that are not in it yet are its lag. */
function telemetryStatus({ analytics }: Source, host: HostLook, { telemetry }: AsOf): StreamStatus {
  const head = journalHead(analytics);
  const waiting = host.waiting?.telemetry.rows ?? Math.max(0, head - telemetry);
  return { position: telemetry, head, lag_rows: waiting, lag_ms: waiting > 0 ? null : 0 };
}

function journalHead(analytics: Database): number {
  return analytics.prepare<[], number>('SELECT max(position) FROM journal').pluck().get() ?? 0;
}

/** How far the present history's telemetry was read, and what was read of our triggers there. */
function lastIntake(analytics: Database): { readonly rowid: number; readonly installedAt: number } {
  const intake = analytics.prepare<[], { rowid: number; installedAt: number }>(
    'SELECT rowid, installed_at AS installedAt FROM intake ORDER BY history DESC LIMIT 1',
  );
  return intake.get() ?? { rowid: 0, installedAt: 0 };
}

function projectionRows(source: Source): StatusAnswer['projections'] {
  const rows = { sessions: 0, pulls: 0, onboarding: 0, failures: 0, usage: 0 };
  const ids = source.derived.prepare<[], { code: number; rows: number }>(
    'SELECT id % 64 AS code, count(*) AS rows FROM event GROUP BY code',
  );
  for (const { code, rows: count } of ids.all()) {
    rows[projectionOf(eventParts(code).definition)] += count;
  }
  return PROJECTIONS.map(({ name, version }) => ({ name, version, rows: rows[name] }));
}

function projectionOf({ category, subjectKind }: EventDefinition) {
  if (category !== 'funnel') return category === 'failure' ? 'failures' : 'usage';
  return subjectKind === 'session' ? 'sessions' : subjectKind === 'pr' ? 'pulls' : 'onboarding';
}

/** What `analytics.db` says beside the derived tables, which need not be there. */
function heldAndVerified(paths: Paths, now: number): Pick<StatusAnswer, 'lease' | 'last_verification'> {
  const analytics = openAnalyticsReadOnly(paths);
  if (!analytics) return { lease: null, last_verification: null };
  try {
    return { lease: presentLease(analytics, now), last_verification: lastVerification(analytics) };
  } finally {
    analytics.close();
  }
}

function presentLease(analytics: Database, now: number): StatusAnswer['lease'] {
  const lease = readLease(analytics);
  if (!lease || !isHeld(lease, 0, now)) return null;
  return { pid: lease.pid, since: lease.since, heartbeat_at: lease.heartbeatAt };
}

/** When the derived file was last written to. An empty WAL tells nothing: whoever opens a file at rest makes one. */
function lastCommitAt({ derived }: Source): number {
  const wal = statSync(`${derived.name}-wal`, { throwIfNoEntry: false });
  const written = wal && wal.size > 0 ? wal.mtimeMs : 0;
  return Math.floor(Math.max(statSync(derived.name).mtimeMs, written));
}
