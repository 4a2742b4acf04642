import { ACTIVITIES, type Activity } from '../../projections/facts.ts';
import type { Keys } from './keys.ts';
import { isId, isOneOf, parseObject } from './values.ts';

/** A row that says nothing but a session id. */
export const NOISE = 'noise';

/** What `{"id":""}` adds to the length of the id in it. */
export const ID_ONLY_LENGTH = 9;

export interface SessionPayload {
  readonly session: string;
  readonly activity: Activity;
  readonly terminated: boolean;
  /** Digest of the preview fields, '' for their first values; null for a chat row. */
  readonly preview: string | null;
}

/**
 * Reads a payload of `session_updated` beside its `session_id` column ('' for NULL). Returns {@link NOISE} when it holds an id
 * alone, and a sentence that says what is wrong when it does not fit.
 */
export function parseSessionPayload(payload: string, column: string, keys: Keys): SessionPayload | string {
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
  const preview = previewUrl === '' && previewRevision === 0 ? '' : keys.digest(`${previewRevision} ${previewUrl}`);
  return { session: id, activity, terminated: isTerminated, preview };
}
