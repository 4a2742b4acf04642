import { afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import {
  JsonLogsSerializer,
  JsonMetricsSerializer,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
} from '@opentelemetry/otlp-transformer';
import { AggregationTemporality } from '@opentelemetry/sdk-metrics';
import { packagePath } from '../../projector/store/paths.ts';
import { freePort } from '../support/free-port.ts';
import { buildCollector, hasGo } from './build.ts';
import { type Collector, startCollector } from './collector.ts';
import { logRecords, resourceMetrics } from './made.ts';
import { countsOf, readPrinted, sumsOf } from './printed.ts';

jest.setTimeout(600_000);

if (!hasGo) process.stderr.write('Skipped: there is no go on the PATH, which builds the collector.\n');

const ENCODINGS = {
  json: { type: 'application/json', metrics: JsonMetricsSerializer, logs: JsonLogsSerializer },
  protobuf: { type: 'application/x-protobuf', metrics: ProtobufMetricsSerializer, logs: ProtobufLogsSerializer },
};

const CONSENT = Date.UTC(2026, 5, 1, 9);
const MINUTE = 60_000;
const { CUMULATIVE, DELTA } = AggregationTemporality;
const SPAWNED = { 'ao.event': 'ao.session.spawned', 'ao.harness': 'codex' };
const MERGED = { 'ao.event': 'ao.pr.merged', 'ao.harness': 'codex' };

(hasGo ? describe : describe.skip).each(Object.entries(ENCODINGS))('a real collector takes %s', (_, encoding) => {
  let program: string;
  let url: string;
  let collector: Collector | null = null;

  beforeAll(async () => {
    program = (await buildCollector())!;
  });

  beforeEach(async () => {
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const config = packagePath('test', 'collector', 'config.yaml');
    collector = await startCollector(program, url, config, { PORT: String(port) });
  });

  afterEach(async () => {
    await collector?.stop();
    collector = null;
  });

  async function post(path: string, body: Uint8Array | undefined): Promise<void> {
    const response = await fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': encoding.type },
      body: body!,
    });
    expect([response.status, await response.text()]).toEqual([200, expect.not.stringContaining('rejected')]);
  }

  async function printed() {
    const text = await collector!.stop();
    collector = null;
    return readPrinted(text);
  }

  const sends = (...all: Parameters<typeof resourceMetrics>) =>
    post('/v1/metrics', encoding.metrics.serializeRequest(resourceMetrics(...all)));

  test('cumulative metrics, of which the last ones count', async () => {
    await sends('one', CONSENT, CONSENT + MINUTE, CUMULATIVE, [[SPAWNED, 3]], [0.75]);
    await sends(
      'one',
      CONSENT,
      CONSENT + 2 * MINUTE,
      CUMULATIVE,
      [
        [SPAWNED, 5],
        [MERGED, 2],
      ],
      [0.75, 100, 3],
    );
    await sends('two', CONSENT, CONSENT + 2 * MINUTE, CUMULATIVE, [[SPAWNED, 10]], [7]);
    const { points } = await printed();
    expect(Object.fromEntries(sumsOf(points))).toEqual({
      'ao.events{ao.event="ao.session.spawned",ao.harness="codex"}': 15,
      'ao.events{ao.event="ao.pr.merged",ao.harness="codex"}': 2,
      'ao.session.wait.duration{ao.harness="codex"}': 4,
    });
    expect(points).toContainEqual({
      resource: { 'service.name': 'ao-projector', 'service.version': '0.1.0', 'service.instance.id': 'one' },
      ...{ metric: 'ao.session.wait.duration', unit: 's', type: 'ExponentialHistogram' },
      ...{ temporality: 'Cumulative', monotonic: false, attributes: { 'ao.harness': 'codex' } },
      ...{ start: '2026-06-01 09:00:00 +0000 UTC', at: '2026-06-01 09:02:00 +0000 UTC', value: 3, sum: 103.75 },
    });
  });

  test('deltas, which add up', async () => {
    await sends('one', CONSENT, CONSENT + MINUTE, DELTA, [[SPAWNED, 3]], [0.75]);
    await sends('one', CONSENT + MINUTE, CONSENT + 2 * MINUTE, DELTA, [[SPAWNED, 5]], [0.75, 100, 3]);
    const { points } = await printed();
    expect(Object.fromEntries(sumsOf(points))).toEqual({
      'ao.events{ao.event="ao.session.spawned",ao.harness="codex"}': 8,
      'ao.session.wait.duration{ao.harness="codex"}': 4,
    });
    expect(points.every(({ temporality }) => temporality === 'Delta')).toBe(true);
    expect(points.filter(({ type }) => type === 'Sum').every(({ monotonic }) => monotonic)).toBe(true);
  });

  test('log records, with their own times and attributes', async () => {
    const merged = { id: 'c0ffee', order: 219, category: 'funnel', subject: 'a1', duration_ms: 1_250 };
    const all = logRecords('one', [
      { name: 'ao.session.spawned', at: CONSENT + 5, attributes: { order: 138, subject: 'b2' } },
      { name: 'ao.session.spawned', at: CONSENT + 7, attributes: { order: 266, subject: 'b3' } },
      { name: 'ao.pr.merged', at: CONSENT + 250, attributes: merged },
    ]);
    await post('/v1/logs', encoding.logs.serializeRequest(all));
    const { records } = await printed();
    expect(Object.fromEntries(countsOf(records))).toEqual({ 'ao.session.spawned': 2, 'ao.pr.merged': 1 });
    expect(records.at(-1)).toEqual({
      resource: { 'service.name': 'ao-projector', 'service.version': '0.1.0', 'service.instance.id': 'one' },
      ...{ eventName: 'ao.pr.merged', at: '2026-06-01 09:00:00.25 +0000 UTC' },
      attributes: Object.fromEntries(Object.entries(merged).map(([key, value]) => [`ao.${key}`, value])),
    });
  });
});
