import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import SQLite from 'better-sqlite3';
import { Daemon } from '../../../fixtures/daemon/daemon.ts';
import { createHost, openHost, upgradeHost } from '../../../fixtures/daemon/schema.ts';
import { verify } from '../../../triggers/verify.ts';
import { type Ended, hostPath, projector, tiersOn, until } from '../../support/processes.ts';
import { withFolder } from '../../support/temporary.ts';

jest.setTimeout(60_000);

const envOf = tiersOn;
const triggers = (folder: string, ...args: string[]) => projector(envOf(folder), 'triggers', ...args).ended;

/** A folder with the database of a daemon that is stopped. */
function host<T>(version: number, use: (folder: string) => Promise<T>): Promise<T> {
  return withFolder(async (folder) => {
    createHost(hostPath(folder), { version }).close();
    return use(folder);
  });
}

function schemaOf(folder: string): unknown[] {
  const db = new SQLite(hostPath(folder), { readonly: true });
  try {
    return db.prepare('SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name').all();
  } finally {
    db.close();
  }
}

async function status(folder: string): Promise<{ host: { triggers: string }; poorer_without: string[] }> {
  const { stdout } = await projector(envOf(folder), 'status', '--json').ended;
  return JSON.parse(stdout);
}

async function hasInstalled(folder: string): Promise<void> {
  expect(await triggers(folder, 'install')).toMatchObject({ code: 0, stderr: expect.stringContaining('Installed 13') });
}

const refusal = (text: string): Partial<Ended> => ({ code: 1, stderr: expect.stringContaining(text) as never });

test('install, verify, uninstall: the schema is as it was', async () => {
  await host(82, async (folder) => {
    const before = schemaOf(folder);
    await hasInstalled(folder);
    expect(await triggers(folder, 'install')).toMatchObject({ code: 0, stderr: expect.stringContaining('already') });
    expect(await triggers(folder, 'verify')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ok\n/) });
    expect(await triggers(folder, 'uninstall')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('Removed 13'),
    });
    expect(schemaOf(folder)).toEqual(before);
    expect(await triggers(folder, 'verify')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^none/) });
  });
});

test('install --dry-run prints SQL that does the same, and changes nothing', async () => {
  await host(19, async (folder) => {
    const before = readFileSync(hostPath(folder));
    const { stdout } = await triggers(folder, 'install', '--dry-run');
    expect(readFileSync(hostPath(folder))).toEqual(before);
    const db = openHost(hostPath(folder));
    db.exec(stdout);
    db.close();
    expect((await triggers(folder, 'verify')).stdout).toMatch(/^ok\n/);
  });
});

test('with both tiers off, install opens nothing; uninstall works all the same', async () => {
  await host(82, async (folder) => {
    const before = schemaOf(folder);
    const off = await projector({ AO_DATA_DIR: folder }, 'triggers', 'install').ended;
    expect(off).toMatchObject({ code: 0, stderr: expect.stringContaining('Analytics are off') });
    expect(schemaOf(folder)).toEqual(before);
    await hasInstalled(folder);
    await projector({ AO_DATA_DIR: folder, AO_RUN_FILE: join(folder, 'none') }, 'triggers', 'uninstall').ended;
    expect(schemaOf(folder)).toEqual(before);
  });
});

test('a host without telemetry_event is refused with the reason, and the rest of the tool works', async () => {
  await host(14, async (folder) => {
    const before = schemaOf(folder);
    expect(await triggers(folder, 'install')).toMatchObject(refusal('version 15 or later'));
    expect(schemaOf(folder)).toEqual(before);
    expect(await projector(envOf(folder), 'rebuild').ended).toMatchObject({ code: 0 });
  });
});

test('while somebody has the database open it asks for --while-running', async () => {
  await host(82, async (folder) => {
    const daemon = openHost(hostPath(folder));
    daemon.prepare('SELECT count(*) FROM sessions').get();
    expect(await triggers(folder, 'install')).toMatchObject(refusal('--while-running'));
    expect(await triggers(folder, 'install', '--while-running')).toMatchObject({ code: 0 });
    daemon.close();
  });
});

test('so it does where the run file names a process that lives, and not where that is dead', async () => {
  await host(82, async (folder) => {
    writeFileSync(join(folder, 'running.json'), JSON.stringify({ pid: process.pid, port: 3001 }));
    expect(await triggers(folder, 'install')).toMatchObject(refusal(`pid ${process.pid}`));
    writeFileSync(join(folder, 'running.json'), JSON.stringify({ pid: 2 ** 22 + 1, port: 3001 }));
    await hasInstalled(folder);
  });
});

test('status tells of them, and which answers are poorer without', async () => {
  await host(19, async (folder) => {
    await projector(envOf(folder), 'rebuild').ended;
    expect(await status(folder)).toMatchObject({ host: { triggers: 'none' } });
    expect((await status(folder)).poorer_without.join()).toContain('end_cause');
    await triggers(folder, 'install');
    await projector(envOf(folder), 'rebuild').ended;
    expect(await status(folder)).toMatchObject({ host: { triggers: 'ok' } });
    expect((await status(folder)).poorer_without.join()).not.toContain('end_cause');
    const db = openHost(hostPath(folder));
    upgradeHost(db, 82, Date.now());
    db.close();
    expect(await status(folder)).toMatchObject({ host: { triggers: 'missing' } });
    expect(await triggers(folder, 'verify')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('missing   ao_projector_project_added on projects'),
    });
  });
});

test('run warns of what a migration dropped, and mends it where that is asked for', async () => {
  await host(19, async (folder) => {
    await triggers(folder, 'install');
    const db = openHost(hostPath(folder));
    const plain = projector(envOf(folder), 'run');
    await plain.says('Tailing');
    upgradeHost(db, 28, Date.now());
    await plain.says('triggers verify');
    await plain.stop();
    const healing = projector({ ...envOf(folder), AO_PROJECTOR_HEAL_TRIGGERS: 'on' }, 'run');
    await healing.says('again');
    upgradeHost(db, 82, Date.now());
    await until(() => verify(db).state === 'ok');
    expect((await healing.stop()).code).toBe(0);
    db.close();
    expect(await status(folder)).toMatchObject({ host: { triggers: 'ok' } });
  });
});

test('run mends nothing in the middle of a migration, and everything after it', async () => {
  await host(82, async (folder) => {
    await hasInstalled(folder);
    const db = openHost(hostPath(folder));
    db.exec('DROP TRIGGER ao_projector_project_added; CREATE TABLE review_next (id)');
    const healing = projector(envOf(folder), 'run', '--heal');
    await healing.says('could not be mended');
    db.exec('DROP TABLE review_next');
    await healing.says('Installed 1 again');
    expect((await healing.stop()).code).toBe(0);
    db.close();
    expect(await status(folder)).toMatchObject({ host: { triggers: 'ok' } });
  });
});

test('the bound on rows of ours is held by verify, by install and by run --heal', async () => {
  await host(82, async (folder) => {
    await hasInstalled(folder);
    const db = openHost(hostPath(folder));
    const ours = () =>
      db.prepare("SELECT count(*) FROM telemetry_event WHERE source = 'ao-projector'").pluck().get() as number;
    const fill = () => {
      db.exec(`INSERT INTO telemetry_event (id, occurred_at, name, source, level, payload_json)
        WITH RECURSIVE number(n) AS (SELECT ${ours()} UNION ALL SELECT n + 1 FROM number WHERE n < 100002)
        SELECT hex(randomblob(8)), '2026-06-18 12:00:00 +0000 UTC', 'ao_projector.terminal_opened', 'ao-projector', 'info', '{}'
        FROM number`);
      expect(ours()).toBeGreaterThan(100_000);
    };
    fill();
    expect((await triggers(folder, 'verify')).code).toBe(0);
    expect(ours()).toBe(100_000);
    fill();
    expect((await triggers(folder, 'install', '--while-running')).code).toBe(0);
    expect(ours()).toBe(100_000);
    fill();
    const healing = projector(envOf(folder), 'run', '--heal');
    await until(() => ours() === 100_000);
    await healing.stop();
    db.close();
  });
});

test('what they record makes a spawn, its launch and a runtime that was gone known', async () => {
  await withFolder(async (folder) => {
    Daemon.create(hostPath(folder), { version: 19, seed: 4 }).close();
    await triggers(folder, 'install');
    const daemon = Daemon.open(hostPath(folder), { seed: 4 });
    daemon.lifecycle.start();
    daemon.projects.add('web');
    const session = daemon.spawns.spawn('web');
    daemon.host.pass(120_000);
    daemon.endings.reap(session);
    daemon.close();
    await projector(envOf(folder), 'rebuild').ended;
    const { stdout } = await projector(envOf(folder), 'events', '--json').ended;
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.find(({ name }) => name === 'ao.session.spawned')).toMatchObject({
      measures: { duration_ms: expect.any(Number) },
    });
    expect(events.find(({ name }) => name === 'ao.session.killed')).toMatchObject({
      dimensions: { end_cause: 'runtime_gone', certainty: 'certain' },
    });
  });
});
