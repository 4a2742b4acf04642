import { expect, jest, test } from '@jest/globals';
import { Random } from '../../fixtures/random.ts';
import { daemonProcess, pause, until } from '../support/processes.ts';
import { withFolder } from '../support/temporary.ts';
import {
  counted,
  exportingRun,
  hasSettled,
  hostOfTomorrow,
  received,
  settled,
  sum,
  threeDaysLater,
  toBoth,
} from './live-export.ts';
import { Receiver } from './receiver.ts';
import { totals } from './sums.ts';

jest.setTimeout(120_000);

const PATHS = ['/v1/metrics', '/v1/logs', '/batch/'] as const;
const LONGEST_LIFE_MS = 600;

test.each([
  ['cumulative', {}],
  [
    'delta',
    {
      OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'delta',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
    },
  ],
])(
  'killed again and again, also between a receipt and its note, %s sums are exact and no event is lost or two',
  async (_, settings) => {
    await withFolder(async (folder) => {
      const receiver = await Receiver.start();
      const env = { ...toBoth(receiver.url), ...settings };
      const random = new Random(9);
      hostOfTomorrow(folder);
      const first = await exportingRun(folder, env);
      await receiver.until(({ received }) => received.length > 0);
      await first.stop('SIGKILL');

      const daemon = daemonProcess(folder, '--rate', '100', '--steps', '600', '--seed', '7');
      for (const path of PATHS) {
        const atReceipt = await exportingRun(folder, env);
        receiver.answer = (request) => {
          if (request.path === path) atReceipt.child.kill('SIGKILL');
          return {};
        };
        expect(await atReceipt.ended).toMatchObject({ signal: 'SIGKILL' });
        receiver.answer = () => ({});
        const atAnyTime = await exportingRun(folder, env);
        await pause(random.between(0, LONGEST_LIFE_MS));
        expect(await atAnyTime.stop('SIGKILL')).toMatchObject({ signal: 'SIGKILL' });
      }
      await daemon.stop();

      const last = await exportingRun(folder, env);
      const before = threeDaysLater(folder);
      await until(() => hasSettled(folder, before));
      const all = settled(folder);
      await receiver.until(({ accepted }) => {
        const found = [counted(accepted), received(accepted, '/v1/logs'), received(accepted, '/batch/')];
        return found.every((one) => sum(one) >= sum(all));
      });
      await last.stop();
      await receiver.close();

      const { accepted } = receiver;
      for (const path of PATHS) expect(sentAgain(accepted.filter((request) => request.path === path))).toBe(true);
      expect(sum(all)).toBeGreaterThan(100);
      expect(received(accepted, '/v1/logs')).toEqual(all);
      expect(received(accepted, '/batch/')).toEqual(all);
      expect(counted(accepted)).toEqual(all);
      expect(waits(accepted)).toBe(all['ao.session.waiting_input_exited']);
    });
  },
);

/** Whether something was received twice: then the process was killed before it noted the first time. */
function sentAgain(requests: readonly { readonly body: unknown }[]): boolean {
  const bodies = requests.map(({ body }) => JSON.stringify(body, withoutMomentOfSending));
  return new Set(bodies).size < bodies.length;
}

function withoutMomentOfSending(name: string, value: unknown): unknown {
  if (name === 'sent_at') return undefined;
  return typeof value === 'bigint' ? String(value) : value;
}

/** How many waits the histogram of their durations holds. */
function waits(requests: Parameters<typeof totals>[0]): number {
  return Object.entries(totals(requests))
    .filter(([key]) => key.startsWith('ao.session.wait.duration '))
    .reduce((count, [, value]) => count + (value as { count: number }).count, 0);
}
