import { ACTIVITIES, type ChangeFact, CI_STATES, PULL_STATES, REVIEW_DECISIONS } from '../../projections/facts.ts';
import type { Instant } from '../../projections/instant.ts';
import type { Keys } from './keys.ts';
import { NOISE, SessionPayloads } from './session-payload.ts';
import { parseGoUtc, parseTimestamp } from './timestamp.ts';
import { isId, isOneOf, parseObject } from './values.ts';

export { NOISE };

/** Why a row is no fact. The reason names a field and what was expected of it, never what stood there. */
export interface Rejected {
  readonly rejected: string;
}

/** A row of a type that this version does not know. */
export const UNKNOWN = 'unknown';

export type Decoded = ChangeFact | Rejected | typeof NOISE | typeof UNKNOWN;

/** Stands between the columns of a row that was read as one cell; it cannot stand raw in any of them. */
export const SEPARATOR = '\x1f';

export interface DecodeContext {
  readonly keys: Keys;
  /** Version of the host database at a time in milliseconds. */
  hostVersion(at: number): number;
}

/**
 * Decodes rows of `change_log` that were read as one cell: seq, type, created_at, project, session and payload, in that order.
 * Known payloads are read in place; any other shape goes through `JSON.parse` with the same outcome.
 */
export class ChangeDecoder {
  readonly #context: DecodeContext;
  readonly #sessions: SessionPayloads;
  #project = '';
  #projectKey = 0;
  #commit = '';
  #commitDigest = '';

  constructor(context: DecodeContext) {
    this.#context = context;
    this.#sessions = new SessionPayloads(context.keys);
  }

  decode(cell: string): Decoded {
    const seqEnd = cell.indexOf(SEPARATOR);
    const typeEnd = cell.indexOf(SEPARATOR, seqEnd + 1);
    const timeEnd = cell.indexOf(SEPARATOR, typeEnd + 1);
    const projectEnd = cell.indexOf(SEPARATOR, timeEnd + 1);
    const sessionEnd = cell.indexOf(SEPARATOR, projectEnd + 1);
    if (sessionEnd < 0) return { rejected: 'row: expected six columns' };
    const type = cell.slice(seqEnd + 1, typeEnd);
    if (!TYPES.has(type)) return UNKNOWN;
    const instant = parseGoUtc(cell, typeEnd + 1, timeEnd) ?? parseTimestamp(cell.slice(typeEnd + 1, timeEnd));
    if (!instant) return { rejected: 'created_at: expected a time' };
    if (timeEnd + 1 === projectEnd) return { rejected: 'project_id: expected an id' };
    const row: Row = {
      cell,
      seq: Number(cell.slice(0, seqEnd)),
      instant,
      time: cell.slice(typeEnd + 1, timeEnd),
      project: this.#projectOf(cell, timeEnd + 1, projectEnd),
      session: cell.slice(projectEnd + 1, sessionEnd),
      payload: sessionEnd + 1,
    };
    if (type === 'session_updated') return this.#sessionUpdated(row);
    return this.#other(type, row);
  }

  #projectOf(cell: string, from: number, to: number): number {
    if (to - from !== this.#project.length || !cell.startsWith(this.#project, from)) {
      this.#project = cell.slice(from, to);
      this.#projectKey = this.#context.keys.project(this.#project);
    }
    return this.#projectKey;
  }

  #sessionUpdated(row: Row): Decoded {
    const { seq, instant, project } = row;
    const { at, nanos } = instant;
    const payload = this.#sessions.read(row.cell, row.payload, row.session);
    if (typeof payload === 'string') return payload === NOISE ? NOISE : { rejected: payload };
    const { session, activity, terminated, preview } = payload;
    if (preview === null) return { type: 'session_chatted', seq, at, nanos, project, session };
    const host = this.#context.hostVersion(at);
    return { type: 'session_updated', seq, at, nanos, project, session, activity, terminated, preview, host };
  }

  #other(type: string, row: Row): Decoded {
    const payload = parseObject(row.cell.slice(row.payload));
    if (!payload) return { rejected: 'payload: expected a JSON object' };
    const { seq, project, time } = row;
    const { at, nanos } = row.instant;
    const base = { seq, at, nanos, project };
    switch (type) {
      case 'session_created': {
        const { id, activity, isTerminated } = payload;
        if (!isId(id) || (row.session !== '' && id !== row.session)) return { rejected: 'payload.id: expected the session id' };
        if (!isOneOf(ACTIVITIES, activity)) return { rejected: 'payload.activity: expected an activity state' };
        if (typeof isTerminated !== 'boolean') return { rejected: 'payload.isTerminated: expected a boolean' };
        return { type, ...base, session: id, activity, terminated: isTerminated };
      }
      case 'pr_created':
      case 'pr_updated': {
        const { url, session, state, ci, review } = payload;
        if (!isId(url)) return { rejected: 'payload.url: expected a URL' };
        if (!isId(session)) return { rejected: 'payload.session: expected a session id' };
        if (!isOneOf(PULL_STATES, state)) return { rejected: 'payload.state: expected a PR state' };
        if (!isOneOf(CI_STATES, ci)) return { rejected: 'payload.ci: expected a CI state' };
        if (!isOneOf(REVIEW_DECISIONS, review)) return { rejected: 'payload.review: expected a review decision' };
        return { type, ...base, url, session, state, ci, review, time };
      }
      case 'pr_session_changed': {
        const { url, toSession } = payload;
        if (!isId(url)) return { rejected: 'payload.url: expected a URL' };
        if (!isId(toSession)) return { rejected: 'payload.toSession: expected a session id' };
        return { type, ...base, url, toSession };
      }
      case 'pr_check_recorded': {
        const { pr, commit } = payload;
        if (!isId(pr)) return { rejected: 'payload.pr: expected a URL' };
        if (typeof commit !== 'string') return { rejected: 'payload.commit: expected a string' };
        return { type, ...base, url: pr, commit: this.#digest(commit) };
      }
      case 'pr_review_thread_added':
        if (!isId(payload.pr)) return { rejected: 'payload.pr: expected a URL' };
        return { type, ...base, url: payload.pr };
      case 'pr_review_thread_resolved':
        if (!isId(payload.pr)) return { rejected: 'payload.pr: expected a URL' };
        if (typeof payload.resolved !== 'boolean') return { rejected: 'payload.resolved: expected a boolean' };
        return { type, ...base, url: payload.pr, resolved: payload.resolved };
      default:
        return UNKNOWN;
    }
  }

  /** Checks of one commit come in a row. */
  #digest(commit: string): string {
    if (commit !== this.#commit) {
      this.#commit = commit;
      this.#commitDigest = this.#context.keys.digest(commit);
    }
    return this.#commitDigest;
  }
}

interface Row {
  readonly cell: string;
  readonly seq: number;
  readonly instant: Instant;
  readonly time: string;
  readonly project: number;
  readonly session: string;
  /** Where the payload begins in the cell. */
  readonly payload: number;
}

const TYPES: ReadonlySet<string> = new Set([
  'session_created',
  'session_updated',
  'pr_created',
  'pr_updated',
  'pr_session_changed',
  'pr_check_recorded',
  'pr_review_thread_added',
  'pr_review_thread_resolved',
] satisfies (ChangeFact['type'] | 'session_updated')[]);
