import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { withFolder } from '../support/temporary.ts';
import { ExportedInstall } from './exported-install.ts';
import { Receiver } from './receiver.ts';
import { counts, eventsOf } from './sums.ts';

let receiver: Receiver;
beforeEach(async () => {
  receiver = await Receiver.start();
});
afterEach(() => receiver.close());

test('everything that is derived after consent is received once', async () => {
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
    for (const sink of ['metrics', 'logs', 'posthog'] as const) await install.send(sink);
    const told: Record<string, number> = {};
    for (const { name } of install.derived(from)) told[name] = (told[name] ?? 0) + 1;
    for (const { name, count } of install.days(from.since)) told[name] = (told[name] ?? 0) + count;
    const of = (path: string) => receiver.accepted.filter((request) => request.path === path);
    expect(counts(eventsOf(of('/v1/logs')))).toEqual(told);
    expect(counts(eventsOf(of('/batch/')))).toEqual(told);
    install.close();
  });
});
