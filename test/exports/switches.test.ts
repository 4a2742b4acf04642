import { expect, jest, test } from '@jest/globals';
import { derivedSums } from './equal-sums.ts';
import { receivedSums } from './received-sums.ts';
import { counts, eventsOf } from './sums.ts';
import { withInstall } from './with-install.ts';

jest.setTimeout(60_000);

const STORY = { seed: 11, triggers: true, stepsBefore: 40 };

test('events that are switched off by name are in no sink, and are not counted either', async () => {
  const env = { AO_PROJECTOR_DISABLED_EVENTS: 'ao.session.spawned, ao.pr.*, ao.cli.invoked' };
  await withInstall({ ...STORY, env }, async (install, backend) => {
    const consent = install.moment();
    install.write(120);
    await install.finish();
    const { names, durations, ends } = derivedSums(install, consent);
    const isOff = (text: string) => /\bao\.(session\.spawned|pr\.\w+|cli\.invoked)$/.test(text);
    const left = <Value>(record: Readonly<Record<string, Value>>) =>
      Object.fromEntries(Object.entries(record).filter(([name]) => !isOff(name)));
    expect(Object.keys(names).filter(isOff).length).toBeGreaterThan(4);
    const sums = receivedSums(backend.accepted('/v1/metrics'));
    expect(sums.names).toEqual(left(names));
    expect(sums.ends).toEqual(ends);
    const { 'spawn launched': launched, ...others } = left(durations);
    expect(launched!.count).toBeGreaterThan(0);
    expect(sums.durations).toEqual(others);
    for (const path of ['/v1/logs', '/batch/'] as const) {
      expect(counts(eventsOf(backend.accepted(path)))).toEqual(left(names));
    }
  });
});

test('ends that are switched off are not counted by their causes', async () => {
  await withInstall(
    { ...STORY, env: { AO_PROJECTOR_DISABLED_EVENTS: 'ao.session.killed' } },
    async (install, backend) => {
      const consent = install.moment();
      install.write(80);
      await install.finish();
      expect(derivedSums(install, consent).ends).not.toEqual({});
      expect(receivedSums(backend.accepted('/v1/metrics')).ends).toEqual({});
    },
  );
});

test('in the tier of metrics alone metrics are sent and no events, which do not wait either', async () => {
  await withInstall({ ...STORY, events: false }, async (install, backend) => {
    const consent = install.moment();
    install.write(80);
    await install.finish();
    expect(receivedSums(backend.accepted('/v1/metrics'))).toEqual(derivedSums(install, consent));
    expect(new Set(backend.receiver.received.map(({ path }) => path))).toEqual(new Set(['/v1/metrics']));
    expect(install.waiting()).toBe(0);
  });
});
