import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import SQLite from 'better-sqlite3';
import { Daemon } from '../../../fixtures/daemon/daemon.ts';
import { history } from '../../../fixtures/daemon/history.ts';
import { Random } from '../../../fixtures/random.ts';
import { openAnalytics } from '../../../projector/store/analytics.ts';
import { finishErasing } from '../../../projector/store/erase.ts';
import { pathsOf } from '../../../projector/store/paths.ts';
import { Store } from '../../../projector/store/store.ts';
import { begin, openStore } from '../../properties/harness.ts';
import { filesHolding } from '../../support/bytes.ts';
import { hostPath, placesIn, projector, tiersOn } from '../../support/processes.ts';
import { withFolder } from '../../support/temporary.ts';

describe('raw ids', () => {
  test('are erased by the next start without the events tier', async () => {
    await withFolder(async (folder) => {
      const ids = withIdentities(folder);
      expect(filesHolding(folder, ids)).toContain('analytics.db');
      const rebuilt = await projector({ ...placesIn(folder), AO_TELEMETRY_METRICS: 'on' }, 'rebuild').ended;
      expect(rebuilt.code).toBe(0);
      expect(filesHolding(folder, ids)).toEqual([]);
    });
  });

  test('stay with the events tier, and where no tier is on', async () => {
    await withFolder(async (folder) => {
      const ids = withIdentities(folder);
      expect(await projector(tiersOn(folder), 'rebuild').ended).toMatchObject({ code: 0 });
      expect(filesHolding(folder, ids)).toContain('analytics.db');
      const before = readFileSync(pathsOf(placesIn(folder)).analytics);
      expect(await projector(placesIn(folder), 'rebuild').ended).toMatchObject({ code: 0 });
      expect(readFileSync(pathsOf(placesIn(folder)).analytics).equals(before)).toBe(true);
    });
  });

  test('are gone while the store that erased them is open', () => {
    withFolder((folder) => {
      const ids = withIdentities(folder);
      const store = Store.open({ paths: pathsOf(placesIn(folder)), events: false, now: () => 0, pid: process.pid });
      expect(filesHolding(folder, ids)).toEqual([]);
      store.close();
    });
  });

  test('are erased by `forget --identities` beside a `run`, which does not write them again', async () => {
    await withFolder(async (folder) => {
      const ids = withIdentities(folder);
      const run = projector(tiersOn(folder), 'run');
      await run.says('Tailing');
      const forgot = await projector(tiersOn(folder), 'forget', '--identities').ended;
      expect(forgot).toMatchObject({ code: 0 });
      expect(forgot.stderr).toMatch(/^Erased [1-9]\d* raw ids\.\nAO_TELEMETRY_EVENTS is on: /);
      expect(filesHolding(folder, ids)).toEqual([]);
      expect(await run.stop()).toMatchObject({ code: 0 });
      expect(filesHolding(folder, ids)).toEqual([]);
    });
  });
});

test('who opens the files after a kill finishes what was begun', () => {
  withFolder((folder) => {
    const ids = withIdentities(folder);
    const { analytics } = pathsOf(placesIn(folder));
    const killed = new SQLite(analytics);
    killed.exec('BEGIN; DELETE FROM identity; PRAGMA user_version = 1; COMMIT');
    killed.close();
    expect(filesHolding(folder, ids)).toEqual(['analytics.db']);
    openStore(folder).close();
    expect(filesHolding(folder, ids)).toEqual([]);
  });
});

test('a reader that stays keeps the work unfinished, and is told of', () => {
  withFolder((folder) => {
    const ids = withIdentities(folder);
    const paths = pathsOf(placesIn(folder));
    const reader = new SQLite(paths.analytics, { readonly: true });
    reader.exec('BEGIN; SELECT count(*) FROM identity');
    const db = openAnalytics(paths, 0);
    db.pragma('busy_timeout = 1');
    db.exec('BEGIN; DELETE FROM identity; PRAGMA user_version = 1; COMMIT');
    expect(() => finishErasing(db)).toThrow('may still hold pages');
    reader.close();
    finishErasing(db);
    expect(filesHolding(folder, ids)).toEqual([]);
    db.close();
  });
});

test('what is to be forgotten must be said, and nothing kept is nothing to forget', async () => {
  await withFolder(async (folder) => {
    expect(await projector(tiersOn(folder), 'forget').ended).toMatchObject({ code: 2 });
    const forgot = await projector(tiersOn(folder), 'forget', '--identities').ended;
    expect(forgot).toMatchObject({ code: 0, stderr: 'Nothing is kept here.\n' });
  });
});

/** Lets a daemon write a history and derives from it, so that raw ids are kept. Returns those. */
function withIdentities(folder: string): string[] {
  const daemon = Daemon.create(hostPath(folder), { version: 19, seed: 7, runFile: placesIn(folder).AO_RUN_FILE });
  for (const _ of history(daemon, new Random(7), { steps: 60 }));
  daemon.close();
  const store = openStore(folder);
  begin(store).close();
  const ids = store.analytics.prepare<[], string>("SELECT raw FROM identity WHERE raw <> 'scratch'").pluck().all();
  store.close();
  expect(ids.length).toBeGreaterThan(5);
  return ids;
}
