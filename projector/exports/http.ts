import http from 'node:http';
import https from 'node:https';
import { gunzipSync } from 'node:zlib';
import type { Delivery } from './sinks.ts';

/** Answers that say that this request would never be taken. After any other that is no good one somebody may mend something. */
const REFUSED = [400, 413, 422];

/** The answer of a receiver that failed itself, and says nothing of a time when it will not. */
const ERRED = 500;

/** What of an answer is looked at. */
const MOST_ANSWER_BYTES = 65_536;

export interface Request {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly agent?: http.Agent | https.Agent;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface Response {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: Buffer;
}

/** Posts a request; rejects where no answer came in time. No redirection is followed: it would lead elsewhere. */
export async function post({ url, headers, body, agent, timeoutMs, signal }: Request): Promise<Response> {
  const { request } = url.startsWith('https:') ? https : http;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
    const sending = request(
      url,
      { method: 'POST', headers: { ...headers, 'Content-Length': body.byteLength }, agent, signal: limit },
      resolve,
    );
    sending.on('error', reject);
    sending.end(body);
  });
  return {
    status: answer.statusCode!,
    retryAfter: answer.headers['retry-after'],
    body: await beginning(answer),
  };
}

/** The first bytes of an answer, however long it is. */
async function beginning(answer: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= MOST_ANSWER_BYTES) break;
  }
  return Buffer.concat(chunks);
}

/** What an answer says of a request; `told` is what a good one says beside its status. */
export function deliveryOf({ status, retryAfter }: Response, told: string | null, now: number): Delivery {
  const result = told === null ? `answered ${status}` : `answered ${status}: ${told}`;
  if (status >= 200 && status < 300) return { outcome: 'accepted', result, afterMs: null };
  if (REFUSED.includes(status)) return { outcome: 'refused', result, afterMs: null };
  return { outcome: status === ERRED ? 'erred' : 'failed', result, afterMs: afterMs(retryAfter, now) };
}

/** A request that was not answered. */
export function notAnswered(error: unknown): Delivery {
  // What ended a request is the cause of its error; a name that has several addresses fails with an error of each.
  const { name, message, errors = [] } = ((error as Error).cause ?? error) as Error & { errors?: readonly Error[] };
  const said = errors.map((one) => one.message).join(', ') || message || name;
  return { outcome: 'failed', result: name === 'TimeoutError' ? 'not answered in time' : said, afterMs: null };
}

/** Seconds, or a date. */
function afterMs(retryAfter: string | undefined, now: number): number | null {
  if (retryAfter === undefined) return null;
  const ms = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1_000 : Date.parse(retryAfter) - now;
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}

/** A body as it was before it was compressed. */
export function uncompressed(body: Uint8Array, headers: Readonly<Record<string, string>>): Uint8Array {
  const encoding = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-encoding');
  return encoding?.[1] === 'gzip' ? gunzipSync(body) : body;
}
