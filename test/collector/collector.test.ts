import { afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { ledger } from '../../projector/exports/ledger.ts';
import { ExportedInstall } from '../exports/exported-install.ts';
import { pause } from '../support/processes.ts';
import { withFolder } from '../support/temporary.ts';
import { buildCollector, hasGo } from './build.ts';
import { type Collector, startPrinting } from './collector.ts';
import { derivedOf, toldOf } from './derived.ts';
import { readPrinted } from './printed.ts';
import { mustHaveSettled, RealRun } from './real-run.ts';
import { countsOf, toldBy } from './told.ts';

jest.setTimeout(600_000);

if (!hasGo) process.stderr.write('Skipped: there is no go on the PATH, which builds the collector.\n');

const ENCODINGS = [
  ['http/json', 'utf8'],
  ['http/protobuf', 'base64'],
] as const;

(hasGo ? describe : describe.skip)('a real collector', () => {
  let program: string;
  let collector: Collector;

  beforeAll(async () => {
    program = (await buildCollector())!;
  });

  beforeEach(async () => {
    collector = await startPrinting(program);
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await collector.stop();
  });

  describe.each(['cumulative', 'delta'])('with temporality %s', (temporality) => {
    test.each(ENCODINGS)('is told over %s what the tables hold', async (protocol, encoding) => {
      // OpenTelemetry reads its variables itself.
      const variable = 'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE';
      jest.replaceProperty(process, 'env', { ...process.env, [variable]: temporality });
      await withFolder(async (folder) => {
        const env = {
          AO_PROJECTOR_REMOTE: 'otlp',
          AO_PROJECTOR_OTLP_ENDPOINT: collector.url,
          OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
        };
        const install = new ExportedInstall(folder, { seed: 3, version: 82, env, stepsBefore: 100 });
        const consent = install.moment();
        for (let part = 0; part < 3; part++) {
          install.write(200);
          await install.settle();
          for (const sink of ['metrics', 'logs'] as const) await install.send(sink);
          install.restart();
        }
        await install.settleAll();
        for (const sink of ['metrics', 'logs'] as const) await install.send(sink);
        const { sent } = ledger(install.store.analytics, install.now(), 100);
        expect(new Set(sent.map(({ result, payload }) => `${result} ${payload.encoding}`))).toEqual(
          new Set([`answered 200 ${encoding}`]),
        );
        const { points, records } = readPrinted(await collector.stop());
        const expected = derivedOf(install, consent);
        expect(toldBy(points)).toEqual(expected);
        expect(countsOf(records)).toEqual(expected.events);
        const counters = points.filter(({ metric }) => metric === 'ao.events');
        expect(new Set(counters.map((point) => point.temporality?.toLowerCase()))).toEqual(new Set([temporality]));
        install.close();
      });
    });
  });

  test('is told by a real run what has settled, once', async () => {
    await withFolder(async (folder) => {
      const run = await RealRun.start(folder, {
        AO_PROJECTOR_REMOTE: 'otlp',
        AO_PROJECTOR_OTLP_ENDPOINT: collector.url,
        OTEL_METRIC_EXPORT_INTERVAL: '500',
      });
      try {
        await run.write(800);
        await eventually(async () => {
          const derived = await run.derived();
          const { points, records } = readPrinted(collector.printed());
          const ids = records.flatMap(({ attributes }) => ('ao.count' in attributes ? [] : [attributes['ao.id']]));
          expect(new Set(ids).size).toBe(ids.length);
          expect(mustHaveSettled(derived).filter(({ id }) => !ids.includes(id))).toEqual([]);
          const { ends, durations } = toldOf(
            derived.filter(({ id }) => ids.includes(id)),
            run.consent.since,
          );
          const told = toldBy(points);
          expect(told.events).toEqual(countsOf(records));
          expect(told.ends).toEqual(ends);
          expect(told.durations).toEqual({ ...told.durations, ...durations });
        });
      } finally {
        await run.stop();
      }
    });
  });
});

/** Resolves once a check passes; rejects with what it says where it still fails after some 30 seconds. */
async function eventually(check: () => Promise<void>): Promise<void> {
  for (let tries = 60; ; tries--) {
    try {
      return await check();
    } catch (error) {
      if (tries === 0) throw error;
      await pause(500);
    }
  }
}
