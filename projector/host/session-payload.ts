import { ACTIVITIES, type Activity } from '../../projections/facts.ts';
import type { Keys } from './keys.ts';
import { isId, isOneOf, parseObject } from './values.ts';

/** A row that says nothing but a session id. */
export const NOISE = 'noise';

export interface SessionPayload {
  readonly session: string;
  readonly activity: Activity;
  readonly terminated: boolean;
  /** Digest of the preview fields, '' for their first values; null for a chat row. */
  readonly preview: string | null;
}

const HEAD = '{"id":"';
const ACTIVITY = '","activity":"';
const TERMINATED = '","isTerminated":';

/** Ids that stand in JSON as they are. */
const PLAIN_ID = /^[A-Za-z0-9._-]+$/;

const MAX_TAILS = 8;

interface Tail {
  readonly text: string;
  readonly preview: string;
}

/**
 * Reads payloads of `session_updated` inside a longer text. The daemon's triggers write `{"id":…,"activity":…,"isTerminated":…`
 * and a tail that hardly ever changes: a payload whose tail was parsed before is read in place, any other is parsed.
 */
export class SessionPayloads {
  readonly #keys: Keys;
  #tails: Tail[] = [];

  constructor(keys: Keys) {
    this.#keys = keys;
  }

  /** The payload from `from` to the end of the text; `noise` when it holds an id alone; else a sentence that says what is wrong. */
  read(text: string, from: number, session: string): SessionPayload | string {
    return this.#readInPlace(text, from, session) ?? this.#parse(text.slice(from), session);
  }

  #readInPlace(text: string, from: number, session: string): SessionPayload | null {
    const idEnd = from + HEAD.length + session.length;
    if (!text.startsWith(ACTIVITY, idEnd) || !text.startsWith(HEAD, from)) return null;
    if (!text.startsWith(session, from + HEAD.length) || !PLAIN_ID.test(session)) return null;
    const activityFrom = idEnd + ACTIVITY.length;
    const activity = activityAt(text, activityFrom);
    if (!activity) return null;
    const valueFrom = activityFrom + activity.length + TERMINATED.length;
    const terminated = text.startsWith('true', valueFrom);
    if (!terminated && !text.startsWith('false', valueFrom)) return null;
    const tailFrom = valueFrom + (terminated ? 4 : 5);
    for (const tail of this.#tails) {
      if (text.length - tailFrom === tail.text.length && text.endsWith(tail.text)) {
        return { session, activity, terminated, preview: tail.preview };
      }
    }
    return null;
  }

  #parse(payload: string, column: string): SessionPayload | string {
    const object = parseObject(payload);
    if (!object) return 'payload: expected a JSON object';
    const { id, activity, isTerminated, conversationId } = object;
    if (!isId(id) || (column !== '' && id !== column)) return 'payload.id: expected the session id';
    if (Object.keys(object).length === 1) return NOISE;
    if (!isOneOf(ACTIVITIES, activity)) return 'payload.activity: expected an activity state';
    if (typeof isTerminated !== 'boolean') return 'payload.isTerminated: expected a boolean';
    if (conversationId !== undefined) return { session: id, activity, terminated: isTerminated, preview: null };
    const { previewUrl = '', previewRevision = 0 } = object;
    if (typeof previewUrl !== 'string') return 'payload.previewUrl: expected a string';
    if (typeof previewRevision !== 'number') return 'payload.previewRevision: expected a number';
    const preview = previewUrl === '' && previewRevision === 0 ? '' : this.#keys.digest(`${previewRevision} ${previewUrl}`);
    this.#learn(payload, `${HEAD}${id}${ACTIVITY}${activity}${TERMINATED}${isTerminated}`, preview);
    return { session: id, activity, terminated: isTerminated, preview };
  }

  /** Remembers the tail of a well-formed payload, unless it could contradict what stands before it in another one. */
  #learn(payload: string, head: string, preview: string): void {
    if (!payload.startsWith(head)) return;
    const text = payload.slice(head.length);
    const rest = text === '}' ? {} : text.startsWith(',') ? parseObject(`{${text.slice(1)}`) : null;
    if (!rest || 'id' in rest || 'activity' in rest || 'isTerminated' in rest) return;
    this.#tails = [{ text, preview }, ...this.#tails].slice(0, MAX_TAILS);
  }
}

function activityAt(text: string, from: number): Activity | null {
  for (const activity of ACTIVITIES) {
    if (text.startsWith(activity, from) && text.startsWith(TERMINATED, from + activity.length)) return activity;
  }
  return null;
}
