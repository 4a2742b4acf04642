import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import SQLite from 'better-sqlite3';
import { type Mix, writeVolume } from '../../../fixtures/volume.ts';
import type { ChangeFact } from '../../../projections/facts.ts';
import type { ChangeLog } from '../../../projector/host/change-log.ts';
import { HostDatabase } from '../../../projector/host/host-database.ts';
import { NOTHING_LEFT_OUT } from '../../../projector/host/left-out.ts';
import { Engine } from '../../../projector/pipeline/engine.ts';
import { type AheadPage, ReadAhead } from '../../../projector/pipeline/read-ahead.ts';
import { rebuild, WORTH_A_THREAD } from '../../../projector/pipeline/rebuild.ts';
import { DerivedFile } from '../../../projector/store/derived/derived-file.ts';
import { noteForgotten } from '../../../projector/store/left-out-rows.ts';
import type { Store } from '../../../projector/store/store.ts';
import { openStore } from '../../properties/harness.ts';
import { derivedRows, differences } from '../../support/derived-tables.ts';
import { withFolder } from '../../support/temporary.ts';

const ROWS = WORTH_A_THREAD + 5_000;

describe('a rebuild that reads ahead on a thread of its own', () => {
  test.each<Mix>(['R', 'A'])('fills the tables as one that reads for itself (mix %s)', (mix) => {
    inStore(mix, (store) => {
      for (const _ of rebuild(store));
      expect(differences(present(store), withoutThread(store))).toEqual([]);
    });
  });

  test('leaves out what was forgotten, as one that reads for itself', () => {
    inStore('R', (store) => {
      const host = new SQLite(store.paths.host, { readonly: true });
      const id = host.prepare<[], string>('SELECT session_id FROM change_log WHERE seq = 10000').pluck().get()!;
      host.close();
      const hash = store.keys.session(id);
      for (const _ of rebuild(store));
      const before = present(store).filter((row) => row.startsWith('session ')).length;
      noteForgotten(store.analytics, { kind: 'session', hash });
      for (const _ of rebuild(store));
      const rows = present(store);
      expect(rows.filter((row) => row.includes(hash))).toEqual([]);
      expect(rows.filter((row) => row.startsWith('session '))).toHaveLength(before - 1);
      expect(differences(rows, withoutThread(store))).toEqual([]);
    });
  });

  test('gets every row up to the head that it was told, and none above', () => {
    inStore('R', ({ paths, keys }) => {
      const order = {
        hostPath: paths.host,
        secret: keys.secret,
        leftOut: NOTHING_LEFT_OUT,
        migrations: [],
        observedBorn: 0,
        head: 12_345,
      };
      const ahead = new ReadAhead(order);
      const facts: ChangeFact[] = [];
      const pages: AheadPage[] = [];
      for (let page = ahead.next(); page; page = ahead.next()) {
        pages.push(page);
        facts.push(...page.facts);
      }
      ahead.close();
      const host = HostDatabase.open(paths.host);
      const count = host.look(({ changes }) => 12_345 - missing(changes));
      host.close();
      expect(facts).toHaveLength(count);
      expect(pages.at(-1)).toMatchObject({ scanned: 12_345, tail: expect.any(Array) });
    });
  });

  test('un-reads a creation row that goes after it was folded', () => {
    inStore('R', (store) => {
      const daemon = new SQLite(store.paths.host);
      daemon.pragma('foreign_keys = OFF');
      const seq = daemon
        .prepare<[], number>(
          'SELECT min(seq) + 1 FROM change_log AS row WHERE seq + 1 NOT IN (SELECT seq FROM change_log)',
        )
        .pluck()
        .get()!;
      daemon
        .prepare(
          `INSERT INTO change_log (seq, project_id, session_id, event_type, payload, created_at)
           SELECT ?, project_id, 'web-99999', 'session_created', '{"id":"web-99999","activity":"idle","isTerminated":false}', created_at
           FROM change_log WHERE seq = ?`,
        )
        .run(seq, seq - 1);
      let isThere = true;
      for (const { rows } of rebuild(store)) {
        if (!isThere || rows < seq) continue;
        daemon.prepare('DELETE FROM change_log WHERE seq = ?').run(seq);
        isThere = false;
      }
      daemon.close();
      expect(isThere).toBe(false);
      expect(differences(present(store), withoutThread(store))).toEqual([]);
    });
  });
});

function inStore(mix: Mix, use: (store: Store) => void): void {
  withFolder((folder) => {
    writeVolume(join(folder, 'ao.db'), { rows: ROWS, sessions: 400, mix, seed: 3 });
    const store = openStore(folder);
    try {
      use(store);
    } finally {
      store.close();
    }
  });
}

function present(store: Store): string[] {
  const current = store.current();
  if ('stale' in current) throw new Error(`Expected a derived file, found that ${current.stale}`);
  return derivedRows(store.paths.derived(current.number));
}

function missing(changes: ChangeLog): number {
  return changes.missing(0, 12_345).reduce((sum, { from, to }) => sum + to - from + 1, 0);
}

/** The rows of a derived file that one engine has filled alone. */
function withoutThread(store: Store): string[] {
  const { journal, keys, identities, now, paths } = store;
  const path = paths.derived(store.nextNumber());
  const host = HostDatabase.open(paths.host);
  const derived = DerivedFile.create(path, store.derivedOptions());
  const engine = new Engine({ host, journal, derived, keys, identities, now });
  while (engine.step().more);
  engine.commit();
  derived.finish();
  derived.close();
  host.close();
  return derivedRows(path);
}
