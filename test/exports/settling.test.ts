import { describe, expect, jest, test } from '@jest/globals';
import { type Clocks, isDaySettled, isSettled, minuteOf } from '../../projector/exports/settling.ts';
import type { Backend } from './backend.ts';
import { DAY_MS, type ExportedInstall, HOUR_MS, MINUTE_MS } from './exported-install.ts';
import { receivedSums } from './received-sums.ts';
import { counts, eventsOf } from './sums.ts';
import { withInstall } from './with-install.ts';

jest.setTimeout(60_000);

/** A whole minute. */
const AT = 30_000_000 * MINUTE_MS;
const STILL: Clocks = { change_log: null, telemetry: null, quietMs: 0, lastStartAt: null };

describe('an event has settled', () => {
  const event = { stream: 'change_log', at: AT + 20_000, isEnd: false } as const;
  const by = (clocks: Partial<Clocks>) => isSettled(event, { ...STILL, ...clocks });

  test('ten minutes of its own stream after its minute', () => {
    expect(by({ change_log: AT + 11 * MINUTE_MS - 1 })).toBe(false);
    expect(by({ change_log: AT + 11 * MINUTE_MS })).toBe(true);
    expect(by({ telemetry: AT + DAY_MS })).toBe(false);
  });

  test('after ten quiet minutes', () => {
    expect(by({ quietMs: 10 * MINUTE_MS - 1 })).toBe(false);
    expect(by({ quietMs: 10 * MINUTE_MS })).toBe(true);
  });

  test('together with the others of its minute', () => {
    const clocks = { ...STILL, change_log: AT + 11 * MINUTE_MS };
    const settled = [-1, 0, MINUTE_MS - 1, MINUTE_MS].map((ms) => isSettled({ ...event, at: AT + ms }, clocks));
    expect(settled).toEqual([true, true, true, false]);
    expect([AT, AT + MINUTE_MS - 1].map(minuteOf)).toEqual([30_000_000, 30_000_000]);
  });
});

describe('an end has settled', () => {
  const by = (clocks: Partial<Clocks>) =>
    isSettled({ stream: 'change_log', at: AT, isEnd: true }, { ...STILL, ...clocks });

  test('once a start of the daemon came after it', () => {
    const change_log = AT + 11 * MINUTE_MS;
    expect(by({ change_log })).toBe(false);
    expect(by({ change_log, lastStartAt: AT })).toBe(false);
    expect(by({ change_log, lastStartAt: AT + 1 })).toBe(true);
    expect(by({ change_log: change_log - 1, lastStartAt: AT + 1 })).toBe(false);
  });

  test('a day of its stream after its minute, or a quiet day, whatever is known by then', () => {
    expect(by({ change_log: AT + MINUTE_MS + DAY_MS - 1 })).toBe(false);
    expect(by({ change_log: AT + MINUTE_MS + DAY_MS })).toBe(true);
    expect(by({ quietMs: DAY_MS - 1 })).toBe(false);
    expect(by({ quietMs: DAY_MS })).toBe(true);
  });
});

describe('the count of a day has settled', () => {
  test('when telemetry has come ten minutes beyond the day', () => {
    expect(isDaySettled(AT, { ...STILL, telemetry: AT + 10 * MINUTE_MS - 1 }, AT + DAY_MS)).toBe(false);
    expect(isDaySettled(AT, { ...STILL, telemetry: AT + 10 * MINUTE_MS }, AT + DAY_MS)).toBe(true);
    expect(isDaySettled(AT, { ...STILL, change_log: AT + DAY_MS }, AT + DAY_MS)).toBe(false);
  });

  test('when the day is over for ten minutes, and it was quiet as long', () => {
    const quiet = { ...STILL, quietMs: 10 * MINUTE_MS };
    expect(isDaySettled(AT, quiet, AT + 10 * MINUTE_MS - 1)).toBe(false);
    expect(isDaySettled(AT, quiet, AT + 10 * MINUTE_MS)).toBe(true);
    expect(isDaySettled(AT, { ...quiet, quietMs: quiet.quietMs - 1 }, AT + 10 * MINUTE_MS)).toBe(false);
  });
});

describe('what is sent', () => {
  test('has settled by its own stream, not by the other one', async () => {
    await withInstall({}, async (install, backend) => {
      const session = begun(install);
      expect(await sentNow(install, backend)).toEqual({});
      install.later(15 * MINUTE_MS);
      install.daemon.cli.usageError('ao spawn');
      const early = await sentNow(install, backend);
      expect(early).toMatchObject({ 'ao.project.added': 1 });
      expect(early).not.toHaveProperty(['ao.session.spawned']);
      install.daemon.hook(session, 'active');
      const later = await sentNow(install, backend);
      expect(later).toMatchObject({ 'ao.session.spawned': 1 });
      expect(later).not.toHaveProperty(['ao.session.first_signal']);
    });
  });

  test('has settled in quiet', async () => {
    await withInstall({}, async (install, backend) => {
      begun(install);
      install.follow();
      install.later(10 * MINUTE_MS - 1);
      expect(await settledAndSent(install, backend)).toEqual({});
      install.later(1);
      expect(await settledAndSent(install, backend)).toMatchObject({ 'ao.session.spawned': 1, 'ao.project.added': 1 });
    });
  });

  test('tells of an end after the next start of the daemon, once that has settled itself', async () => {
    await withInstall({}, async (install, backend) => {
      const { daemon } = install;
      const [killed, other] = [begun(install), daemon.spawns.spawn('web')];
      const goOn = async (state: 'active' | 'idle') => {
        install.later(15 * MINUTE_MS);
        daemon.hook(other, state);
        return sentNow(install, backend);
      };
      const causes = async () => {
        await install.send('metrics');
        return receivedSums(backend.accepted('/v1/metrics')).ends;
      };
      daemon.endings.kill(killed, { reaperFirst: false });
      expect(await goOn('active')).not.toHaveProperty(['ao.session.killed']);
      daemon.restart();
      expect(await sentNow(install, backend)).not.toHaveProperty(['ao.session.killed']);
      expect(await causes()).toEqual({});
      expect(await goOn('idle')).toMatchObject({ 'ao.session.killed': 1 });
      expect(await causes()).toEqual({ unknown: 1 });
    });
  });

  test('tells of an end after a day without a start', async () => {
    await withInstall({}, async (install, backend) => {
      const { daemon } = install;
      const [killed, other] = [begun(install), daemon.spawns.spawn('web')];
      daemon.endings.kill(killed, { reaperFirst: false });
      for (let hour = 1; hour <= 23; hour++) {
        install.later(HOUR_MS);
        daemon.hook(other, hour % 2 === 0 ? 'idle' : 'active');
        expect(await sentNow(install, backend)).not.toHaveProperty(['ao.session.killed']);
      }
      install.later(2 * HOUR_MS);
      daemon.hook(other, 'idle');
      expect(await sentNow(install, backend)).toMatchObject({ 'ao.session.killed': 1 });
    });
  });

  test('counts a day that began after consent, once it is over', async () => {
    await withInstall({ version: 19 }, async (install, backend) => {
      const use = (times: number) => {
        for (let time = 0; time < times; time++) install.daemon.cli.invoked('ao spawn');
      };
      const nextDay = () => install.later(DAY_MS - (install.now() % DAY_MS));
      use(3);
      nextDay();
      use(5);
      install.later(12 * HOUR_MS);
      use(2);
      expect(await sentNow(install, backend)).not.toHaveProperty(['ao.cli.invoked']);
      nextDay();
      install.later(10 * MINUTE_MS - 1);
      use(1);
      expect(await sentNow(install, backend)).not.toHaveProperty(['ao.cli.invoked']);
      install.later(1);
      use(1);
      expect(await sentNow(install, backend)).toMatchObject({ 'ao.cli.invoked': 7, 'ao.app.active': 7 });
    });
  });
});

/** A daemon that is up, and a session in it. */
function begun({ daemon }: ExportedInstall): string {
  daemon.lifecycle.start();
  daemon.projects.add('web');
  return daemon.spawns.spawn('web');
}

/** How often each event was sent by now, after the tables have followed the daemon. */
function sentNow(install: ExportedInstall, backend: Backend): Promise<Record<string, number>> {
  install.follow();
  return settledAndSent(install, backend);
}

async function settledAndSent(install: ExportedInstall, backend: Backend): Promise<Record<string, number>> {
  await install.settle();
  await install.send('logs');
  return counts(eventsOf(backend.accepted('/v1/logs')));
}
