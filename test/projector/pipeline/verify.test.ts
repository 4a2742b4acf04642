import { readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import SQLite from 'better-sqlite3';
import { Daemon } from '../../../fixtures/daemon/daemon.ts';
import { history } from '../../../fixtures/daemon/history.ts';
import { toMilliseconds } from '../../../fixtures/daemon/time.ts';
import { Random } from '../../../fixtures/random.ts';
import { DailyVerification } from '../../../projector/pipeline/daily-verification.ts';
import type { Live } from '../../../projector/pipeline/live.ts';
import { type Compared, compareWithRebuild } from '../../../projector/pipeline/verify.ts';
import type { Store } from '../../../projector/store/store.ts';
import { rememberVerification } from '../../../projector/store/verifications.ts';
import { begin, catchUp, openStore } from '../../properties/harness.ts';
import { placesIn } from '../../support/processes.ts';
import { withFolder } from '../../support/temporary.ts';

const DAY_MS = 86_400_000;

interface Tailed {
  readonly store: Store;
  readonly live: Live;
  /** Lets the daemon write more transactions. */
  readonly goOn: (transactions: number) => void;
  readonly derived: string;
}

/** A daemon's history, tailed up to a moment. */
function whileTailing(seed: number, version: number, use: (tailed: Tailed) => void): void {
  withFolder((folder) => {
    const { AO_RUN_FILE: runFile } = placesIn(folder);
    const daemon = Daemon.create(join(folder, 'ao.db'), { version, seed, runFile });
    const written = history(daemon, new Random(seed), { steps: 400 });
    const goOn = (transactions: number) => {
      for (let left = transactions; left > 0 && !written.next().done; left--);
    };
    goOn(60);
    const store = openStore(folder, () => toMilliseconds(daemon.host.clock.now()));
    const live = begin(store);
    const present = store.current() as { number: number };
    try {
      use({ store, live, goOn, derived: store.paths.derived(present.number) });
    } finally {
      live.close();
      store.close();
      daemon.close();
    }
  });
}

function compared({ paths, analytics }: Store): Compared {
  const steps = compareWithRebuild(paths, analytics);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

describe('verification', () => {
  test.each([
    [31, 19],
    [32, 35],
    [33, 82],
  ])('finds live tables identical, however far the daemon has gone on: history %d of version %d', (seed, version) => {
    whileTailing(seed, version, ({ store, live, goOn }) => {
      let rows = 0;
      for (let round = 0; round < 6; round++) {
        goOn(40);
        catchUp(live);
        const { changes, tables, positions } = compared(store);
        expect(changes).toEqual([]);
        for (const { digest, rebuilt_digest } of tables) expect(digest).toBe(rebuilt_digest);
        expect(positions.change_log).toBe(live.derived.change.position);
        rows = tables.reduce((sum, table) => sum + table.rows, 0);
      }
      expect(rows).toBeGreaterThan(200);
    });
  });

  test('reads no row beyond the positions that are compared', () => {
    whileTailing(34, 19, ({ store, live, goOn }) => {
      goOn(100);
      catchUp(live);
      const before = compared(store);
      const born = store.analytics.prepare<[], number>('SELECT count(*) FROM journal').pluck();
      const journaled = born.get();
      goOn(1);
      const after = compared(store);
      expect(after).toEqual(before);
      expect(born.get()).toBe(journaled);
    });
  });

  test('tells each row that was changed, added or lost, with both versions of it, and leaves no file', () => {
    whileTailing(35, 19, ({ store, live, goOn, derived }) => {
      goOn(200);
      catchUp(live);
      const db = new SQLite(derived);
      const [first, last] = db
        .prepare<[], { id: number; at: number }>(
          'SELECT min(id) AS id, at FROM event UNION ALL SELECT max(id), at FROM event',
        )
        .all();
      db.prepare('UPDATE event SET at = at + 1 WHERE id = ?').run(first!.id);
      db.prepare('DELETE FROM event WHERE id = ?').run(last!.id);
      db.exec("INSERT INTO rejected VALUES ('change_log', 1, 'made up')");
      db.close();
      const { changes } = compared(store);
      const counts = changes.map(({ table, appeared, vanished, changed }) => ({ table, appeared, vanished, changed }));
      expect(counts).toEqual([
        { table: 'event', appeared: 0, vanished: 0, changed: 1 },
        { table: 'event', appeared: 1, vanished: 0, changed: 0 },
        { table: 'rejected', appeared: 0, vanished: 1, changed: 0 },
      ]);

      const [changed, added] = changes.map(({ examples }) => examples[0]!);
      expect(changed!.live).toEqual({ ...changed!.rebuilt, at: first!.at + 1 });
      expect(added).toMatchObject({ live: null, rebuilt: { id: last!.id } });
      expect(readdirSync(store.paths.dataDir).filter((name) => name.includes('scratch'))).toEqual([]);
    });
  });

  test('says that the tables are behind where the daemon has taken a creation row back since', () => {
    whileTailing(36, 19, ({ store, live, goOn, derived }) => {
      goOn(200);
      catchUp(live);
      const db = new SQLite(derived, { readonly: true });
      const pending = db.prepare<[], number>('SELECT max(born) FROM session WHERE unsettled = 1').pluck().get()!;
      db.close();
      const host = new SQLite(store.paths.host);
      host.pragma('foreign_keys = OFF');
      host.prepare('DELETE FROM change_log WHERE seq = ?').run(pending);
      host.close();
      expect(() => compared(store)).toThrow(expect.objectContaining({ code: 'tables_behind' }));
      catchUp(live);
      expect(compared(store).changes).toEqual([]);
    });
  });

  test('that was killed leaves a file to the next start', () => {
    whileTailing(40, 19, ({ store }) => {
      const { paths } = store;
      const nobody = 2 ** 22 + 1;
      for (const path of [paths.scratch(nobody), `${paths.scratch(nobody)}-journal`, paths.scratch(process.pid)]) {
        writeFileSync(path, '');
      }
      store.removeStrayFiles();
      const scratch = readdirSync(paths.dataDir).filter((name) => name.includes('scratch'));
      expect(scratch).toEqual([basename(paths.scratch(process.pid))]);
    });
  });

  test('refuses another database', () => {
    whileTailing(37, 19, ({ store, live, goOn }) => {
      goOn(100);
      catchUp(live);
      const host = new SQLite(store.paths.host);
      host.exec("UPDATE change_log SET created_at = '2020-01-01T00:00:00.000Z'");
      host.close();
      expect(() => compared(store)).toThrow(expect.objectContaining({ code: 'history_changed' }));
    });
  });

  test('is due once the tables have stood for a day since they were made or verified', () => {
    whileTailing(38, 19, ({ store }) => {
      const made = store.now();
      const daily = new DailyVerification(store);
      expect([made, made + DAY_MS - 1, made + DAY_MS].map((now) => daily.isDue(now))).toEqual([false, false, true]);
      const verified = { at: made + DAY_MS, change_log: 1, telemetry: 1, identical: true };
      rememberVerification(store.analytics, verified, null);
      expect([1, 2].map((days) => daily.isDue(made + days * DAY_MS))).toEqual([false, true]);
    });
  });

  test('that was tried is not tried again that day, however it ended', () => {
    whileTailing(39, 19, ({ store }) => {
      const due = store.now() + DAY_MS;
      const daily = new DailyVerification(store);
      daily.verify(due).subscribe().unsubscribe();
      expect([due, due + DAY_MS - 1, due + DAY_MS].map((now) => daily.isDue(now))).toEqual([false, false, true]);
    });
  });
});
