import { expect, jest, test } from '@jest/globals';
import { daemonProcess, tiersOn, until } from '../support/processes.ts';
import { withFolder } from '../support/temporary.ts';
import { told } from './export-command.ts';
import { exportingRun, hasSettled, hostOfTomorrow, threeDaysLater, toBoth } from './live-export.ts';
import { type Answer, Receiver } from './receiver.ts';
import { eventsOf } from './sums.ts';

jest.setTimeout(60_000);

/** What each path answers at first; then it takes all. */
const AT_FIRST: Readonly<Record<string, readonly Answer[]>> = {
  '/v1/logs': [{ status: 503, headers: { 'Retry-After': '2' } }],
  '/batch/': [{ status: 400 }],
  '/v1/metrics': [{ status: 401 }, { status: 302, headers: { Location: '/v1/elsewhere' } }],
};

test('a run heeds what receivers answer: it waits, it tries again, it gives up what is refused', async () => {
  await withFolder(async (folder) => {
    const receiver = await Receiver.start();
    const at: Record<string, number[]> = { '/v1/logs': [], '/batch/': [], '/v1/metrics': [] };
    receiver.answer = ({ path }) => AT_FIRST[path]![at[path]!.push(performance.now()) - 1] ?? {};
    const of = (path: string) => receiver.received.filter((request) => request.path === path);
    const env = toBoth(receiver.url);
    hostOfTomorrow(folder);
    const run = await exportingRun(folder, env);
    await daemonProcess(folder, '--rate', '400', '--steps', '60', '--seed', '3').ended;
    await until(hasSettled.bind(null, folder, threeDaysLater(folder)));
    await receiver.until(() => of('/batch/').length > 0);
    await until(hasSettled.bind(null, folder, threeDaysLater(folder)));
    await receiver.until(() => of('/batch/').length > 1 && of('/v1/logs').length > 1 && of('/v1/metrics').length > 3);
    const { stderr } = await run.stop();
    await receiver.close();

    const [logs, logsAgain] = of('/v1/logs');
    expect(logsAgain!.bytes).toEqual(logs!.bytes);
    // Timers may be a little early.
    expect(at['/v1/logs']![1]! - at['/v1/logs']![0]!).toBeGreaterThan(1_990);

    const [metrics, ...metricsAgain] = of('/v1/metrics');
    expect(metricsAgain.slice(0, 2).map(({ bytes }) => bytes.equals(metrics!.bytes))).toEqual([true, true]);
    expect(metricsAgain[2]!.bytes.equals(metrics!.bytes)).toBe(false);

    const [refused, ...others] = of('/batch/').map((request) => eventsOf([request]).map(({ id }) => id));
    expect(others.flat().length).toBeGreaterThan(0);
    expect(others.flat().filter((id) => refused!.includes(id))).toEqual([]);

    const waits = (url: string, result: string) => `Nothing can be sent to ${receiver.url}${url}: ${result}. It waits.`;
    expect(stderr.split('\n')).toEqual(
      expect.arrayContaining([
        waits('/v1/logs', 'answered 503'),
        waits('/v1/metrics', 'answered 401'),
        waits('/v1/metrics', 'answered 302'),
        `${receiver.url} refused ${refused!.length} items: answered 400.`,
      ]),
    );
    const { out } = await told(
      folder,
      { ...tiersOn(folder), ...env },
      Date.now(),
      'ledger',
      '--json',
      '--limit',
      '1000',
    );
    const sent = JSON.parse(String(out)).sent.filter(({ sink }: { sink: string }) => sink === 'posthog');
    expect(sent.at(-1)).toMatchObject({ attempts: 1, items: refused!.length, result: 'answered 400', done: true });
  });
});
