import { once } from 'node:events';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  JsonLogsSerializer,
  JsonMetricsSerializer,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
} from '@opentelemetry/otlp-transformer';
import { PostHog } from 'posthog-node';
import { LOGS, METRICS } from './otlp-samples.ts';
import { type Body, Receiver } from './receiver.ts';

const JSON_TYPE = 'application/json';
const PROTOBUF_TYPE = 'application/x-protobuf';

let receiver: Receiver;
beforeEach(async () => {
  receiver = await Receiver.start();
});
afterEach(() => receiver.close());

/** Sends a body and gives back the answer. */
function post(path: string, body: string | Uint8Array, headers: Record<string, string> = {}): Promise<Response> {
  const bytes = Buffer.from(body as Uint8Array);
  return fetch(receiver.url + path, {
    method: 'POST',
    body: bytes,
    headers: { 'Content-Type': JSON_TYPE, ...headers },
  });
}

/** The body as it was received last. */
const lastBody = (): Body => receiver.received.at(-1)!.body;

const METRICS_SENT = {
  kind: 'metrics',
  resources: [
    {
      attributes: { 'service.name': 'ao-projector', 'service.version': '0.1.0' },
      scopes: [
        {
          scope: { name: 'ao-projector', version: '0.1.0' },
          metrics: [
            {
              name: 'ao.events',
              description: 'What ao.events counts',
              unit: '{event}',
              type: 'sum',
              temporality: 'cumulative',
              monotonic: true,
              points: [
                {
                  attributes: { 'ao.event': 'ao.session.spawned', 'ao.harness': 'codex' },
                  startTimeUnixNano: 1_782_000_000_000_000_000n,
                  timeUnixNano: 1_782_000_060_123_456_789n,
                  numberType: 'int',
                  value: 4_294_967_296,
                },
              ],
            },
            {
              name: 'ao.session.ends',
              description: 'What ao.session.ends counts',
              unit: '{session}',
              type: 'sum',
              temporality: 'delta',
              monotonic: false,
              points: [
                {
                  attributes: { 'ao.end_cause': 'unknown' },
                  startTimeUnixNano: 1_782_000_000_000_000_000n,
                  timeUnixNano: 1_782_000_060_123_456_789n,
                  numberType: 'int',
                  value: -2,
                },
                {
                  attributes: { 'ao.end_cause': 'merged' },
                  startTimeUnixNano: 1_782_000_000_000_000_000n,
                  timeUnixNano: 1_782_000_060_123_456_789n,
                  numberType: 'int',
                  value: 2,
                },
              ],
            },
            {
              name: 'ao.projector.lag',
              description: 'What ao.projector.lag counts',
              unit: 's',
              type: 'gauge',
              points: [
                {
                  attributes: {},
                  startTimeUnixNano: 1_782_000_000_000_000_000n,
                  timeUnixNano: 1_782_000_060_123_456_789n,
                  numberType: 'double',
                  value: 0.25,
                },
              ],
            },
            {
              name: 'ao.session.wait.duration',
              description: 'What ao.session.wait.duration counts',
              unit: 's',
              type: 'exponentialHistogram',
              temporality: 'cumulative',
              points: [
                {
                  attributes: { 'ao.harness': 'codex' },
                  startTimeUnixNano: 1_782_000_000_000_000_000n,
                  timeUnixNano: 1_782_000_060_123_456_789n,
                  count: 3,
                  sum: 0.9,
                  min: 0,
                  max: 0.6,
                  scale: 0,
                  zeroCount: 1,
                  positive: { offset: -2, counts: [1, 1] },
                  negative: { offset: 0, counts: [] },
                },
              ],
            },
          ],
        },
      ],
    },
  ],
};

const LOGS_SENT = {
  kind: 'logs',
  resources: [
    {
      attributes: { 'service.name': 'ao-projector', 'service.version': '0.1.0' },
      scopes: [
        {
          scope: { name: 'ao-projector', version: '0.1.0' },
          records: [
            {
              timeUnixNano: 1_782_000_000_000_000_000n,
              observedTimeUnixNano: 1_782_000_060_123_456_789n,
              eventName: 'ao.session.spawned',
              severityNumber: 0,
              severityText: '',
              body: null,
              attributes: { 'ao.id': 'a'.repeat(32), 'ao.order': 4_294_967_297, 'ao.has_git_remote': true },
            },
            {
              timeUnixNano: 1_782_000_000_000_000_000n,
              observedTimeUnixNano: 1_782_000_060_123_456_789n,
              eventName: 'ao.session.killed',
              severityNumber: 0,
              severityText: '',
              body: null,
              attributes: { 'ao.id': 'b'.repeat(32), 'ao.note': 'schön', ratio: 0.5, list: ['x', 1] },
            },
          ],
        },
      ],
    },
  ],
};

describe.each([
  ['metrics as JSON', '/v1/metrics', JSON_TYPE, JsonMetricsSerializer.serializeRequest(METRICS)!, METRICS_SENT],
  [
    'metrics as protobuf',
    '/v1/metrics',
    PROTOBUF_TYPE,
    ProtobufMetricsSerializer.serializeRequest(METRICS)!,
    METRICS_SENT,
  ],
  ['logs as JSON', '/v1/logs', JSON_TYPE, JsonLogsSerializer.serializeRequest(LOGS)!, LOGS_SENT],
  ['logs as protobuf', '/v1/logs', PROTOBUF_TYPE, ProtobufLogsSerializer.serializeRequest(LOGS)!, LOGS_SENT],
])('%s', (_, path, type, bytes, sent) => {
  test('are decoded and answered with an empty message of their type', async () => {
    const answer = await post(path, bytes, { 'Content-Type': type });
    expect(receiver.accepted).toEqual(receiver.received);
    expect(receiver.accepted).toMatchObject([{ path, headers: { 'content-type': type }, body: sent }]);
    expect(receiver.accepted[0]!.bytes.equals(bytes)).toBe(true);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe(type);
    expect(await answer.text()).toBe(type === JSON_TYPE ? '{}' : '');
  });

  test('are decoded after gunzip, and kept as they were sent', async () => {
    const zipped = gzipSync(bytes);
    await post(path, zipped, { 'Content-Type': type, 'Content-Encoding': 'gzip' });
    expect(lastBody()).toEqual(sent);
    expect(receiver.accepted[0]!.bytes.equals(zipped)).toBe(true);
    expect(receiver.accepted[0]!.text).toBe(Buffer.from(bytes).toString('latin1'));
  });
});

test('a batch of posthog-node is decoded', async () => {
  const client = new PostHog('phc_test', { host: receiver.url, fetchRetryCount: 0 });
  const uuid = '0190163d-8694-739b-aea5-966c26f8ad90';
  const timestamp = new Date('2026-06-18T10:00:00.123Z');
  client.capture({
    distinctId: 'an install',
    event: 'ao.session.spawned',
    uuid,
    timestamp,
    properties: { harness: 'codex' },
  });
  await client.shutdown();
  expect(receiver.accepted).toMatchObject([
    {
      path: '/batch/',
      headers: { 'content-encoding': 'gzip' },
      body: {
        kind: 'posthog',
        api_key: 'phc_test',
        batch: [
          {
            event: 'ao.session.spawned',
            uuid,
            distinct_id: 'an install',
            timestamp: '2026-06-18T10:00:00.123Z',
            properties: { harness: 'codex' },
          },
        ],
      },
    },
  ]);
  expect(receiver.accepted[0]!.text).toContain('"harness":"codex"');
});

test('a batch is answered with the status of PostHog', async () => {
  const answer = await post('/batch/', '{"api_key":"phc_test","sent_at":"2026-06-18T10:00:00.000Z","batch":[]}');
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({ status: 1 });
});

describe('what cannot be decoded is answered with 400, and kept with the reason', () => {
  const metric = (data: object) =>
    JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'm', ...data }] }] }] });
  const log = (record: object) => JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] });
  const batch = (event: object) =>
    JSON.stringify({ api_key: 'k', sent_at: '2026-06-18T10:00:00.000Z', batch: [{ ...EVENT, ...event }] });
  const EVENT = {
    event: 'e',
    uuid: '0190163d-8694-739b-aea5-966c26f8ad90',
    distinct_id: 'd',
    timestamp: '2026-06-18T10:00:00Z',
    properties: {},
  };
  const sum = (point: object) =>
    metric({
      sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: [{ timeUnixNano: '2', asInt: '1', ...point }] },
    });
  const histogram = (point: object) =>
    metric({ exponentialHistogram: { aggregationTemporality: 2, dataPoints: [{ timeUnixNano: '2', ...point }] } });

  test.each([
    ['another path', '/v1/traces', '{}', {}, '/v1/traces'],
    ['a path with a prefix', '/otlp/v1/metrics', '{}', {}, '/otlp/v1/metrics'],
    ['another content type', '/v1/metrics', '{}', { 'Content-Type': 'text/plain' }, 'text/plain'],
    ['another content encoding', '/v1/metrics', '{}', { 'Content-Encoding': 'br' }, 'br'],
    ['what is no gzip', '/v1/metrics', '{}', { 'Content-Encoding': 'gzip' }, 'header'],
    ['what is no JSON', '/v1/logs', '{', {}, 'JSON'],
    [
      'half of a protobuf message',
      '/v1/logs',
      Uint8Array.of(0x0a, 0x05, 0x12),
      { 'Content-Type': PROTOBUF_TYPE },
      'index',
    ],
    [
      'a protobuf field that is not described',
      '/v1/logs',
      Uint8Array.of(0x7a, 0),
      { 'Content-Type': PROTOBUF_TYPE },
      'not described',
    ],
    ['a JSON field that is not described', '/v1/logs', log({ traceId: 'aa' }), {}, 'traceId'],
    [
      'an attribute twice',
      '/v1/logs',
      log({
        attributes: [
          { key: 'a', value: { intValue: 1 } },
          { key: 'a', value: { intValue: 1 } },
        ],
      }),
      {},
      'a once',
    ],
    ['an attribute without value', '/v1/logs', log({ attributes: [{ key: 'a', value: {} }] }), {}, 'value of a'],
    [
      'an integer that is no safe one',
      '/v1/logs',
      log({ attributes: [{ key: 'a', value: { intValue: '9007199254740993' } }] }),
      {},
      '9007199254740993',
    ],
    ['a metric without data', '/v1/metrics', metric({}), {}, 'data of m'],
    ['a sum without temporality', '/v1/metrics', metric({ sum: { dataPoints: [] } }), {}, 'temporality'],
    ['a point without value', '/v1/metrics', sum({ asInt: null }), {}, 'with a value'],
    ['a point without time', '/v1/metrics', sum({ timeUnixNano: '0' }), {}, 'with a time'],
    ['a point that ends before it starts', '/v1/metrics', sum({ startTimeUnixNano: '3' }), {}, 'before it ends'],
    [
      'a histogram that counts more than its buckets',
      '/v1/metrics',
      histogram({ count: 2, zeroCount: 1 }),
      {},
      '1, not 2',
    ],
    ['a batch without a key', '/batch/', '{"batch":[]}', {}, 'api_key'],
    ['an event without an id', '/batch/', batch({ uuid: '' }), {}, 'UUID'],
    ['an event whose time is no time', '/batch/', batch({ timestamp: 'today' }), {}, 'timestamp'],
  ])('%s', async (_, path, body, headers, reason) => {
    const answer = await post(path, body, headers);
    expect(answer.status).toBe(400);
    expect(receiver.accepted).toEqual([]);
    expect(receiver.received).toMatchObject([
      { path, body: { kind: 'undecodable', error: expect.stringContaining(reason) } },
    ]);
  });

  test('another method', async () => {
    const answer = await fetch(`${receiver.url}/v1/metrics`);
    expect(answer.status).toBe(400);
    expect(lastBody()).toMatchObject({ kind: 'undecodable', error: expect.stringContaining('GET /v1/metrics') });
  });
});

describe('a receiver answers as it is told', () => {
  const sendLogs = () => post('/v1/logs', '{}');

  test('by the request and its number', async () => {
    receiver.answer = ({ path }, index) => ({ status: path === '/v1/logs' && index === 0 ? 503 : 202 });
    expect((await sendLogs()).status).toBe(503);
    expect((await sendLogs()).status).toBe(202);
    expect(receiver.received).toHaveLength(2);
    expect(receiver.accepted).toEqual([receiver.received[1]]);
  });

  test('with headers of an answer that refuses', async () => {
    receiver.answer = () => ({ status: 429, headers: { 'Retry-After': '7' } });
    const answer = await sendLogs();
    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toBe('7');
    expect(receiver.accepted).toEqual([]);
  });

  test('late', async () => {
    receiver.answer = () => ({ delayMs: 20 });
    expect((await sendLogs()).status).toBe(200);
  });

  test('so late that others come first, though it has taken the request', async () => {
    receiver.answer = (_, index) => ({ delayMs: index === 0 ? 3_600_000 : 0 });
    const late = sendLogs();
    const ended = expect(late).rejects.toThrow('fetch failed');
    await receiver.until(({ accepted }) => accepted.length === 1);
    expect((await sendLogs()).status).toBe(200);
    await receiver.close();
    await ended;
    receiver = await Receiver.start();
  });

  test('never, until it is closed', async () => {
    receiver.answer = (_, index) => (index === 0 ? { hang: true } : {});
    const hanging = sendLogs();
    const ended = expect(hanging).rejects.toThrow('fetch failed');
    await receiver.until(({ received }) => received.length === 1);
    expect(receiver.accepted).toEqual([]);
    expect((await sendLogs()).status).toBe(200);
    await receiver.close();
    await ended;
    receiver = await Receiver.start();
  });
});

test('a sender that leaves before it has sent all was not received', async () => {
  const socket = connect(receiver.port, '127.0.0.1');
  socket.write('POST /v1/logs HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{');
  socket.end();
  socket.resume();
  await once(socket, 'close');
  await post('/v1/logs', '{}');
  expect(receiver.received).toHaveLength(1);
});

test('a receiver starts again on its port', async () => {
  const { port } = receiver;
  await receiver.close();
  receiver = await Receiver.start(port);
  expect(receiver.port).toBe(port);
  expect((await post('/v1/logs', '{}')).status).toBe(200);
});
