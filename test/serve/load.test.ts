import http from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MOST_LISTENERS } from '../../projector/serve/stream.ts';
import { Known } from '../known/known.ts';
import { projector, type Running, tiersOn } from '../support/processes.ts';

const REQUESTS = 10_000;
const AT_ONCE = 64;
const LISTENERS = 1_000;

const known = new Known();
let serving: Running;
let origin: string;
let token: string;

beforeAll(async () => {
  serving = projector(tiersOn(known.folder), 'serve');
  const address = new URL(await serving.firstLine());
  ({ origin } = address);
  token = address.hash.replace('#token=', '');
});
afterAll(async () => {
  expect(await serving.stop()).toMatchObject({ code: 0 });
});

interface Answered {
  readonly status: number;
  readonly length: number;
}

const agent = new http.Agent({ keepAlive: true, maxSockets: AT_ONCE });
afterAll(() => agent.destroy());

function get(path: string, headers: Record<string, string> = {}): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const request = http.get(`${origin}${path}`, { agent, headers: { Authorization: `Bearer ${token}`, ...headers } });
    request.on('error', reject);
    request.on('response', (response) => {
      let length = 0;
      response.on('data', (chunk) => {
        length += chunk.length;
      });
      response.on('end', () => resolve({ status: response.statusCode!, length }));
    });
  });
}

test(`${REQUESTS} requests are answered, those of one address alike`, async () => {
  const answers = new Map<string, Set<string>>();
  let left = REQUESTS;
  const ask = async () => {
    while (left-- > 0) {
      const path = left % 20 === 0 ? '/api/v1/stuck?now=2026-06-14' : '/healthz';
      const { status, length } = await get(path);
      answers.set(path, (answers.get(path) ?? new Set()).add(`${status} ${length}`));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, ask));
  expect([...answers.values()].map(({ size }) => size)).toEqual([1, 1]);
  expect([...answers.values()].flatMap((one) => [...one]).every((one) => one.startsWith('200 '))).toBe(true);
}, 120_000);

test(`of ${LISTENERS} who listen at once, so many are let in that it stays bounded; the others are refused`, async () => {
  const sockets: Socket[] = [];
  const statuses = await Promise.all(
    Array.from({ length: LISTENERS }, () => {
      return new Promise<string>((resolve) => {
        const { hostname, port } = new URL(origin);
        const socket = connect(Number(port), hostname);
        sockets.push(socket);
        socket.write(
          `GET /api/v1/events HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAuthorization: Bearer ${token}\r\nAccept: text/event-stream\r\n\r\n`,
        );
        socket.once('data', (data) => resolve(data.toString().slice(9, 12)));
        socket.once('close', () => resolve('closed'));
        socket.once('error', () => resolve('closed'));
      });
    }),
  );
  const count = (status: string) => statuses.filter((one) => one === status).length;
  expect(count('200')).toBe(MOST_LISTENERS);
  expect(count('503') + count('closed')).toBe(LISTENERS - MOST_LISTENERS);
  for (const socket of sockets) socket.destroy();
  expect((await get('/api/v1/status')).status).toBe(200);
}, 60_000);

test('what is too long or no HTTP is refused, and the server goes on', async () => {
  expect((await get(`/api/v1/funnel?question=${'x'.repeat(10_000)}`)).status).toBe(414);
  const { hostname, port } = new URL(origin);
  const answered = await new Promise<string>((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.write(`GET /${'z'.repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`);
    let text = '';
    socket.on('data', (data) => {
      text += data;
    });
    socket.on('close', () => resolve(text));
    socket.on('error', () => resolve(text));
  });
  expect(answered).toMatch(/^HTTP\/1\.1 4\d\d /);
  expect((await get('/healthz')).status).toBe(200);
});
