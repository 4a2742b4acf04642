import { describe, expect, test } from '@jest/globals';
import { VERSIONS } from '../../fixtures/daemon/schema/migrations.ts';
import { planInstall } from '../../triggers/install.ts';
import { presentObjects, verify } from '../../triggers/verify.ts';
import { AT, factsOf, Host, installOn, markersOf, rowsOf, schemaOf, uninstallFrom, withHost } from './support.ts';

const OF_SESSIONS = ['created', 'ended', 'first_signal', 'launched', 'restored', 'rolled_back'];
const NAMES = [
  'notification_raised',
  ...['project_added', 'project_archived', 'project_readded', 'review_run_changed', 'review_run_created'],
  ...OF_SESSIONS.map((name) => `session_${name}`),
].map((name) => `ao_projector_${name}`);

const added = (project: string) => ({ id: project, path: '/', registered_at: AT });

describe('install', () => {
  test.each([15, 26])('puts twelve triggers into version %i', (version) => {
    withHost(version, (db) => {
      expect(installOn(db)).toBe(12);
      expect(presentObjects(db).map(({ name }) => name)).toEqual(NAMES);
    });
  });

  test.each([27, 82])('puts thirteen into version %i, which has terminals', (version) => {
    withHost(version, (db) => {
      expect(installOn(db)).toBe(13);
      expect(presentObjects(db).map(({ name }) => name)).toEqual([...NAMES, 'ao_projector_terminal_opened']);
    });
  });

  test('leaves one marker, with its time', () => {
    withHost(82, (db) => {
      installOn(db);
      expect(db.prepare('SELECT * FROM telemetry_event').all()).toEqual([
        {
          id: 'aop:triggers_installed:2026-06-18 07:00:00.000 +0000 UTC',
          occurred_at: '2026-06-18 07:00:00.000 +0000 UTC',
          name: 'ao_projector.triggers_installed',
          source: 'ao-projector',
          level: 'info',
          project_id: null,
          session_id: null,
          request_id: '',
          payload_json: '{}',
        },
      ]);
    });
  });

  test('does nothing the second time', () => {
    withHost(82, (db) => {
      installOn(db);
      const [schema, rows, cookie] = [schemaOf(db), markersOf(db), db.pragma('schema_version')];
      expect(planInstall(db, 82)).toEqual({ drop: [], create: [] });
      expect(installOn(db)).toBe(0);
      expect([schemaOf(db), markersOf(db), db.pragma('schema_version')]).toEqual([schema, rows, cookie]);
      expect(markersOf(db)).toEqual(['ao_projector.triggers_installed']);
    });
  });

  test('puts back what is missing, and says so', () => {
    withHost(82, (db) => {
      installOn(db);
      const whole = schemaOf(db);
      db.exec('DROP TRIGGER ao_projector_session_ended');
      db.exec('DELETE FROM telemetry_event');
      expect(installOn(db)).toBe(1);
      expect(schemaOf(db)).toEqual(whole);
      expect(markersOf(db)).toEqual(['ao_projector.triggers_installed']);
    });
  });

  test('changes nothing else in the database', () => {
    withHost(82, (db) => {
      const [schema, rows] = [schemaOf(db), rowsOf(db)];
      installOn(db);
      expect(schemaOf(db).filter((object) => !isOurs(object))).toEqual(schema);
      expect(rowsOf(db)).toEqual(rows);
    });
  });
});

const isOurs = (object: unknown): boolean => (object as { name: string }).name.startsWith('ao_projector_');

describe('uninstall', () => {
  test.each(VERSIONS.filter((version) => version >= 15))('leaves version %i as it was', (version) => {
    withHost(version, (db) => {
      const [schema, rows] = [schemaOf(db), rowsOf(db)];
      const installed = installOn(db);
      expect(schemaOf(db)).toHaveLength(schema.length + installed);
      expect(uninstallFrom(db)).toBe(installed);
      expect(schemaOf(db)).toEqual(schema);
      expect(rowsOf(db)).toEqual(rows);
      expect(markersOf(db)).toEqual(['ao_projector.triggers_installed', 'ao_projector.triggers_uninstalled']);
    });
  });

  test('keeps the facts, and no more come', () => {
    withHost(82, (db) => {
      const host = new Host(db);
      installOn(db);
      host.insert('projects', added('web'));
      uninstallFrom(db);
      host.insert('projects', added('api'));
      expect(factsOf(db).map(({ project_id }) => project_id)).toEqual(['web']);
    });
  });

  test('leaves no marker where there was nothing', () => {
    withHost(82, (db) => {
      expect(uninstallFrom(db)).toBe(0);
      expect(markersOf(db)).toEqual([]);
    });
  });

  test('leaves alone what others made, under our prefix as well', () => {
    withHost(82, (db) => {
      db.exec('CREATE TRIGGER sidecar AFTER INSERT ON sessions BEGIN SELECT 1; END');
      installOn(db);
      db.exec('CREATE TRIGGER ao_projector_mine AFTER INSERT ON pr BEGIN SELECT 1; END');
      db.exec('CREATE VIEW ao_projector_view AS SELECT 1');
      expect(uninstallFrom(db)).toBe(13);
      expect(presentObjects(db).map(({ name }) => name)).toEqual(['ao_projector_mine', 'ao_projector_view']);
      expect(db.prepare("SELECT count(*) FROM sqlite_master WHERE name = 'sidecar'").pluck().get()).toBe(1);
    });
  });

  test('and install after it bring everything back', () => {
    withHost(82, (db) => {
      installOn(db);
      const whole = schemaOf(db);
      uninstallFrom(db);
      installOn(db);
      expect(schemaOf(db)).toEqual(whole);
      expect(verify(db).state).toBe('ok');
    });
  });
});
