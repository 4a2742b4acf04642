import { expect, jest, test } from '@jest/globals';
import type { EventAnswer } from '../../projector/answers/events.ts';
import { Backend } from './backend.ts';
import { derivedSums } from './equal-sums.ts';
import { type ExportedInstall, MINUTE_MS } from './exported-install.ts';
import { receivedSums } from './received-sums.ts';
import { counts, eventsOf } from './sums.ts';
import { everythingTo, withInstall } from './with-install.ts';

jest.setTimeout(60_000);

const OFF = { AO_PROJECTOR_REMOTE: 'off' };

test('nothing from before consent is sent', async () => {
  await withInstall({ seed: 7, even: false, triggers: true, stepsBefore: 150 }, async (install, backend) => {
    const { since } = install.moment();
    const before = install.derived().map(({ id }) => id);
    install.write(80);
    await install.finish();
    const sent = eventsOf(backend.accepted('/v1/logs'));
    expect(before.length).toBeGreaterThan(50);
    expect(sent.length).toBeGreaterThan(20);
    expect(sent.filter(({ id, at }) => before.includes(id) || at < BigInt(since) * 1_000_000n)).toEqual([]);
    expect(counts(eventsOf(backend.accepted('/batch/')))).toEqual(counts(sent));
  });
});

test('what began before consent is told without how long it took', async () => {
  await withInstall({ env: OFF }, async (install, backend) => {
    const { daemon } = install;
    const session = begun(install);
    daemon.hook(session, 'waiting_input');
    const failing = daemon.spawns.seed('web');
    install.later(MINUTE_MS);
    install.restart({ env: everythingTo(backend.url) });
    const consent = install.moment();
    install.later(MINUTE_MS);
    daemon.spawns.rollBack(failing, { kind: 'internal' });
    daemon.hook(session, 'active');
    const pull = opened(install, session);
    install.later(MINUTE_MS);
    daemon.provider.become(pull, 'merged');
    daemon.pulls.poll();
    await install.finish();

    const derived = install.derived();
    expect(measuresOf(derived, 'ao.session.waiting_input_exited')).toEqual({ dwell_ms: expect.any(Number) });
    expect(measuresOf(derived, 'ao.spawn.failed')).toEqual({ duration_ms: expect.any(Number) });
    const sent = eventsOf(backend.accepted('/v1/logs'));
    for (const name of ['ao.session.waiting_input_exited', 'ao.spawn.failed', 'ao.pr.observed']) {
      const [{ attributes }] = sent.filter((event) => event.name === name) as [(typeof sent)[0]];
      expect(Object.keys(attributes).filter((key) => key.endsWith('_ms'))).toEqual([]);
    }
    const sums = receivedSums(backend.accepted('/v1/metrics'));
    expect(Object.keys(sums.durations).sort()).toEqual(['pr ao.pr.merged', 'session ao.pr.merged']);
    expect(sums).toEqual(derivedSums(install, consent));
  });
});

test('metrics tell how long something took that began after consent to them, whenever events were consented to', async () => {
  await withInstall({ events: false }, async (install, backend) => {
    const { daemon } = install;
    const session = begun(install);
    daemon.hook(session, 'waiting_input');
    install.later(MINUTE_MS);
    install.restart({ events: true });
    daemon.hook(session, 'active');
    opened(install, session);
    await install.finish();
    expect(Object.keys(receivedSums(backend.accepted('/v1/metrics')).durations)).toEqual(
      expect.arrayContaining(['wait', 'session ao.pr.observed']),
    );
    const sent = eventsOf(backend.accepted('/v1/logs'));
    const exit = sent.find(({ name }) => name === 'ao.session.waiting_input_exited')!;
    expect(exit.attributes).not.toHaveProperty(['ao.dwell_ms']);
  });
});

test.each([
  ['the sink', { AO_PROJECTOR_REMOTE: 'posthog' }],
  ['everything', OFF],
])('%s off and on again is a new consent, and what was written in between is never sent', async (_, off) => {
  await withInstall({ seed: 5, stepsBefore: 20 }, async (install, backend) => {
    const env = everythingTo(backend.url);
    install.write(60);
    await install.settle();
    await install.send('logs');
    await install.send('metrics');
    const first = eventsOf(backend.accepted('/v1/logs')).length;
    install.write(40);
    await install.settle();
    expect(install.waiting()).toBeGreaterThan(0);
    install.restart({ env: { ...env, ...off } });
    install.write(40);
    await install.settle();
    install.restart({ env });
    const again = install.moment();
    const metricsBefore = backend.accepted('/v1/metrics').length;
    install.write(60);
    await install.finish();

    const derived = derivedSums(install, again);
    const sent = eventsOf(backend.accepted('/v1/logs'));
    expect(first).toBeGreaterThan(10);
    expect(counts(sent.slice(first))).toEqual(derived.names);
    expect(receivedSums(backend.accepted('/v1/metrics').slice(metricsBefore))).toEqual(derived);
  });
});

test('another endpoint is another consent', async () => {
  const other = await Backend.start();
  try {
    await withInstall({ seed: 5, stepsBefore: 20 }, async (install, backend) => {
      install.write(60);
      await install.settle();
      expect(install.waiting()).toBeGreaterThan(0);
      install.restart({ env: everythingTo(other.url) });
      const consent = install.moment();
      install.write(60);
      await install.finish();
      const derived = derivedSums(install, consent);
      expect(receivedSums(other.accepted('/v1/metrics'))).toEqual(derived);
      expect(counts(eventsOf(other.accepted('/v1/logs')))).toEqual(derived.names);
      expect(counts(eventsOf(other.accepted('/batch/')))).toEqual(derived.names);
      expect(backend.receiver.received).toEqual([]);
    });
  } finally {
    await other.down();
  }
});

/** A daemon that is up, and a session in it. */
function begun({ daemon }: ExportedInstall): string {
  daemon.lifecycle.start();
  daemon.projects.add('web');
  const session = daemon.spawns.spawn('web');
  daemon.hook(session, 'active');
  return session;
}

function opened({ daemon }: ExportedInstall, session: string) {
  const pull = daemon.provider.open('web', daemon.sessions.get(session).branch);
  daemon.pulls.poll();
  return pull;
}

function measuresOf(events: readonly EventAnswer[], name: string): EventAnswer['measures'] | undefined {
  return events.find((event) => event.name === name)?.measures;
}
