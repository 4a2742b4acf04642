import { isDeepStrictEqual } from 'node:util';
import type { PostHogEvent } from './posthog-batch.ts';
import type { Received } from './receiver.ts';
import type { LogRecord } from './requests.ts';
import { add, streamsOf, totalOf, type Value } from './streams.ts';

/** What a receiver accepted. */
type Requests = readonly Pick<Received, 'body'>[];

export interface SentEvent {
  /** `ao.id` of a log record, `uuid` of an event of PostHog. */
  readonly id: string;
  readonly name: string;
  /** Nanoseconds UTC. */
  readonly at: bigint;
  /** How many events it stands for. */
  readonly count: number;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/**
 * What a backend shows as the totals of sums, monotonic or not, and of exponential histograms, by the `key` of metric and
 * attributes. A point that came again counts once. Throws on what nobody could add up, as `totalOf` says.
 */
export function totals(requests: Requests): Record<string, Value> {
  const metrics = requests.map(({ body }) => body).filter((body) => body.kind === 'metrics');
  const found: Record<string, Value> = {};
  for (const stream of streamsOf(metrics)) {
    const before = found[stream.key];
    const total = totalOf(stream);
    found[stream.key] = before === undefined ? total : add(before, total);
  }
  return found;
}

/** The events of logs and of batches, each once by its id, as they first came. Throws when one came again with other content. */
export function eventsOf(requests: Requests): SentEvent[] {
  const events = new Map<string, SentEvent>();
  for (const event of requests.flatMap(sentIn)) {
    const before = events.get(event.id);
    if (before && !isDeepStrictEqual(event, before))
      throw new Error(`Expected one content of event ${event.id}, found ${shown(before)} and ${shown(event)}`);
    if (!before) events.set(event.id, event);
  }
  return [...events.values()];
}

/** How many events of each name there are. */
export function counts(events: readonly SentEvent[]): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { name, count } of events) found[name] = (found[name] ?? 0) + count;
  return found;
}

function sentIn({ body }: Pick<Received, 'body'>): SentEvent[] {
  if (body.kind === 'posthog') return body.batch.map(ofPostHog);
  if (body.kind !== 'logs') return [];
  return body.resources.flatMap(({ scopes }) => scopes.flatMap(({ records }) => records.map(ofLog)));
}

/** When a record was observed is not part of it: who sends it again may have read it again. */
function ofLog({ eventName, timeUnixNano, attributes }: LogRecord): SentEvent {
  const id = attributes['ao.id'];
  if (typeof id !== 'string') throw new Error(`Expected a log record with ao.id, found ${JSON.stringify(attributes)}`);
  return { id, name: eventName, at: timeUnixNano, count: countOf(attributes['ao.count']), attributes };
}

function ofPostHog({ uuid, event, timestamp, distinct_id, properties }: PostHogEvent): SentEvent {
  const attributes = { distinct_id, ...properties };
  const at = BigInt(Date.parse(timestamp)) * 1_000_000n;
  return { id: uuid, name: event, at, count: countOf(properties.count), attributes };
}

function countOf(count: unknown): number {
  if (count === undefined) return 1;
  if (typeof count !== 'number') throw new Error(`Expected a count that is a number, found ${JSON.stringify(count)}`);
  return count;
}

function shown({ name, at, attributes }: SentEvent): string {
  return `${name} at ${at} ${JSON.stringify(attributes)}`;
}
