import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { exportSettingsOf } from '../../projector/exports/settings.ts';
import type { Delivery, SinkName, Transport } from '../../projector/exports/sinks.ts';
import { transportsOf } from '../../projector/exports/transports.ts';
import { Receiver } from './receiver.ts';

/** Whole requests that tell nothing. */
const JSON_OF_NOTHING = Buffer.from('{}');
const PROTOBUF_OF_NOTHING = Buffer.alloc(0);

const before = process.env;
let receiver: Receiver;
beforeAll(async () => {
  receiver = await Receiver.start();
});
beforeEach(() => {
  process.env = { ...before, AO_PROJECTOR_REMOTE: 'otlp', AO_PROJECTOR_OTLP_ENDPOINT: receiver.url };
  receiver.received.length = 0;
  receiver.answer = () => ({});
});
afterEach(() => {
  process.env = before;
});
afterAll(() => receiver.close());

/** Whatever reads these variables reads those of the process. */
function transport(sink: SinkName, env: Readonly<Record<string, string>>): Transport {
  Object.assign(process.env, env);
  return transportsOf(exportSettingsOf(process.env), true, Date.now).find((one) => one.sink === sink)!;
}

function deliver(
  sink: SinkName,
  env: Readonly<Record<string, string>>,
  payload: Buffer = JSON_OF_NOTHING,
): Promise<Delivery> {
  return transport(sink, env).deliver(payload, AbortSignal.timeout(10_000));
}

async function headersOf(sink: SinkName, env: Readonly<Record<string, string>>, payload?: Buffer) {
  expect(await deliver(sink, env, payload)).toMatchObject({ outcome: 'accepted' });
  return receiver.received[0]!.headers;
}

test('a request says who sends it, and goes as it is', async () => {
  const headers = await headersOf('logs', {});
  expect(headers).toMatchObject({ 'content-type': 'application/json', 'content-length': '2' });
  expect(headers['user-agent']).toMatch(/^ao-projector\/\d/);
  expect(headers['content-encoding']).toBeUndefined();
});

test('headers for all and for a signal are sent, those for the signal first, with what stands as %20', async () => {
  const env = {
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20general%2C, x-team = a',
    OTEL_EXPORTER_OTLP_LOGS_HEADERS: 'x-team=b',
  };
  expect(await headersOf('logs', env)).toMatchObject({ authorization: 'Bearer general,', 'x-team': 'b' });
  receiver.received.length = 0;
  expect(await headersOf('metrics', {})).toMatchObject({ authorization: 'Bearer general,', 'x-team': 'a' });
});

test.each(['gzip', 'Gzip'])('with OTEL_EXPORTER_OTLP_COMPRESSION=%s a request is compressed', async (word) => {
  const headers = await headersOf('metrics', { OTEL_EXPORTER_OTLP_COMPRESSION: word });
  expect(headers['content-encoding']).toBe('gzip');
  expect(receiver.received[0]!.text).toBe('{}');
});

test('a request keeps the type that it was written in, whatever is set by now', async () => {
  const env = { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' };
  expect((await headersOf('logs', env, PROTOBUF_OF_NOTHING))['content-type']).toBe('application/x-protobuf');
});

test.each([
  { OTEL_EXPORTER_OTLP_TIMEOUT: '50' },
  { OTEL_EXPORTER_OTLP_TIMEOUT: '600000', OTEL_EXPORTER_OTLP_LOGS_TIMEOUT: '50' },
])('%j ends a request that is not answered', async (env) => {
  receiver.answer = () => ({ hang: true });
  expect(await deliver('logs', env)).toEqual({ outcome: 'failed', result: 'not answered in time', afterMs: null });
});

test('what may be secret in an address is sent, and told nowhere', async () => {
  const address = new URL('/v1/logs?token=secret', receiver.url);
  [address.username, address.password] = ['user', 'secret'];
  const env = { AO_PROJECTOR_OTLP_ENDPOINT: '', OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: address.href };
  expect(transport('logs', env).destination).toBe(`${receiver.url}/v1/logs`);
  await deliver('logs', env);
  expect(receiver.received).toMatchObject([
    { path: '/v1/logs?token=secret', headers: { authorization: `Basic ${btoa('user:secret')}` } },
  ]);
});
