import { afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { ledger } from '../../projector/exports/ledger.ts';
import { derivedSums } from '../exports/equal-sums.ts';
import { ExportedInstall } from '../exports/exported-install.ts';
import { exportingRun, hasSettled, hostOfTomorrow, settled, sum, threeDaysLater } from '../exports/live-export.ts';
import { withTemporality } from '../exports/with-install.ts';
import { daemonProcess, until } from '../support/processes.ts';
import { withFolder } from '../support/temporary.ts';
import { buildCollector, hasGo } from './build.ts';
import { type Collector, startPrinting } from './collector.ts';
import { readPrinted } from './printed.ts';
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
    await collector.stop();
  });

  describe.each(['Cumulative', 'Delta'])('with temporality %s', (temporality) => {
    test.each(ENCODINGS)('is told over %s what the tables hold', async (protocol, encoding) => {
      const env = {
        AO_PROJECTOR_REMOTE: 'otlp',
        AO_PROJECTOR_OTLP_ENDPOINT: collector.url,
        OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      };
      await withTemporality(temporality.toLowerCase(), () =>
        withFolder(async (folder) => {
          const install = new ExportedInstall(folder, { seed: 3, version: 82, even: true, stepsBefore: 100, env });
          const consent = install.moment();
          for (let part = 0; part < 3; part++) {
            install.write(200);
            await install.settle();
            for (const sink of ['metrics', 'logs'] as const) await install.send(sink);
            install.restart();
          }
          await install.finish();
          const { points, records } = readPrinted(await collector.stop());
          const expected = derivedSums(install, consent);
          expect(toldBy(points)).toEqual(expected);
          expect(countsOf(records)).toEqual(expected.names);
          for (const { metric, temporality: told } of points)
            if (metric === 'ao.events') expect(told).toBe(temporality);
          for (const { result, payload } of ledger(install.store.analytics, install.now(), 100).sent)
            expect([result, payload.encoding]).toEqual(['answered 200', encoding]);
          install.close();
        }),
      );
    });
  });

  test('is told by a real run what has settled', async () => {
    await withFolder(async (folder) => {
      hostOfTomorrow(folder);
      const run = await exportingRun(folder, {
        AO_PROJECTOR_REMOTE: 'otlp',
        AO_PROJECTOR_OTLP_ENDPOINT: collector.url,
      });
      await daemonProcess(folder, '--rate', '400', '--steps', '400', '--seed', '3').ended;
      const before = threeDaysLater(folder);
      await until(() => hasSettled(folder, before));
      const all = settled(folder);
      const received = () => readPrinted(collector.printed());
      await until(
        () => sum(countsOf(received().records)) >= sum(all) && sum(toldBy(received().points).names) >= sum(all),
      );
      await run.stop();
      const { points, records } = received();
      expect(settled(folder)).toEqual(all);
      expect(countsOf(records)).toEqual(all);
      expect(toldBy(points).names).toEqual(all);
    });
  });
});
