import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { told } from './export-command.ts';
import { ExportedInstall } from './exported-install.ts';
import { Receiver } from './receiver.ts';
import { type MetricsRequest, readMetrics } from './requests.ts';

const SINKS = ['metrics', 'logs', 'posthog'] as const;

describe.each([
  ['http/json', 'json'],
  ['http/protobuf', 'protobuf'],
] as const)('an install that exports by %s', (protocol, encoding) => {
  let receiver: Receiver;
  let install: ExportedInstall;
  let env: Record<string, string>;
  /** What each sink would have sent first. */
  const first: Record<string, Buffer> = {};

  const ask = async (...words: string[]) => (await told(install.folder, env, install.now(), ...words)).out;
  const json = async (...words: string[]) => JSON.parse(String(await ask(...words, '--json')));
  const got = (path: string) => receiver.received.filter((request) => request.path === path);

  beforeAll(async () => {
    receiver = await Receiver.start();
    env = {
      ...{ AO_TELEMETRY_EVENTS: 'on', AO_PROJECTOR_REMOTE: 'otlp,posthog', OTEL_EXPORTER_OTLP_PROTOCOL: protocol },
      ...{ AO_PROJECTOR_OTLP_ENDPOINT: receiver.url, AO_PROJECTOR_POSTHOG_HOST: receiver.url },
      AO_PROJECTOR_POSTHOG_KEY: 'phc_key',
    };
    const folder = mkdtempSync(join(tmpdir(), 'ao-projector-test-'));
    install = new ExportedInstall(folder, { seed: 5, version: 82, env, stepsBefore: 30 });
    install.write(60);
    await install.settleAll();
    for (const sink of SINKS) first[sink] = await ask('preview', '--sink', sink);
    receiver.answer = ({ path }) => (path === '/v1/logs' ? { status: 503 } : {});
    for (const sink of SINKS) await install.send(sink);
    install.later(60_000);
  });
  afterAll(async () => {
    install.close();
    rmSync(install.folder, { recursive: true });
    await receiver.close();
  });

  test('previews events, and then the pending request, as the receiver gets them', async () => {
    expect(hex(await ask('preview', '--sink', 'logs'))).toBe(hex(first.logs!));
    expect(got('/v1/logs').map(({ bytes }) => hex(bytes))).toEqual([hex(first.logs!)]);
  });

  test('previews metrics as they would leave at that moment, but for the lag, which only a run can measure', () => {
    const [request] = got('/v1/metrics');
    expect(metricsOf(readMetrics(encoding, request!.bytes))).toEqual([
      ...metricsOf(readMetrics(encoding, first.metrics!)),
      expect.objectContaining({ name: 'ao.projector.lag' }),
    ]);
  });

  test('previews what PostHog gets, but for the moment of sending', () => {
    const withoutMoment = (text: string) => ({ ...JSON.parse(text), sent_at: null });
    expect(got('/batch/').map(({ text }) => withoutMoment(text))).toEqual([withoutMoment(String(first.posthog))]);
  });

  test('previews of all sinks what they would send, and nothing of one that has nothing', async () => {
    const { now, as_of, sinks } = await json('preview');
    expect([now, as_of]).toEqual([install.now(), expect.objectContaining({ change_log: expect.any(Number) })]);
    expect(sinks).toEqual([
      expect.objectContaining({ sink: 'metrics', destination: `${receiver.url}/v1/metrics` }),
      { ...sinks[1], sink: 'logs', destination: `${receiver.url}/v1/logs`, payload: payload(first.logs!) },
    ]);
    const text = String(await ask('preview'));
    const note = protocol === 'http/json' ? '' : ', here in base64';
    const { items, payload: found } = sinks[1];
    expect(text).toContain(
      `logs to ${receiver.url}/v1/logs: ${items} items in ${found.bytes} bytes${note}\n${found.body}\n`,
    );
    expect(await json('preview', '--sink', 'logs')).toMatchObject({ sinks: [{ sink: 'logs' }] });
    expect(String(await ask('preview', '--sink', 'posthog'))).toBe('none\n');
  });

  test('says how each sink stands', async () => {
    const { now, as_of, sinks } = await json('status');
    expect([now, as_of]).toEqual([install.now(), null]);
    const received = { result: 'answered 200', attempts: 1, done: true };
    const since = expect.any(Number);
    expect(sinks).toMatchObject([
      { sink: 'metrics', off: null, since, waiting: null, last: received },
      { sink: 'logs', off: null, since, last: { result: 'answered 503', attempts: 1, done: false } },
      { sink: 'posthog', off: null, since, waiting: 0, last: received },
    ]);
    expect(sinks[1].waiting).toBe(sinks[1].last.items);
    const text = String(await ask('status'));
    expect(text).toContain(`${sinks[1].last.items} items, answered 503; it is sent again`);
    expect(text).toContain(`${sinks[0].last.items} items, answered 200\n`);
  });

  test('lists what was sent, with the bytes that the receiver got, and how often', async () => {
    receiver.answer = () => ({});
    await install.send('logs');
    const { now, as_of, sent } = await json('ledger');
    expect([now, as_of]).toEqual([install.now(), null]);
    expect(sent).toMatchObject([
      { sink: 'posthog', attempts: 1, done: true, result: 'answered 200' },
      { sink: 'logs', attempts: 2, done: true, result: 'answered 200', payload: payload(first.logs!) },
      { sink: 'metrics', attempts: 1, done: true, result: 'answered 200' },
    ]);
    for (const { id, sink } of sent.slice(1)) {
      const [request] = got(`/v1/${sink}`);
      expect(hex(await ask('ledger', String(id)))).toBe(hex(request!.bytes));
    }
    const lines = String(await ask('ledger', '--limit', '2'))
      .trim()
      .split('\n');
    expect(lines).toEqual([
      expect.stringMatching(/^number +sent +sink +to +items +bytes +attempts +result$/),
      expect.stringMatching(new RegExp(`^ *${sent[0].id} .* posthog .* 1 +answered 200$`)),
      expect.stringMatching(new RegExp(`^ *${sent[1].id} .* logs .* ${first.logs!.length} +2 +answered 200$`)),
    ]);
    await expect(ask('ledger', '99')).rejects.toMatchObject({ code: 'not_in_ledger', found: '99' });
  });

  test('erases what was sent, and no byte of it is left in the files, but keeps what is being sent', async () => {
    receiver.answer = ({ path }) => (path === '/v1/metrics' ? { status: 503 } : {});
    await install.send('logs');
    await install.send('metrics');
    const { batch } = JSON.parse(got('/batch/')[0]!.text);
    const inFiles = () => batch.filter(({ uuid }: { uuid: string }) => filesHold(install.folder, uuid)).length;
    expect(inFiles()).toBe(batch.length);
    const entries = (await json('ledger')).sent.length;
    const { err } = await told(install.folder, env, install.now(), 'ledger', '--erase');
    expect(err).toBe(`Erased ${entries - 1} entries.\n`);
    expect(inFiles()).toBe(0);
    expect((await json('ledger')).sent).toMatchObject([{ sink: 'metrics', done: false, result: 'answered 503' }]);
  });
});

function filesHold(folder: string, text: string): boolean {
  return readdirSync(folder)
    .filter((name) => name.startsWith('analytics.db'))
    .some((name) => readFileSync(join(folder, name)).includes(text));
}

/** Bytes as `--json` has them. */
function payload(bytes: Buffer): unknown {
  const isText = bytes[0] === '{'.charCodeAt(0);
  return {
    ...{ encoding: isText ? 'utf8' : 'base64', bytes: bytes.length },
    body: bytes.toString(isText ? 'utf8' : 'base64'),
  };
}

const hex = (bytes: Buffer) => bytes.toString('hex');

function metricsOf({ resources }: MetricsRequest) {
  return resources.flatMap(({ scopes }) => scopes.flatMap(({ metrics }) => metrics));
}
