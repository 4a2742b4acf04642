import { ACTIVITIES, type ChangeFact, CI_STATES, PULL_STATES, REVIEW_DECISIONS } from '../../projections/facts.ts';
import type { Instant } from '../../projections/instant.ts';
import type { Keys } from './keys.ts';
import { type LeftOut, LeftOutRows } from './left-out.ts';
import { ID_ONLY_LENGTH, NOISE, parseSessionPayload, type SessionPayload } from './session-payload.ts';
import { parseGoUtc, parseTimestamp } from './timestamp.ts';
import { isId, isOneOf, parseObject } from './values.ts';

export { NOISE };

/** Why a row is no fact. The reason names a field and what was expected of it, never what stood there. */
export interface Rejected {
  readonly rejected: string;
}

/** A row of a type that this version does not know. */
export const UNKNOWN = 'unknown';

/** A row of what was forgotten. A creation row is told apart, because such a row may vanish. */
export const LEFT_OUT = 'left out';
export const LEFT_OUT_BIRTH = 'left out birth';

export type Decoded = ChangeFact | Rejected | typeof NOISE | typeof UNKNOWN | typeof LEFT_OUT | typeof LEFT_OUT_BIRTH;

/** Stands between the columns of a row that was read as one cell; it cannot stand raw in any of them. */
export const SEPARATOR = '\x1f';

const SEPARATOR_CODE = SEPARATOR.charCodeAt(0);
const ZERO_CODE = 48;

/** A time in UTC: nothing but digits and signs. Other zones have a name, which the machine gives. */
const PLAIN_TIME = /^[-+\d:. ]*(?:UTC)?$/;

/** What session rows say is kept, up to so many different texts; then all are forgotten. */
const MAX_REMEMBERED = 1024;

export interface DecodeContext {
  readonly keys: Keys;
  readonly leftOut: LeftOut;
  /** Version of the host database at a time in milliseconds. */
  hostVersion(at: number): number;
}

interface SessionText extends SessionPayload {
  readonly project: number;
}

/**
 * Decodes rows of `change_log` that were read as one cell: seq, created_at, type, project, session and payload, in that order.
 * A session says the same few things again and again: all that follows the time is one text, and what it means is looked up
 * when it was met before.
 */
export class ChangeDecoder {
  readonly #context: DecodeContext;
  readonly #rowsUpTo: number;
  readonly #leftOut: LeftOutRows;
  readonly #remembered = new Map<string, SessionText>();
  #commit = '';
  #commitDigest = '';

  constructor(context: DecodeContext) {
    this.#context = context;
    this.#rowsUpTo = context.leftOut.rowsUpTo;
    this.#leftOut = new LeftOutRows(context.leftOut, context.keys);
  }

  decode(cell: string): Decoded {
    let seq = 0;
    let at = 0;
    for (let code = cell.charCodeAt(0); code !== SEPARATOR_CODE && at < cell.length; code = cell.charCodeAt(at)) {
      seq = seq * 10 + code - ZERO_CODE;
      at += 1;
    }
    const timeEnd = cell.indexOf(SEPARATOR, at + 1);
    if (this.#rowsUpTo > 0 && seq <= this.#rowsUpTo) {
      return leftOut(cell.slice(timeEnd + 1, cell.indexOf(SEPARATOR, timeEnd + 1)));
    }
    const instant = parseGoUtc(cell, at + 1, timeEnd) ?? parseTimestamp(cell.slice(at + 1, timeEnd));
    const text = cell.slice(timeEnd + 1);
    const remembered = this.#remembered.get(text);
    if (remembered && instant) return this.#sessionFact(seq, instant, remembered);
    return this.#decodeText(seq, instant, cell.slice(at + 1, timeEnd), text);
  }

  #sessionFact(
    seq: number,
    { at, nanos }: Instant,
    { project, session, activity, terminated, preview }: SessionText,
  ): Decoded {
    if (preview === null) return { type: 'session_chatted', seq, at, nanos, project, session };
    const host = this.#context.hostVersion(at);
    return { type: 'session_updated', seq, at, nanos, project, session, activity, terminated, preview, host };
  }

  #decodeText(seq: number, instant: Instant | null, time: string, text: string): Decoded {
    const typeEnd = text.indexOf(SEPARATOR);
    const projectEnd = text.indexOf(SEPARATOR, typeEnd + 1);
    const sessionEnd = text.indexOf(SEPARATOR, projectEnd + 1);
    if (typeEnd < 0 || projectEnd < 0 || sessionEnd < 0) return { rejected: 'row: expected six columns' };
    const type = text.slice(0, typeEnd);
    const session = text.slice(projectEnd + 1, sessionEnd);
    const payload = text.slice(sessionEnd + 1);
    if (!TYPES.has(type)) return UNKNOWN;
    if (type === 'session_updated' && payload.length === session.length + ID_ONLY_LENGTH) return NOISE;
    if (!instant) return { rejected: 'created_at: expected a time' };
    if (projectEnd === typeEnd + 1) return { rejected: 'project_id: expected an id' };
    const project = this.#context.keys.project(text.slice(typeEnd + 1, projectEnd));
    if (this.#leftOut.has(project, session)) return leftOut(type);
    const row: Row = { seq, instant, time, project, session, payload };
    if (type === 'session_updated') return this.#sessionUpdated(row, text);
    const decoded = this.#other(type, row);
    const isNamedInside = session === '' && typeof decoded === 'object' && 'session' in decoded;
    return isNamedInside && this.#leftOut.has(project, decoded.session) ? leftOut(type) : decoded;
  }

  #sessionUpdated({ seq, instant, project, session, payload }: Row, text: string): Decoded {
    const parsed = parseSessionPayload(payload, session, this.#context.keys);
    if (typeof parsed === 'string') return parsed === NOISE ? NOISE : { rejected: parsed };
    if (session === '' && this.#leftOut.has(project, parsed.session)) return LEFT_OUT;
    if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear();
    const meaning = { project, ...parsed };
    this.#remembered.set(text, meaning);
    return this.#sessionFact(seq, instant, meaning);
  }

  #other(type: string, row: Row): Decoded {
    const payload = parseObject(row.payload);
    if (!payload) return { rejected: 'payload: expected a JSON object' };
    const { seq, project, time } = row;
    const { at, nanos } = row.instant;
    const base = { seq, at, nanos, project };
    switch (type) {
      case 'session_created': {
        const { id, activity, isTerminated } = payload;
        if (!isId(id) || (row.session !== '' && id !== row.session))
          return { rejected: 'payload.id: expected the session id' };
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
        return { type, ...base, url, session, state, ci, review, time: this.#timeText(time) };
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

  /** Observations are told apart by the text of their time. Of a text with more than a time in it only a digest is kept. */
  #timeText(time: string): string {
    return PLAIN_TIME.test(time) ? time : this.#context.keys.digest(time);
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

function leftOut(type: string): typeof LEFT_OUT | typeof LEFT_OUT_BIRTH {
  return type === 'session_created' ? LEFT_OUT_BIRTH : LEFT_OUT;
}

interface Row {
  readonly seq: number;
  readonly instant: Instant;
  readonly time: string;
  readonly project: number;
  readonly session: string;
  readonly payload: string;
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
