import type { PostHog } from 'posthog-node';
import { deliveryOf, notAnswered, post, uncompressed } from './http.ts';
import type { ExportRecord } from './record.ts';
import type { PostHogSettings } from './settings.ts';
import type { Delivery, Transport } from './sinks.ts';

const TIMEOUT_MS = 10_000;

/** More than any batch has, so that a batch is one request. */
const MOST_EVENTS = 10_000;

type Fetch = NonNullable<NonNullable<ConstructorParameters<typeof PostHog>[1]>['fetch']>;

/** An event as posthog-node is handed it. */
interface Capture {
  readonly distinctId: string;
  readonly event: string;
  readonly timestamp: number;
  readonly uuid: string;
  readonly properties: Readonly<Record<string, string | number | boolean>>;
}

/** Events of an install as PostHog has them: without a person, at their own times, each recognisable by its uuid. */
export function captures(records: readonly ExportRecord[], install: string): Uint8Array {
  const found = records.map(({ name, fields: { id, at, ...rest } }): Capture => {
    return {
      distinctId: install,
      event: name,
      timestamp: Number(at),
      uuid: uuidOf(String(id)),
      properties: { ...rest, $process_person_profile: false },
    };
  });
  return Buffer.from(JSON.stringify(found));
}

/** The first 128 bits of an id in the form of a uuid of one's own making (version 8, RFC 9562). */
export function uuidOf(id: string): string {
  const variant = ((Number.parseInt(id[16]!, 16) & 0x3) | 0x8).toString(16);
  const parts = [
    id.slice(0, 8),
    id.slice(8, 12),
    `8${id.slice(13, 16)}`,
    `${variant}${id.slice(17, 20)}`,
    id.slice(20, 32),
  ];
  return parts.join('-');
}

/** Sends events by posthog-node, which makes the requests; they are posted here, so that each is one attempt that can be ended. */
export class PostHogTransport implements Transport {
  readonly sink = 'posthog';
  readonly destination: string;
  readonly #settings: PostHogSettings;
  readonly #now: () => number;

  constructor(settings: PostHogSettings, now: () => number) {
    const { origin, pathname } = new URL(settings.host);
    this.destination = `${origin}${pathname}`.replace(/\/$/, '');
    this.#settings = settings;
    this.#now = now;
  }

  async body(payload: Uint8Array): Promise<Uint8Array> {
    let body: Uint8Array = new Uint8Array();
    await this.#flush(payload, async (_, request) => {
      body = uncompressed(await bytesOf(request.body), request.headers);
      return answer(200);
    });
    return body;
  }

  async deliver(payload: Uint8Array, signal: AbortSignal): Promise<Delivery> {
    let delivery: Delivery = { outcome: 'failed', result: 'posthog-node sent nothing', afterMs: null };
    await this.#flush(payload, async (url, { headers, body }) => {
      try {
        const request = { url, headers, body: await bytesOf(body), timeoutMs: TIMEOUT_MS, signal };
        const response = await post(request);
        delivery = deliveryOf(response, null, this.#now());
        return answer(response.status);
      } catch (error) {
        delivery = notAnswered(error);
        return answer(503);
      }
    });
    return delivery;
  }

  /** Has posthog-node make the one request for a payload. What else it may want to ask for is not asked. */
  async #flush(payload: Uint8Array, send: Fetch): Promise<void> {
    // Loaded here, for nobody else needs it.
    const { PostHog } = await import('posthog-node');
    let isSent = false;
    const client = new PostHog(this.#settings.key, {
      host: this.#settings.host,
      fetch: async (url, request) => {
        if (isSent || !url.endsWith('/batch/')) return answer(200);
        isSent = true;
        return send(url, request);
      },
      fetchRetryCount: 0,
      flushAt: MOST_EVENTS,
      maxBatchSize: MOST_EVENTS,
      maxQueueSize: MOST_EVENTS,
      disableGeoip: true,
    });
    const found = JSON.parse(Buffer.from(payload).toString()) as Capture[];
    for (const { timestamp, ...capture } of found) client.capture({ ...capture, timestamp: new Date(timestamp) });
    // What went wrong is known from the request itself.
    await client.flush().catch(() => {});
    await client.shutdown(0).catch(() => {});
  }
}

function answer(status: number) {
  return { status, text: async () => '', json: async () => ({}), headers: new Headers() };
}

/** posthog-node hands over texts, bytes or blobs. */
async function bytesOf(body: unknown): Promise<Uint8Array> {
  return new Uint8Array(await new Response(body as ConstructorParameters<typeof Response>[0]).arrayBuffer());
}
