import { type Nanoseconds, parseTime } from './time.ts';

/** The columns of a `change_log` row, as they stand in the file. */
export type RawChange = {
  seq: number;
  project_id: unknown;
  session_id: unknown;
  event_type: unknown;
  payload: unknown;
  created_at: unknown;
};

/** The columns of a `telemetry_event` row. */
export type RawTelemetry = {
  rowid: number;
  occurred_at: unknown;
  name: unknown;
  project_id: unknown;
  request_id: unknown;
  payload_json: unknown;
};

type Place = { seq: number; project: string; session: string; time: Nanoseconds; text: string };

export type SessionRow = Place & {
  kind: 'session_created' | 'session_updated';
  activity: string;
  terminated: boolean;
  previewUrl: string;
  previewRevision: number;
};
export type PullRow = Place & {
  kind: 'pr_created' | 'pr_updated';
  url: string;
  state: string;
  ci: string;
  review: string;
};
export type OwnerRow = Place & { kind: 'pr_session_changed'; url: string };
export type CheckRow = Place & { kind: 'pr_check_recorded'; url: string; commit: string };
export type ThreadRow = Place & {
  kind: 'pr_review_thread_added' | 'pr_review_thread_resolved';
  url: string;
  resolved: boolean;
};
/** Rows that say nothing about the state of a session: `{id}` only, and chat. */
export type QuietRow = Place & { kind: 'id_only' | 'chat' };

export type Change = SessionRow | PullRow | OwnerRow | CheckRow | ThreadRow | QuietRow;

export type Telemetry = {
  rowid: number;
  name: string;
  project: string | null;
  time: Nanoseconds;
  durationMs: number | null;
  words: string[];
  /** Of one HTTP request; empty where there was none. */
  request: string;
  /** What else it says, where that is text. */
  texts: Record<string, string>;
};

const ACTIVITIES = ['active', 'idle', 'waiting_input', 'blocked', 'exited'];
const STATES = ['draft', 'open', 'merged', 'closed'];
const CI_STATES = ['unknown', 'pending', 'passing', 'failing'];
const REVIEWS = ['none', 'approved', 'changes_requested', 'review_required'];
const MERGEABILITIES = ['unknown', 'mergeable', 'conflicting', 'blocked', 'unstable'];
const CHECKS = ['unknown', 'queued', 'in_progress', 'passed', 'failed', 'skipped', 'cancelled'];

const TELEMETRY_NAMES = [
  'ao.daemon.started',
  'ao.projects.created',
  'ao.onboarding.first_project_added',
  'ao.session.spawned',
  'ao.onboarding.first_session_spawned',
  'ao.session.spawn_failed',
  'ao.session.waiting_input_entered',
  'ao.session.waiting_input_exited',
  'ao.http.5xx',
  'ao.daemon.panic',
  'ao.cli.invoked',
  'ao.app.active',
  'ao.cli.usage_errors',
  'ao.review.triggered',
  'ao.review.trigger_failed',
  'ao.review.submitted',
  'ao.review.cancelled',
  'ao.mobile.device_connected',
];

/** `null` where the row cannot be decoded. Such a row is as good as not there. */
export function decodeChange(raw: RawChange): Change | null {
  const payload = parseObject(raw.payload);
  const time = parseTime(raw.created_at);
  if (payload === null || time === null) return null;
  if (!isText(raw.project_id) || !isText(raw.session_id) || !isText(raw.created_at)) return null;
  const place = { seq: raw.seq, project: raw.project_id, session: raw.session_id, time, text: raw.created_at };
  switch (raw.event_type) {
    case 'session_created':
    case 'session_updated':
      return decodeSession(place, raw.event_type, payload);
    case 'pr_created':
    case 'pr_updated':
      return decodePull(place, raw.event_type, payload);
    case 'pr_session_changed':
      if (!isText(payload.url) || !isText(payload.fromSession) || !isText(payload.toSession)) return null;
      return { ...place, kind: 'pr_session_changed', url: payload.url };
    case 'pr_check_recorded':
      if (!isText(payload.pr) || !isText(payload.name) || !isText(payload.commit)) return null;
      if (!isOneOf(CHECKS, payload.status)) return null;
      return { ...place, kind: 'pr_check_recorded', url: payload.pr, commit: payload.commit };
    case 'pr_review_thread_added':
    case 'pr_review_thread_resolved':
      if (!isText(payload.pr) || !isText(payload.thread) || typeof payload.resolved !== 'boolean') return null;
      return { ...place, kind: raw.event_type, url: payload.pr, resolved: payload.resolved };
    default:
      return null;
  }
}

function decodeSession(place: Place, kind: SessionRow['kind'], payload: Record<string, unknown>): Change | null {
  if (!isText(payload.id)) return null;
  if (Object.keys(payload).length === 1) return { ...place, kind: 'id_only' };
  const { activity, isTerminated, previewUrl = '', previewRevision = 0 } = payload;
  if (!isOneOf(ACTIVITIES, activity) || typeof isTerminated !== 'boolean') return null;
  if ('conversationId' in payload) return { ...place, kind: 'chat' };
  if (!isText(previewUrl) || !isInteger(previewRevision)) return null;
  return { ...place, kind, activity, terminated: isTerminated, previewUrl, previewRevision };
}

function decodePull(place: Place, kind: PullRow['kind'], payload: Record<string, unknown>): Change | null {
  const { url, session, state, ci, review, mergeability } = payload;
  if (!isText(url) || !isText(session)) return null;
  if (!isOneOf(STATES, state) || !isOneOf(CI_STATES, ci)) return null;
  if (!isOneOf(REVIEWS, review) || !isOneOf(MERGEABILITIES, mergeability)) return null;
  return { ...place, kind, url, state, ci, review };
}

/** `null` where the row cannot be decoded or its name is not one of the host's. */
export function decodeTelemetry(raw: RawTelemetry): Telemetry | null {
  const payload = parseObject(raw.payload_json);
  const time = parseTime(raw.occurred_at);
  if (payload === null || time === null || !isOneOf(TELEMETRY_NAMES, raw.name)) return null;
  const { duration_ms: duration, command_path: path } = payload;
  if (duration !== undefined && !isInteger(duration)) return null;
  if (path !== undefined && !isText(path)) return null;
  return {
    rowid: raw.rowid,
    name: raw.name,
    project: isText(raw.project_id) ? raw.project_id : null,
    time,
    durationMs: duration ?? null,
    words: (path ?? '')
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== ''),
    request: isText(raw.request_id) ? raw.request_id : '',
    texts: Object.fromEntries(Object.entries(payload).filter((entry): entry is [string, string] => isText(entry[1]))),
  };
}

export function isSessionRow(row: Change): row is SessionRow {
  return row.kind === 'session_created' || row.kind === 'session_updated';
}

export function isPullRow(row: Change): row is PullRow {
  return row.kind === 'pr_created' || row.kind === 'pr_updated';
}

function parseObject(text: unknown): Record<string, unknown> | null {
  if (typeof text !== 'string') return null;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    return value as Record<string, unknown>;
  } catch {
    return null;
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isInteger(value: unknown): value is number {
  return Number.isInteger(value);
}

function isOneOf(words: string[], value: unknown): value is string {
  return words.some((word) => word === value);
}
