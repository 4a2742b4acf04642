import * as v from 'valibot';

const Event = v.looseObject({
  event: v.pipe(v.string(), v.minLength(1)),
  uuid: v.pipe(v.string(), v.uuid()),
  distinct_id: v.pipe(v.string(), v.minLength(1)),
  timestamp: v.pipe(v.string(), v.isoTimestamp()),
  properties: v.record(v.string(), v.unknown()),
});

const Batch = v.looseObject({
  api_key: v.pipe(v.string(), v.minLength(1)),
  sent_at: v.pipe(v.string(), v.isoTimestamp()),
  batch: v.array(Event),
});

export type PostHogEvent = v.InferOutput<typeof Event>;

/** The fields have the names that they are sent with. */
export type PostHogBatch = { readonly kind: 'posthog' } & v.InferOutput<typeof Batch>;

/** Reads the body of POST /batch/. Throws where PostHog would not make events of it. */
export function readPostHogBatch(bytes: Buffer): PostHogBatch {
  return { kind: 'posthog', ...v.parse(Batch, JSON.parse(bytes.toString('utf8'))) };
}
