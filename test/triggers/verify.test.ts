import { describe, expect, test } from '@jest/globals';
import type { HostDatabase } from '../../fixtures/daemon/schema.ts';
import { createStatement, triggerName } from '../../triggers/definition.ts';
import { definitionsFor } from '../../triggers/definitions.ts';
import { verify } from '../../triggers/verify.ts';
import { INSTALLED_AT, installOn, markersOf, rowsOf, schemaOf, uninstallFrom, withHost } from './support.ts';

const ENDED = 'ao_projector_session_ended';

/** The triggers that are not as they should be. */
const wrong = (db: HostDatabase): string[] =>
  verify(db)
    .triggers.filter(({ state }) => state !== 'ok')
    .map(({ name, table, state }) => `${name} on ${table}: ${state}`);

const sqlOf = (db: HostDatabase, name: string): string =>
  db.prepare<[string], string>('SELECT sql FROM sqlite_master WHERE name = ?').pluck().get(name)!;

function replace(db: HostDatabase, name: string, sql: string): void {
  db.exec(`DROP TRIGGER ${name}`);
  db.exec(sql);
}

/** Puts a trigger into the place of ours as another version of us would have made it. */
function makeOlder(db: HostDatabase): void {
  const definition = definitionsFor(db).find((one) => triggerName(one) === ENDED)!;
  const { activity, ...payload } = definition.payload;
  expect(activity).toBeDefined();
  replace(db, ENDED, createStatement({ ...definition, payload }));
}

describe('verify', () => {
  test.each([14, 15, 82])('says none before an installation into version %i', (version) => {
    withHost(version, (db) => {
      expect(verify(db)).toMatchObject({ state: 'none', uninstalled: false });
      expect(verify(db).triggers.every(({ state }) => state === 'missing')).toBe(true);
    });
  });

  test('says ok after an installation, with each trigger and its table', () => {
    withHost(82, (db) => {
      installOn(db);
      const { state, uninstalled, triggers } = verify(db);
      expect({ state, uninstalled }).toEqual({ state: 'ok', uninstalled: false });
      expect(triggers.map(({ name, table, state }) => `${name} ${table} ${state}`).sort()).toEqual([
        'ao_projector_notification_raised notifications ok',
        'ao_projector_project_added projects ok',
        'ao_projector_project_archived projects ok',
        'ao_projector_project_readded projects ok',
        'ao_projector_review_run_changed review_run ok',
        'ao_projector_review_run_created review_run ok',
        'ao_projector_session_created sessions ok',
        'ao_projector_session_ended sessions ok',
        'ao_projector_session_first_signal sessions ok',
        'ao_projector_session_launched sessions ok',
        'ao_projector_session_restored sessions ok',
        'ao_projector_session_rolled_back sessions ok',
        'ao_projector_terminal_opened shell_terminals ok',
      ]);
    });
  });

  test('says none after an uninstallation, and that it was one', () => {
    withHost(82, (db) => {
      installOn(db);
      uninstallFrom(db);
      expect(verify(db)).toMatchObject({ state: 'none', uninstalled: true });
      installOn(db, INSTALLED_AT + 120_000);
      expect(verify(db)).toMatchObject({ state: 'ok', uninstalled: false });
    });
  });

  test('names the one that is missing', () => {
    withHost(82, (db) => {
      installOn(db);
      db.exec(`DROP TRIGGER ${ENDED}`);
      expect(verify(db).state).toBe('missing');
      expect(wrong(db)).toEqual([`${ENDED} on sessions: missing`]);
    });
  });

  test('says missing, not none, where all of them went without an uninstallation', () => {
    withHost(82, (db) => {
      installOn(db);
      for (const { name } of verify(db).triggers) db.exec(`DROP TRIGGER ${name}`);
      expect(verify(db).state).toBe('missing');
      expect(wrong(db)).toHaveLength(13);
    });
  });

  test('names the one that another version of ours made, and install replaces it', () => {
    withHost(82, (db) => {
      installOn(db);
      const whole = schemaOf(db);
      makeOlder(db);
      expect(schemaOf(db)).not.toEqual(whole);
      expect(verify(db).state).toBe('outdated');
      expect(wrong(db)).toEqual([`${ENDED} on sessions: outdated`]);
      expect(installOn(db, INSTALLED_AT + 120_000)).toBe(1);
      expect(schemaOf(db)).toEqual(whole);
      expect(verify(db).state).toBe('ok');
      expect(markersOf(db)).toEqual(['ao_projector.triggers_installed', 'ao_projector.triggers_installed']);
    });
  });

  test('names one of ours that this version does not know any more, and install takes it away', () => {
    withHost(82, (db) => {
      installOn(db);
      const [definition] = definitionsFor(db);
      db.exec(createStatement({ ...definition!, fact: 'ao_projector.forgotten' }));
      expect(wrong(db)).toEqual([`ao_projector_forgotten on ${definition!.table}: outdated`]);
      installOn(db);
      expect(verify(db).state).toBe('ok');
    });
  });

  test.each<[string, (sql: string) => string]>([
    ['edited', (sql) => sql.replace("'info'", "'warn'")],
    ['edited in its head', (sql) => sql.replace('OLD.is_terminated = 0', 'OLD.is_terminated = 1')],
    ['given another seal', (sql) => sql.replace(/-- ao-projector [0-9a-f]{16}/, `-- ao-projector ${'0'.repeat(16)}`)],
    ['robbed of its seal', (sql) => sql.replace(/-- ao-projector [0-9a-f]{16}\n/, '\n')],
    ['written by somebody else', () => `CREATE TRIGGER ${ENDED} AFTER DELETE ON pr BEGIN SELECT 1; END`],
  ])('names one that was %s', (_, edit) => {
    withHost(82, (db) => {
      installOn(db);
      const before = sqlOf(db, ENDED);
      replace(db, ENDED, edit(before));
      expect(sqlOf(db, ENDED)).not.toBe(before);
      expect(verify(db).state).toBe('foreign');
      expect(wrong(db)).toEqual([`${ENDED} on sessions: foreign`]);
      expect(uninstallFrom(db)).toBe(12);
      expect(sqlOf(db, ENDED)).toBe(edit(before));
    });
  });

  test.each([
    'CREATE TRIGGER ao_projector_mine AFTER INSERT ON pr BEGIN SELECT 1; END',
    'CREATE TABLE ao_projector_mine (id)',
    'CREATE VIEW ao_projector_mine AS SELECT 1',
    'CREATE INDEX ao_projector_mine ON pr(number)',
  ])('names a stranger under our prefix: %s', (sql) => {
    withHost(82, (db) => {
      installOn(db);
      db.exec(sql);
      expect(verify(db).state).toBe('foreign');
      expect(wrong(db)).toEqual([expect.stringMatching(/^ao_projector_mine on .*: foreign$/)]);
    });
  });

  test('says the worst of what is so', () => {
    withHost(82, (db) => {
      installOn(db);
      makeOlder(db);
      expect(verify(db).state).toBe('outdated');
      db.exec('DROP TRIGGER ao_projector_project_added');
      expect(verify(db).state).toBe('missing');
      db.exec('CREATE VIEW ao_projector_mine AS SELECT 1');
      expect(verify(db).state).toBe('foreign');
      expect(wrong(db)).toHaveLength(3);
    });
  });

  test('changes nothing', () => {
    withHost(82, (db) => {
      installOn(db);
      db.exec(`DROP TRIGGER ${ENDED}`);
      const before = [schemaOf(db), rowsOf(db), markersOf(db)];
      db.pragma('query_only = ON');
      verify(db);
      expect([schemaOf(db), rowsOf(db), markersOf(db)]).toEqual(before);
    });
  });
});
