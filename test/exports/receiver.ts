import { EventEmitter, once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import type { Encoding } from './otlp-messages.ts';
import { type PostHogBatch, readPostHogBatch } from './posthog-batch.ts';
import { type LogsRequest, type MetricsRequest, readLogs, readMetrics } from './requests.ts';

/** What came that is no request that we know, and why not. */
export interface Undecodable {
  readonly kind: 'undecodable';
  readonly error: string;
}

export type Body = MetricsRequest | LogsRequest | PostHogBatch | Undecodable;

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** As sent, before gunzip. */
  readonly bytes: Buffer;
  /** The body after gunzip, each byte a character, to search in. */
  readonly text: string;
  readonly body: Body;
}

/** How a request is answered; `hang` never, and no answer means 200 at once. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly delayMs?: number;
  readonly hang?: true;
}

const LIMIT_MS = 20_000;

/** A backend on loopback that takes OTLP over HTTP and batches of PostHog. What it cannot decode it answers with 400. */
export class Receiver {
  readonly url: string;
  readonly port: number;
  /** Everything, whatever was answered. */
  readonly received: Received[] = [];
  /** What was answered with 2xx. A request counts once it is taken, even when its answer is late or finds nobody. */
  readonly accepted: Received[] = [];
  /** `index` is that in `received`. */
  answer: (request: Received, index: number) => Answer = () => ({});
  readonly #server: Server;
  readonly #changes = new EventEmitter();

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    this.url = `http://127.0.0.1:${this.port}`;
    server.on('request', (request, response) => this.#take(request, response));
  }

  /** Listens on a port that is free, or on the one given. */
  static async start(port = 0): Promise<Receiver> {
    const server = createServer();
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return new Receiver(server);
  }

  /** Resolves once a condition on what was received holds; rejects after 20 s with what was received. */
  async until(holds: (receiver: Receiver) => boolean): Promise<void> {
    const limit = AbortSignal.timeout(LIMIT_MS);
    while (!holds(this)) {
      await once(this.#changes, 'change', { signal: limit }).catch(() => {
        throw new Error(`Expected ${holds}, received ${this.received.map(summary).join('\n') || 'nothing'}`);
      });
    }
  }

  /** Ends connections that hang, too. */
  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const bytes = await buffer(request).catch(() => null);
    if (!bytes) return; // The sender left before it had sent all.
    const received = receivedOf(request, bytes);
    const index = this.received.push(received) - 1;
    const { status = 200, headers = {}, delayMs = 0, hang } = this.#answerTo(received, index);
    const takes = !hang && status < 300;
    if (takes) this.accepted.push(received);
    this.#changes.emit('change');
    if (hang) return;
    if (delayMs > 0) await pause(delayMs, undefined, { ref: false });
    const [type, body] = answerBody(received, takes);
    response.writeHead(status, { 'Content-Type': type, ...headers }).end(body);
  }

  #answerTo(received: Received, index: number): Answer {
    return received.body.kind === 'undecodable' ? { status: 400 } : this.answer(received, index);
  }
}

function receivedOf({ method, url = '', headers }: IncomingMessage, bytes: Buffer): Received {
  const common = { path: url, headers, bytes };
  try {
    const plain = gunzipped(headers['content-encoding'], bytes);
    return { ...common, text: plain.toString('latin1'), body: bodyOf(`${method} ${url}`, headers, plain) };
  } catch (error) {
    return { ...common, text: bytes.toString('latin1'), body: { kind: 'undecodable', error: String(error) } };
  }
}

function gunzipped(encoding: string | undefined, bytes: Buffer): Buffer {
  if (encoding === undefined) return bytes;
  if (encoding === 'gzip') return gunzipSync(bytes);
  throw new Error(`Expected the content encoding gzip or none, found ${encoding}`);
}

function bodyOf(what: string, headers: IncomingHttpHeaders, plain: Buffer): Body {
  if (what === 'POST /v1/metrics') return readMetrics(encodingOf(headers), plain);
  if (what === 'POST /v1/logs') return readLogs(encodingOf(headers), plain);
  if (what === 'POST /batch/') return readPostHogBatch(plain);
  throw new Error(`Expected POST to /v1/metrics, /v1/logs or /batch/, found ${what}`);
}

function encodingOf(headers: IncomingHttpHeaders): Encoding {
  const type = headers['content-type'];
  if (type === 'application/json') return 'json';
  if (type === 'application/x-protobuf') return 'protobuf';
  throw new Error(`Expected the content type application/json or application/x-protobuf, found ${type}`);
}

/** An empty message is a whole answer of OTLP: all was taken, or a status without details. */
function answerBody({ headers, body }: Received, takes: boolean): readonly [type: string, body: string] {
  if (body.kind === 'posthog') return ['application/json', takes ? '{"status":1}' : '{}'];
  if (headers['content-type'] === 'application/x-protobuf') return ['application/x-protobuf', ''];
  return ['application/json', '{}'];
}

function summary({ path, text, body }: Received): string {
  return `${path} ${body.kind === 'undecodable' ? body.error : body.kind}: ${text.slice(0, 200)}`;
}
