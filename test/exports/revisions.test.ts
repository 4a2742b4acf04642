import { expect, jest, test } from '@jest/globals';
import type { Backend } from './backend.ts';
import { derivedSums } from './equal-sums.ts';
import { tally } from './expected-sums.ts';
import { type ExportedInstall, HOUR_MS, MINUTE_MS } from './exported-install.ts';
import { receivedSums } from './received-sums.ts';
import { counts, eventsOf, type SentEvent } from './sums.ts';
import { withInstall } from './with-install.ts';

jest.setTimeout(60_000);

const KILLED = 'ao.session.killed';
const SPAWNED = 'ao.session.spawned';
const FIRST_SPAWNED = 'ao.onboarding.first_session_spawned';

test('why a session ended may become known after its end was sent: events stay, and metrics follow', async () => {
  await withInstall({ version: 19 }, async (install, backend) => {
    const { daemon } = install;
    const session = begun(install);
    daemon.lifecycle.stop();
    install.later(25 * HOUR_MS);
    // A day of its stream has passed, and no start has told what the end was.
    daemon.pulls.claim(daemon.provider.open('web', 'elsewhere').url, session);
    await goOn(install);
    expect(sent(backend, KILLED)).toMatchObject([{ attributes: { 'ao.end_cause': 'unknown' } }]);
    expect(ends(backend)).toEqual({ unknown: 1 });
    expect(install.revisions()).toBe(0);

    daemon.lifecycle.start();
    install.later(HOUR_MS);
    await goOn(install);
    expect(ofName(install, KILLED)).toMatchObject([{ dimensions: { end_cause: 'daemon_stop' } }]);
    expect(sent(backend, KILLED)).toHaveLength(1);
    expect(ends(backend)).toEqual({ daemon_stop: 1 });
    expect(install.revisions()).toBe(1);
  });
});

test('a session that turns out not to have been spawned after that was sent is counted as told, and as revised', async () => {
  await withInstall({}, async (install, backend) => {
    const { daemon } = install;
    const session = begun(install);
    const seed = daemon.spawns.seed('web');
    install.later(15 * MINUTE_MS);
    daemon.hook(session, 'active');
    await goOn(install);
    expect(sent(backend, SPAWNED)).toHaveLength(2);

    daemon.spawns.rollBack(seed, { kind: 'internal' });
    install.later(15 * MINUTE_MS);
    daemon.hook(session, 'idle');
    await goOn(install);
    expect(ofName(install, SPAWNED)).toHaveLength(1);
    expect(sent(backend, SPAWNED)).toHaveLength(2);
    expect(receivedSums(backend.accepted('/v1/metrics')).names).toMatchObject({ [SPAWNED]: 2 });
    // The spawn, and that it gave no signal.
    expect(install.revisions()).toBe(2);
  });
});

test('a milestone is sent once, though its row vanishes and another one is the first', async () => {
  await withInstall({}, async (install, backend) => {
    const { daemon } = install;
    daemon.lifecycle.start();
    daemon.projects.add('web');
    const seed = daemon.spawns.seed('web');
    install.later(HOUR_MS);
    await goOn(install);
    const [first] = ofName(install, FIRST_SPAWNED);
    expect(sent(backend, FIRST_SPAWNED)).toHaveLength(1);

    daemon.spawns.rollBack(seed, { kind: 'internal' });
    install.later(HOUR_MS);
    await goOn(install);
    expect(ofName(install, FIRST_SPAWNED)).toEqual([]);

    daemon.spawns.spawn('web');
    install.later(HOUR_MS);
    await goOn(install);
    const [moved] = ofName(install, FIRST_SPAWNED);
    expect(moved!.id).not.toBe(first!.id);
    expect(sent(backend, FIRST_SPAWNED)).toHaveLength(1);
  });
});

test('tables that are made anew send nothing again', async () => {
  await withInstall({ seed: 9, stepsBefore: 20 }, async (install, backend) => {
    install.write(80);
    await install.finish();
    const events = eventsOf(backend.accepted('/v1/logs')).length;
    const requests = backend.accepted('/v1/logs').length;
    install.rebuild();
    await install.finish();
    install.restart();
    await install.finish();
    expect(events).toBeGreaterThan(20);
    expect(backend.accepted('/v1/logs')).toHaveLength(requests);
    expect(install.revisions()).toBe(0);
  });
});

test('a copy of the database that is put back is another history, and is sent as one', async () => {
  await withInstall({ seed: 9 }, async (install, backend) => {
    const { since } = install.moment();
    install.write(80);
    await install.finish();
    const copy = install.copy();
    install.write(40);
    await install.finish();
    const once = counts(eventsOf(backend.accepted('/v1/logs')));

    install.putBack(copy);
    await install.finish();
    const again = derivedSums(install, { change_log: 0, telemetry: 0, since }).names;
    const twice = counts(eventsOf(backend.accepted('/v1/logs')));
    expect(again).toMatchObject({ 'ao.session.spawned': expect.any(Number), 'ao.daemon.started': 1 });
    expect(twice).toEqual(tally([...Object.entries(once), ...Object.entries(again)]));
    expect(counts(eventsOf(backend.accepted('/batch/')))).toEqual(twice);
    expect(receivedSums(backend.accepted('/v1/metrics')).names).toEqual(twice);
  });
});

function begun({ daemon }: ExportedInstall): string {
  daemon.lifecycle.start();
  daemon.projects.add('web');
  return daemon.spawns.spawn('web');
}

async function goOn(install: ExportedInstall): Promise<void> {
  install.follow();
  install.later(10 * MINUTE_MS);
  await install.settle();
  for (const sink of ['logs', 'metrics'] as const) await install.send(sink);
}

function sent(backend: Backend, name: string): SentEvent[] {
  return eventsOf(backend.accepted('/v1/logs')).filter((event) => event.name === name);
}

function ends(backend: Backend): Readonly<Record<string, number>> {
  return receivedSums(backend.accepted('/v1/metrics')).ends;
}

function ofName(install: ExportedInstall, name: string) {
  return install.derived().filter((event) => event.name === name);
}
