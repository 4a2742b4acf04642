import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { daemonProcess, tiersOn, until } from '../support/processes.ts';
import { withFolder } from '../support/temporary.ts';
import { told } from './export-command.ts';
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

jest.setTimeout(60_000);

const EVENT_PATHS = ['/v1/logs', '/batch/'] as const;

let receiver: Receiver;
beforeEach(async () => {
  receiver = await Receiver.start();
});
afterEach(() => receiver.close());

/** Resolves once all that has settled was received by some paths, and counted in metrics. */
function untilReceived(count: number, paths: readonly string[]): Promise<void> {
  return receiver.until(({ accepted }) => {
    return [counted(accepted), ...paths.map((path) => received(accepted, path))].every((one) => sum(one) >= count);
  });
}

test('what settles beside a daemon is received once by each sink, and counted as often', async () => {
  await withFolder(async (folder) => {
    const env = toBoth(receiver.url);
    hostOfTomorrow(folder);
    const run = await exportingRun(folder, env);
    await daemonProcess(folder, '--rate', '400', '--steps', '400', '--seed', '3').ended;
    const before = threeDaysLater(folder);
    await until(() => hasSettled(folder, before));
    await untilReceived(sum(settled(folder)), EVENT_PATHS);

    const { err } = await told(folder, { ...tiersOn(folder), ...env }, Date.now(), 'ledger', '--erase');
    expect(err).toMatch(/^Erased [1-9]\d* entries\.\n$/);
    const sent = receiver.accepted.length;
    await receiver.until(({ accepted }) => accepted.length > sent);

    const { code, stderr } = await run.stop();
    expect([code, stderr.trim().split('\n').at(-1)]).toEqual([0, 'Stopped; everything is committed.']);
    const all = settled(folder);
    expect(sum(all)).toBeGreaterThan(200);
    expect(Object.keys(all).length).toBeGreaterThan(15);
    for (const path of EVENT_PATHS) expect(received(receiver.accepted, path)).toEqual(all);
    expect(counted(receiver.accepted)).toEqual(all);
  });
});

test('a receiver that never answers holds neither the other sinks, nor the projection, nor the end of the run', async () => {
  await withFolder(async (folder) => {
    receiver.answer = ({ path }) => (path === '/v1/logs' ? { hang: true } : {});
    hostOfTomorrow(folder);
    const env = { ...toBoth(receiver.url), OTEL_EXPORTER_OTLP_TIMEOUT: '600000' };
    const run = await exportingRun(folder, env);
    await receiver.until(({ received }) => received.length > 0);
    await daemonProcess(folder, '--rate', '400', '--steps', '100', '--seed', '5').ended;
    const first = threeDaysLater(folder);
    await until(() => hasSettled(folder, first));
    await receiver.until(({ received }) => received.some(({ path }) => path === '/v1/logs'));
    const second = threeDaysLater(folder);
    await until(() => hasSettled(folder, second));
    const all = settled(folder);
    await untilReceived(sum(all), ['/batch/']);
    expect((await run.stop()).code).toBe(0);
    const logs = () => receiver.received.filter(({ path }) => path === '/v1/logs');
    expect(logs()).toHaveLength(1);

    receiver.answer = () => ({});
    const next = await exportingRun(folder, env);
    await untilReceived(sum(all), EVENT_PATHS);
    expect((await next.stop()).code).toBe(0);
    expect(logs()[1]!.bytes.equals(logs()[0]!.bytes)).toBe(true);
    for (const path of EVENT_PATHS) expect(received(receiver.accepted, path)).toEqual(all);
  });
});
