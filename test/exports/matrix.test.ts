import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { EventAnswer } from '../../projector/answers/events.ts';
import { withFolder } from '../support/temporary.ts';
import { ExportedInstall } from './exported-install.ts';
import { Receiver } from './receiver.ts';
import { counts, eventsOf, totals } from './sums.ts';

let receiver: Receiver;
beforeEach(async () => {
  receiver = await Receiver.start();
});
afterEach(() => receiver.close());

test('smoke', async () => {
  await withFolder(async (folder) => {
    const env = {
      AO_PROJECTOR_REMOTE: 'otlp,posthog',
      AO_PROJECTOR_OTLP_ENDPOINT: receiver.url,
      AO_PROJECTOR_POSTHOG_KEY: 'phc_test',
      AO_PROJECTOR_POSTHOG_HOST: receiver.url,
    };
    const install = new ExportedInstall(folder, { seed: 3, version: 82, env }, 100);
    const from = install.position();
    install.write(400);
    await install.settleAll();
    console.log(await install.send('metrics'), await install.send('logs'), await install.send('posthog'));
    const logs = counts(eventsOf(receiver.accepted.filter(({ path }) => path === '/v1/logs')));
    const posthog = counts(eventsOf(receiver.accepted.filter(({ path }) => path === '/batch/')));
    console.log(logs, totals(receiver.accepted.filter(({ path }) => path === '/v1/metrics')));
    const want: Record<string, number> = {};
    for (const { name } of install.derived(from)) want[name] = (want[name] ?? 0) + 1;
    for (const { name, count } of install.days(from.since)) want[name] = (want[name] ?? 0) + count;
    expect(logs).toEqual(want);
    expect(posthog).toEqual(want);
    console.log(receiver.received.filter((r) => r.path === '/batch/')[0]!.text.slice(0, 1500));
    console.log(receiver.received.filter((r) => r.path === '/v1/logs')[0]!.text.slice(0, 1500));
    install.close();
  });
}, 60000);
