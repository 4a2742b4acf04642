import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { deliveryOf, notAnswered, post, type Response } from '../../projector/exports/http.ts';

const NOW = Date.parse('2026-06-01T12:00:00Z');

let server: Server | undefined;
afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});

/** Posts to a server that answers so; within `timeoutMs`, and that long where nobody ends it before. */
async function posted(
  answer: RequestListener,
  timeoutMs = 10_000,
  signal = AbortSignal.timeout(10_000),
): Promise<Response> {
  server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/logs`;
  return post({ url, headers: {}, body: Buffer.from('{}'), timeoutMs, signal });
}

const answered = (status: number, retryAfter?: string) =>
  deliveryOf({ status, retryAfter, body: Buffer.alloc(0) }, null, NOW);

describe('an answer says what becomes of a request', () => {
  test.each([200, 202, 204])('%d: it is accepted', (status) => {
    expect(answered(status)).toEqual({ outcome: 'accepted', result: `answered ${status}`, afterMs: null });
  });

  test.each([400, 413, 422])('%d: it is refused for good', (status) => {
    expect(answered(status)).toEqual({ outcome: 'refused', result: `answered ${status}`, afterMs: null });
  });

  test.each([301, 307, 401, 403, 404, 408, 429, 502, 503, 504])('%d: it is tried again', (status) => {
    expect(answered(status)).toEqual({ outcome: 'failed', result: `answered ${status}`, afterMs: null });
  });

  test('500: the receiver has erred', () => {
    expect(answered(500)).toEqual({ outcome: 'erred', result: 'answered 500', afterMs: null });
  });

  test.each([
    ['7', 7_000],
    ['0', 0],
    ['Mon, 01 Jun 2026 12:00:30 GMT', 30_000],
    ['Mon, 01 Jun 2026 11:00:00 GMT', 0],
    ['soon', null],
  ])('Retry-After: %s is %s milliseconds', (retryAfter, afterMs) => {
    expect(answered(503, retryAfter)).toMatchObject({ outcome: 'failed', afterMs });
  });

  test('what a good one says beside is kept', () => {
    const answer = { status: 200, retryAfter: undefined, body: Buffer.alloc(0) };
    expect(deliveryOf(answer, '3 rejected: too old', NOW).result).toBe('answered 200: 3 rejected: too old');
  });
});

test('a redirection is not followed', async () => {
  const asked: (string | undefined)[] = [];
  const answer = await posted(({ url }, response) => {
    asked.push(url);
    response.writeHead(307, { Location: '/elsewhere' }).end();
  });
  expect(answer.status).toBe(307);
  expect(asked).toEqual(['/v1/logs']);
});

test('of an answer without an end the beginning is read, and the connection is closed', async () => {
  let closed: Promise<unknown> | undefined;
  const { status, body } = await posted((_, response) => {
    closed = once(response, 'close');
    response.writeHead(200);
    const more = () => void (response.destroyed || response.write(Buffer.alloc(8_192), () => setImmediate(more)));
    more();
  });
  expect(status).toBe(200);
  expect(body.length).toBeLessThan(200_000);
  await closed;
});

test('an answer that stops in its midst is none', async () => {
  const ended = posted((_, response) => void response.writeHead(200).write('{'), 50);
  await expect(ended).rejects.toThrow();
});

describe('no answer is told as', () => {
  const told = (post: Promise<unknown>) => post.then(() => 'answered', notAnswered);

  test('not answered in time', async () => {
    expect(await told(posted(() => {}, 50))).toMatchObject({ outcome: 'failed', result: 'not answered in time' });
  });

  test('aborted, where who sends it ends it', async () => {
    const ending = new AbortController();
    const delivery = await told(posted(() => ending.abort(), 10_000, ending.signal));
    expect(delivery).toMatchObject({ outcome: 'failed', result: 'This operation was aborted' });
  });

  test('what the system says', async () => {
    const delivery = await told(posted(({ socket }) => void socket.destroy()));
    expect(delivery).toMatchObject({ outcome: 'failed', result: 'socket hang up' });
  });

  test('what the system says of each address of a name', () => {
    const errors = ['127.0.0.1', '::1'].map((address) => new Error(`connect ECONNREFUSED ${address}:4318`));
    expect(notAnswered(new AggregateError(errors))).toMatchObject({
      result: 'connect ECONNREFUSED 127.0.0.1:4318, connect ECONNREFUSED ::1:4318',
    });
  });
});
