import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { createHost, type HostDatabase, hostVersion, openHost } from '../../fixtures/daemon/schema.ts';
import { ProjectorError } from '../../projector/errors.ts';
import { install, uninstall } from '../../triggers/install.ts';
import { verify } from '../../triggers/verify.ts';
import { type WriteHostOptions, writeHost } from '../../triggers/write-host.ts';
import { withFolder } from '../support/temporary.ts';
import { AT, INSTALLED_AT, schemaOf, withHost } from './support.ts';

const STOPPED: WriteHostOptions = { whileRunning: false, daemon: null };
const RUNNING: WriteHostOptions = { whileRunning: true, daemon: null };

const everything = (db: HostDatabase): unknown[] => {
  const tables = db.prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").pluck();
  return [schemaOf(db), tables.all().map((table) => db.prepare(`SELECT rowid, * FROM ${table}`).all())];
};

/** The error of an installation through the file, after which everything stands as it stood. */
function refusal(
  path: string,
  options: WriteHostOptions,
  version: (db: HostDatabase) => number | null,
): ProjectorError {
  const reader = openHost(path);
  const before = everything(reader);
  if (!options.whileRunning) reader.close();
  let error: unknown;
  try {
    writeHost(path, options, (db) => install(db, version(db), INSTALLED_AT));
  } catch (thrown) {
    error = thrown;
  }
  const after = options.whileRunning ? reader : openHost(path);
  expect(everything(after)).toEqual(before);
  after.close();
  expect(error).toBeInstanceOf(ProjectorError);
  return error as ProjectorError;
}

/** The same for a stopped daemon, whose database has been prepared with a few statements. */
function refused(version: number, prepare: string, schemaVersion: (db: HostDatabase) => number | null = hostVersion) {
  return withHost(version, (db, path) => {
    db.exec(prepare);
    db.close();
    return refusal(path, STOPPED, schemaVersion);
  });
}

const TELEMETRY = (columns: string): string => `DROP TABLE telemetry_event; CREATE TABLE telemetry_event (${columns})`;
const NEEDED =
  'occurred_at NOT NULL, name NOT NULL, source NOT NULL, level NOT NULL, project_id, session_id, request_id NOT NULL, payload_json NOT NULL';

describe('an installation is refused', () => {
  test('before there is telemetry', () => {
    const { code, found } = refused(14, '');
    expect({ code, found }).toEqual({ code: 'triggers_refused', found: 'version 14, without telemetry_event' });
  });

  test('where telemetry came too early, so that the migration that makes it is still ahead', () => {
    const made = `CREATE TABLE telemetry_event (id TEXT PRIMARY KEY, ${NEEDED})`;
    expect(refused(14, made)).toMatchObject({ code: 'triggers_refused', found: 'version 14, with telemetry_event' });
  });

  test('where the version is not known', () => {
    const unknown = refused(82, '', () => null);
    expect(unknown).toMatchObject({ code: 'triggers_refused', found: 'version unknown, with telemetry_event' });
  });

  test.each([
    ...['projects_new', 'conversation_activities_new', 'change_log_new', 'review_next', 'review_new'],
    ...['usage_bindings_prev', 'sessions_repair'],
  ])('where a migration was stopped half-way and left %s', (table) => {
    const error = refused(82, `CREATE TABLE ${table} (id)`);
    expect(error).toMatchObject({ code: 'triggers_refused', found: `a table ${table}` });
  });

  test.each([
    ['a column is lacking', `id TEXT PRIMARY KEY, ${NEEDED.replace('request_id NOT NULL, ', '')}`],
    ['a column more wants a value', `id TEXT PRIMARY KEY, ${NEEDED}, tenant TEXT NOT NULL`],
    ['the id is no key', `id TEXT, ${NEEDED}`],
  ])('where the table of telemetry is another one: %s', (_, columns) => {
    expect(refused(82, TELEMETRY(columns))).toMatchObject({ code: 'triggers_refused' });
  });

  test('where sessions are not what they were, for half of what is seen of them would tell wrong', () => {
    const error = refused(82, 'ALTER TABLE sessions RENAME COLUMN first_signal_at TO signalled_at');
    expect(error).toMatchObject({ code: 'triggers_refused', found: 'none with first_signal_at' });
  });

  test.each([
    ...['AFTER INSERT ON sessions', 'BEFORE UPDATE ON sessions', 'AFTER UPDATE OF is_pinned ON sessions'],
    ...['BEFORE DELETE ON sessions', 'AFTER INSERT ON projects', 'AFTER UPDATE ON review_run'],
    ...['AFTER INSERT ON notifications', 'AFTER DELETE ON shell_terminals', 'AFTER INSERT ON telemetry_event'],
    ...['AFTER DELETE ON telemetry_event', 'AFTER INSERT ON change_log'],
  ])('where a trigger of somebody else is broken: %s', (event) => {
    const error = refused(82, `CREATE TRIGGER sidecar ${event} BEGIN INSERT INTO nowhere VALUES (1); END`);
    expect(error.code).toBe('triggers_refused');
    expect(error.found).toContain('nowhere');
  });

  test.each([
    'CREATE TRIGGER ao_projector_mine AFTER INSERT ON pr BEGIN SELECT 1; END',
    'CREATE TRIGGER ao_projector_session_ended AFTER INSERT ON pr BEGIN SELECT 1; END',
    'CREATE TABLE ao_projector_session_ended (id)',
    'CREATE VIEW ao_projector_mine AS SELECT 1',
    'CREATE INDEX ao_projector_mine ON pr(number)',
  ])('where something of somebody else bears a name of ours: %s', (sql) => {
    const error = refused(82, sql);
    expect(error).toMatchObject({ code: 'triggers_foreign', found: sql.split(' ')[2] });
  });

  test('where one of ours was edited', () => {
    const error = withHost(82, (db, path) => {
      install(db, 82, INSTALLED_AT);
      const name = 'ao_projector_session_ended';
      const sql = db.prepare<[], string>(`SELECT sql FROM sqlite_master WHERE name = '${name}'`).pluck().get()!;
      db.exec(`DROP TRIGGER ${name}`);
      db.exec(sql.replace("'info'", "'warn'"));
      db.close();
      return refusal(path, STOPPED, hostVersion);
    });
    expect(error).toMatchObject({ code: 'triggers_foreign', found: 'ao_projector_session_ended' });
  });
});

test('a harmless trigger of somebody else is no reason', () => {
  withHost(82, (db, path) => {
    db.exec('CREATE TRIGGER sidecar AFTER INSERT ON sessions BEGIN SELECT NEW.id; END');
    db.close();
    expect(writeHost(path, STOPPED, (host) => install(host, 82, INSTALLED_AT))).toBe(13);
  });
});

describe('a database in use', () => {
  test('is left alone while somebody has it open who has read from it', () => {
    withHost(82, (db, path) => {
      db.prepare('SELECT count(*) FROM sessions').get();
      const error = refusal(path, STOPPED, hostVersion);
      expect(error).toMatchObject({ code: 'daemon_running', found: 'another process that has the database open' });
      expect(verify(db).state).toBe('none');
    });
  });

  test('is left alone while a daemon is known to run', () => {
    withHost(82, (db, path) => {
      db.close();
      const error = refusal(path, { whileRunning: false, daemon: 4711 }, hostVersion);
      expect(error).toMatchObject({ code: 'daemon_running', found: 'a daemon that runs (pid 4711)' });
    });
  });

  test('is written beside a running daemon when that was asked for, and the daemon goes on', () => {
    withHost(82, (db, path) => {
      const insert = db.prepare('INSERT INTO projects (id, path, registered_at) VALUES (?, ?, ?)');
      insert.run('web', '/', AT);
      const written = writeHost(path, { whileRunning: true, daemon: 4711 }, (host) => install(host, 82, INSTALLED_AT));
      expect(written).toBe(13);
      insert.run('api', '/', AT);
      const facts = db.prepare("SELECT id FROM telemetry_event WHERE name = 'ao_projector.project_added'").pluck();
      expect(facts.all()).toEqual(['aop:project_added:api']);
    });
  });

  test('is given up when somebody holds its lock', () => {
    withHost(82, (db, path) => {
      db.exec('BEGIN IMMEDIATE');
      expect(refusal(path, RUNNING, hostVersion)).toMatchObject({ code: 'host_locked', found: 'SQLITE_BUSY' });
      db.exec('COMMIT');
      expect(writeHost(path, RUNNING, (host) => install(host, 82, INSTALLED_AT))).toBe(13);
    });
  });

  test('is free again after an installation', () => {
    withHost(82, (db, path) => {
      db.close();
      writeHost(path, STOPPED, (host) => install(host, 82, INSTALLED_AT));
      writeHost(path, STOPPED, (host) => uninstall(host, INSTALLED_AT));
      const daemon = openHost(path);
      daemon.exec(`INSERT INTO projects (id, path, registered_at) VALUES ('web', '/', '${AT}')`);
      daemon.close();
    });
  });
});

test('an error on the way takes everything back', () => {
  withHost(82, (db, path) => {
    const before = everything(db);
    const fails = () =>
      writeHost(path, RUNNING, (host) => {
        install(host, 82, INSTALLED_AT);
        throw new Error('no');
      });
    expect(fails).toThrow('no');
    expect(everything(db)).toEqual(before);
  });
});

test('a database that is not there is not made', () => {
  withFolder((folder) => {
    const path = join(folder, 'ao.db');
    const writes = () => writeHost(path, STOPPED, () => {});
    expect(writes).toThrow(`There is no ${path}.`);
    expect(existsSync(path)).toBe(false);
    createHost(path, { version: 82 }).close();
    expect(writes).not.toThrow();
  });
});
