import { existsSync } from 'node:fs';
import { describe, expect, jest, test } from '@jest/globals';
import SQLite from 'better-sqlite3';
import { Daemon } from '../../../fixtures/daemon/daemon.ts';
import { history } from '../../../fixtures/daemon/history.ts';
import { Random } from '../../../fixtures/random.ts';
import { pathsOf } from '../../../projector/store/paths.ts';
import { lastVerification } from '../../../projector/store/verifications.ts';
import { hostPath, placesIn, projector, tiersOn } from '../../support/processes.ts';
import { withFolder } from '../../support/temporary.ts';

jest.setTimeout(60_000);

/** A host with a history, and the tables derived from it. */
async function derivedIn(folder: string): Promise<string> {
  const daemon = Daemon.create(hostPath(folder), { version: 19, seed: 5 });
  for (const _ of history(daemon, new Random(5), { steps: 300 }));
  daemon.close();
  await projector(tiersOn(folder), 'rebuild').ended;
  return pathsOf(placesIn(folder)).derived(1);
}

const changeEvent = (derived: string) =>
  write(derived, 'UPDATE event SET at = at + 1 WHERE id = (SELECT min(id) FROM event WHERE id % 128 = 10)');

function write(path: string, sql: string): void {
  const db = new SQLite(path);
  db.exec(sql);
  db.close();
}

function remembered(folder: string) {
  const analytics = new SQLite(pathsOf(placesIn(folder)).analytics, { readonly: true });
  try {
    return lastVerification(analytics);
  } finally {
    analytics.close();
  }
}

describe('verify', () => {
  test('says that the tables are identical, and is remembered', async () => {
    await withFolder(async (folder) => {
      await derivedIn(folder);
      const { code, stdout } = await projector(tiersOn(folder), 'verify').ended;
      expect(stdout).toMatch(/^identical: 14 tables, \d+ rows\nat change_log \d+, telemetry \d+\n$/);
      expect(code).toBe(0);
      expect(remembered(folder)).toMatchObject({ identical: true, at: expect.any(Number) });
    });
  });

  test('shows the first row that differs with the fact that made it, and exits with 1', async () => {
    await withFolder(async (folder) => {
      changeEvent(await derivedIn(folder));
      const asText = await projector(tiersOn(folder), 'verify').ended;
      expect(asText.stdout).toMatch(
        /^different; the first row that differs:\n {2}event\n {4}is .*\n {4}rebuilt .*\n {2}made it: change_log \d+ \(session_created\)\n/,
      );
      expect(asText.code).toBe(1);
      const { stdout } = await projector(tiersOn(folder), 'verify', '--json').ended;
      const { identical, tables, first_difference: first } = JSON.parse(stdout);
      expect(identical).toBe(false);
      expect(
        tables.map(({ name, digest, rebuilt_digest }: Record<string, string>) => [name, digest === rebuilt_digest]),
      ).toEqual(
        expect.arrayContaining([
          ['event', false],
          ['session', true],
          // What is packed was not told of the change.
          ['packed', false],
        ]),
      );
      expect(first.live).toEqual({ ...first.rebuilt, at: first.rebuilt.at + 1 });
      expect(first.facts).toEqual([expect.objectContaining({ stream: 'change_log', kind: 'session_created' })]);
      expect(remembered(folder)).toMatchObject({ identical: false });
    });
  });

  test('asks for tables first where there are none', async () => {
    await withFolder(async (folder) => {
      const { code, stderr } = await projector(tiersOn(folder), 'verify').ended;
      expect(code).toBe(1);
      expect(stderr).toContain('Nothing was derived yet');
    });
  });

  test('says that a database is locked, as every command does that reads it', async () => {
    await withFolder(async (folder) => {
      await derivedIn(folder);
      const holder = new SQLite(hostPath(folder));
      holder.pragma('locking_mode = EXCLUSIVE');
      holder.exec('BEGIN EXCLUSIVE');
      for (const command of ['verify', 'rebuild']) {
        const { code, stderr } = await projector(tiersOn(folder), command).ended;
        expect([code, stderr]).toEqual([
          1,
          expect.stringMatching(/^Another process keeps .*\n {2}expected: .*\n {2}found: SQLITE_BUSY/),
        ]);
      }
      holder.close();
      expect(await projector(tiersOn(folder), 'verify').ended).toMatchObject({ code: 0 });
    });
  });

  test('is asked by `run` itself once the tables have stood for a day', async () => {
    await withFolder(async (folder) => {
      changeEvent(await derivedIn(folder));
      write(pathsOf(placesIn(folder)).analytics, 'UPDATE derived_file SET made_at = made_at - 86400000');
      const tail = projector(tiersOn(folder), 'run');
      await tail.says('The tables are not what a rebuild makes');
      expect(remembered(folder)).toMatchObject({ identical: false });
      await tail.stop();
    });
  });
});

describe('a rebuild', () => {
  const OTHER = `UPDATE meta SET value = '[{"name":"sessions","version":1}]' WHERE key = 'projections'`;

  test('plans which rows it would change, and changes none', async () => {
    await withFolder(async (folder) => {
      const derived = await derivedIn(folder);
      changeEvent(derived);
      write(derived, OTHER);
      const { code, stdout } = await projector(tiersOn(folder), 'rebuild', '--plan').ended;
      expect(code).toBe(0);
      expect(stdout).toMatch(/ao\.session\.spawned +0 +0 +1\n/);
      expect(stdout).toMatch(/for example\n {2}event\n {4}is /);
      expect(existsSync(derived)).toBe(true);
      expect(existsSync(pathsOf(placesIn(folder)).derived(2))).toBe(false);
    });
  });

  test('says afterwards what another version has changed', async () => {
    await withFolder(async (folder) => {
      const derived = await derivedIn(folder);
      changeEvent(derived);
      write(derived, OTHER);
      const { stdout, stderr } = await projector(tiersOn(folder), 'rebuild').ended;
      expect(stderr).toContain('Rebuilt.');
      expect(stdout).toMatch(/ao\.session\.spawned +0 +0 +1\n/);
      const again = await projector(tiersOn(folder), 'rebuild').ended;
      expect(again.stdout).toBe('');
    });
  });

  test('of the same version has nothing to plan', async () => {
    await withFolder(async (folder) => {
      await derivedIn(folder);
      const { stdout } = await projector(tiersOn(folder), 'rebuild', '--plan').ended;
      expect(stdout).toMatch(/^No row appears, vanishes or changes\.\n/);
    });
  });
});
