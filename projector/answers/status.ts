import { statSync } from 'node:fs';
import { PROJECTIONS } from '../../projections/index.ts';
import { type EventDefinition, eventParts } from '../../projections/vocabulary.ts';
import { ProjectorError } from '../errors.ts';
import { HostDatabase, type Snapshot } from '../host/host-database.ts';
import { parseTimestamp } from '../host/timestamp.ts';
import { type TriggersState, triggersState } from '../host/trigger-state.ts';
import { openAnalyticsReadOnly } from '../store/analytics.ts';
import { isHeld, readLease } from '../store/lease.ts';
import type { Paths } from '../store/paths.ts';
import type { Tiers } from '../tiers.ts';
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
  readonly tiers: { readonly metrics: boolean; readonly events: boolean; readonly remote: 'off' };
  readonly host: {
    readonly path: string;
    readonly schema_version: number | null;
    readonly probed: Readonly<Record<string, boolean>> | null;
    readonly triggers: TriggersState;
    /** Why it could not be looked at; null when it could. */
    readonly problem: string | null;
  };
  readonly streams: { readonly change_log: StreamStatus; readonly telemetry: StreamStatus } | null;
  readonly rejected: number;
  readonly unknown_types: number;
  readonly gaps: readonly {
    readonly stream: string;
    readonly from: number;
    readonly to: number;
    readonly kind: string;
  }[];
  readonly rolled_back_like_gaps: number;
  readonly last_commit_at: number | null;
  readonly lease: { readonly pid: number; readonly since: number; readonly heartbeat_at: number } | null;
  readonly projections: readonly { readonly name: string; readonly version: number; readonly rows: number }[];
  readonly poorer_without: readonly string[];
}

/** What is derived from the host database and how far, and what stands in the way. Reads whatever is there. */
export function status(paths: Paths, tiers: Tiers, now: number): StatusAnswer {
  const host = lookAtHost(paths);
  const source = openIfAny(paths, tiers);
  const installedAt = source ? lastIntake(source).installedAt : 0;
  const triggers = host.triggers ? triggersState(host.triggers, installedAt) : 'none';
  try {
    return {
      now,
      as_of: source?.asOf() ?? null,
      tiers: { metrics: tiers.metrics, events: tiers.events, remote: 'off' },
      host: {
        path: paths.host,
        schema_version: host.schemaVersion,
        probed: host.probed,
        triggers,
        problem: host.problem,
      },
      ...(source ? derivedStatus(source, host, now) : NOTHING),
      lease: leaseStatus(paths, now),
      poorer_without: tiers.metrics ? poorer(triggers, installedAt) : [],
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
  projections: [],
};

interface HostLook {
  readonly schemaVersion: number | null;
  readonly probed: Readonly<Record<string, boolean>> | null;
  readonly heads: { readonly changeLog: number; readonly changeLogAt: number | null } | null;
  readonly telemetryAfter: (rowid: number) => number;
  readonly triggers: Snapshot['triggers'] | null;
  readonly problem: string | null;
}

function lookAtHost(paths: Paths): HostLook {
  try {
    const host = HostDatabase.open(paths.host);
    try {
      return host.look(({ probe, changes, telemetry, triggers }) => {
        const { schemaVersion, nullable: _, ...probed } = probe;
        const head = changes.head();
        const telemetryHead = telemetry?.head() ?? 0;
        const at = parseTimestamp(changes.createdAt(head) ?? '')?.at ?? null;
        return {
          schemaVersion,
          probed,
          heads: { changeLog: head, changeLogAt: at },
          telemetryAfter: (rowid) => Math.max(0, telemetryHead - rowid),
          triggers,
          problem: null,
        };
      });
    } finally {
      host.close();
    }
  } catch (error) {
    if (!(error instanceof ProjectorError)) throw error;
    return {
      schemaVersion: null,
      probed: null,
      heads: null,
      telemetryAfter: () => 0,
      triggers: null,
      problem: error.message,
    };
  }
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
  const gaps = source.derived
    .prepare<[], StatusAnswer['gaps'][number]>('SELECT stream, "from", "to", kind FROM gap ORDER BY stream, "from"')
    .all();
  const states = source.derived
    .prepare<[], { stream: string; state: string }>('SELECT stream, state FROM checkpoint')
    .all()
    .map(({ state }) => JSON.parse(state) as { unknown?: number });
  const head = host.heads?.changeLog ?? null;
  const lag = head === null ? null : Math.max(0, head - asOf.change_log);
  const behindSince = host.heads?.changeLogAt ?? null;
  const telemetry = telemetryStatus(source, host, asOf);
  return {
    streams: {
      change_log: {
        position: asOf.change_log,
        head,
        lag_rows: lag,
        lag_ms: lag === null ? null : lag === 0 || behindSince === null ? 0 : Math.max(0, now - behindSince),
      },
      telemetry,
    },
    rejected: source.derived.prepare<[], number>('SELECT count(*) FROM rejected').pluck().get() ?? 0,
    unknown_types: states.reduce((sum, { unknown = 0 }) => sum + unknown, 0),
    gaps,
    rolled_back_like_gaps: gaps.filter(({ kind }) => kind === 'rolled_back_like').length,
    last_commit_at: lastCommitAt(source),
    projections: projectionRows(source),
  };
}

/** The telemetry stream is the journal: its positions are ours, and rows of the host that are not in it yet are its lag. */
function telemetryStatus(source: Source, host: HostLook, { telemetry }: AsOf): StreamStatus {
  const journal = source.analytics.prepare<[], number>('SELECT max(position) FROM journal').pluck().get() ?? 0;
  const { rowid } = lastIntake(source);
  const waiting = journal - telemetry + (host.heads === null ? 0 : host.telemetryAfter(rowid));
  return { position: telemetry, head: journal, lag_rows: Math.max(0, waiting), lag_ms: waiting > 0 ? null : 0 };
}

/** How far the present history's telemetry was read, and what was read of our triggers there. */
function lastIntake({ analytics }: Source): { readonly rowid: number; readonly installedAt: number } {
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

function leaseStatus(paths: Paths, now: number): StatusAnswer['lease'] {
  const analytics = openAnalyticsReadOnly(paths);
  if (!analytics) return null;
  try {
    const lease = readLease(analytics);
    if (!lease || !isHeld(lease, 0, now)) return null;
    return { pid: lease.pid, since: lease.since, heartbeat_at: lease.heartbeatAt };
  } finally {
    analytics.close();
  }
}

/** When the derived file was last written to. */
function lastCommitAt({ derived }: Source): number {
  const written = [derived.name, `${derived.name}-wal`].map(
    (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0,
  );
  return Math.floor(Math.max(...written));
}
