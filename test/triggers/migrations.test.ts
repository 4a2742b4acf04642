import { describe, expect, test } from '@jest/globals';
import { VERSIONS } from '../../fixtures/daemon/schema/migrations.ts';
import { type HostDatabase, hostVersion, upgradeHost } from '../../fixtures/daemon/schema.ts';
import { refuseBroken } from '../../triggers/safety.ts';
import { type Verification, verify } from '../../triggers/verify.ts';
import { STEPS } from './migration-steps.ts';
import { AT, Host, INSTALLED_AT, installOn, LATER, type Row, rowsOf, SESSION, withHost } from './support.ts';

const SINCE_TELEMETRY = VERSIONS.filter((version) => version >= 15);
const MIGRATED_AT = Date.UTC(2026, 6, 1);

const wrong = ({ triggers }: Verification): string[] =>
  triggers
    .flatMap(({ name, state }) => (state === 'ok' ? [] : [`${name.slice('ao_projector_'.length)} ${state}`]))
    .sort();

/** A row in each table that migrations write, and of each of the kinds that they tell apart. */
function fill(db: HostDatabase): Host {
  const host = new Host(db);
  const ids = { session_id: 'web-2', project_id: 'web' };
  host.insert('projects', { id: 'web', path: '/home/dev/web', registered_at: AT });
  host.insert('projects', { id: 'old', path: '/home/dev/old', registered_at: AT, archived_at: LATER });
  host.insert('sessions', SESSION);
  host.insert('sessions', {
    ...SESSION,
    id: 'web-3',
    num: 3,
    is_terminated: 1,
    runtime_handle_id: 'h',
    first_signal_at: AT,
  });
  host.insert('review', { id: 'rev', ...ids, harness: 'codex', created_at: AT, updated_at: AT });
  for (const [id, status] of Object.entries({ one: 'complete', two: 'delivered' })) {
    host.insert('review_run', { id, review_id: 'rev', session_id: 'web-2', harness: 'codex', status, created_at: AT });
  }
  for (const [type, status] of Object.entries({ needs_input: 'read', pr_merged: 'unread' })) {
    host.insert('notifications', { id: type, ...ids, type, status, title: '', created_at: AT });
  }
  host.insert('pr', { url: 'https://github.com/o/r/pull/1', session_id: 'web-2', updated_at: AT });
  return host;
}

const NEW: readonly (readonly [table: string, row: Row])[] = [
  ['projects', { id: 'new', path: '/', registered_at: AT }],
  ['sessions', { ...SESSION, id: 'web-9', num: 9 }],
  ['review_run', { id: 'new', review_id: 'rev', session_id: 'web-2', harness: 'codex', created_at: AT }],
  [
    'notifications',
    { id: 'new', session_id: 'web-2', project_id: 'web', type: 'pr_merged', pr_url: 'new', title: '', created_at: AT },
  ],
];

/** Everything that a migrated host with all triggers can be asked: each of them still works. */
function expectAllToWork(host: Host): void {
  const hasTerminals = hostVersion(host.db) >= 27;
  const names = host
    .adds(() => {
      for (const [table, row] of NEW) host.insert(table, row);
      host.update('projects', 'new', { archived_at: LATER });
      host.update('projects', 'new', { archived_at: null });
      host.update('review_run', 'new', { status: 'complete' });
      host.update('sessions', 'web-9', { runtime_handle_id: 'h', first_signal_at: AT, is_terminated: 1 });
      host.update('sessions', 'web-9', { is_terminated: 0 });
      host.insert('sessions', { ...SESSION, id: 'web-8', num: 8, created_at: LATER });
      host.db.exec("DELETE FROM change_log WHERE session_id = 'web-8'");
      host.remove('sessions', 'web-8');
      if (hasTerminals)
        host.insert('shell_terminals', { handle_id: 't', working_dir: '/', app_run_id: 'r', created_at: AT });
    })
    .map(({ name }) => name.slice('ao_projector.'.length));
  expect(names.slice().sort()).toEqual([
    ...['notification_raised', 'project_added', 'project_archived', 'project_readded', 'review_run_changed'],
    ...['review_run_created', 'session_created', 'session_created', 'session_ended', 'session_first_signal'],
    ...['session_launched', 'session_restored', 'session_rolled_back'],
    ...(hasTerminals ? ['terminal_opened'] : []),
  ]);
}

describe('the daemon migrates with our triggers in place', () => {
  test.each(SINCE_TELEMETRY)('from version %i to the newest', (version) => {
    withHost(version, (db) => {
      const host = fill(db);
      installOn(db);
      const written = host.adds(() => upgradeHost(db, 82, MIGRATED_AT));
      expect(hostVersion(db)).toBe(82);
      expect(written).toEqual([]);
      expect(db.pragma('foreign_key_check')).toEqual([]);
      expect(db.pragma('integrity_check', { simple: true })).toBe('ok');

      const projects =
        version < 28 ? ['project_added missing', 'project_archived missing', 'project_readded missing'] : [];
      const runs = version < 18 ? ['review_run_changed outdated'] : [];
      const terminals = version < 27 ? ['terminal_opened missing'] : version < 36 ? ['terminal_opened outdated'] : [];
      const verification = verify(db);
      expect(wrong(verification)).toEqual([...projects, ...runs, ...terminals]);
      expect(verification.state).toBe(version < 28 ? 'missing' : version < 36 ? 'outdated' : 'ok');

      expect(installOn(db, INSTALLED_AT + 60_000)).toBe(projects.length + runs.length + terminals.length);
      expect(verify(db).state).toBe('ok');
      expectAllToWork(host);
    });
  });

  test('version by version, with every table writable and every trigger whole in between', () => {
    withHost(15, (db) => {
      fill(db);
      installOn(db);
      for (const version of SINCE_TELEMETRY.slice(1)) {
        upgradeHost(db, version, MIGRATED_AT);
        expect(() => refuseBroken(db, Object.keys(rowsOf(db)))).not.toThrow();
        expect(verify(db).triggers.filter(({ state }) => state === 'foreign')).toEqual([]);
        installOn(db, INSTALLED_AT + version);
        expect(verify(db).state).toBe('ok');
      }
      expectAllToWork(new Host(db));
    });
  });

  test('and leaves the same rows and the same schema as it does without us', () => {
    const migrated = (triggers: boolean): unknown[] =>
      withHost(15, (db) => {
        fill(db);
        if (triggers) installOn(db);
        upgradeHost(db, 82, MIGRATED_AT);
        const { app_settings: _, goose_db_version: __, ...rows } = rowsOf(db);
        const others =
          "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'ao_projector_%' ORDER BY name";
        return [rows, db.prepare(others).all()];
      });
    expect(migrated(true)).toEqual(migrated(false));
  });
});

describe.each([...STEPS])('$what', ({ since, loses = [], run }) => {
  test.each([...new Set([since, 35, 82])].filter((version) => version >= since))('on version %i', (version) => {
    withHost(version, (db) => {
      const host = fill(db);
      installOn(db);
      expect(host.adds(() => run(db))).toEqual([]);
      const lost = verify(db).triggers.filter(({ state }) => state !== 'ok');
      expect(lost.map(({ name, state }) => [name, state])).toEqual(loses.map((name) => [name, 'missing']));
      expect(verify(db).state).toBe(loses.length > 0 ? 'missing' : 'ok');
      expect(installOn(db, INSTALLED_AT + 60_000)).toBe(loses.length);
      expect(verify(db).state).toBe('ok');
      expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
      expectAllToWork(host);
    });
  });
});
