import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { createHost, type HostDatabase, hostVersion, openHost } from '../../fixtures/daemon/schema.ts';
import { useClock } from '../../fixtures/daemon/sqlite-clock.ts';
import { SimulatedClock } from '../../fixtures/daemon/time.ts';
import { install, uninstall } from '../../triggers/install.ts';
import { withFolder } from '../support/temporary.ts';

export type Value = string | number | bigint | null | Buffer;
export type Row = Readonly<Record<string, Value>>;

export const INSTALLED_AT = Date.UTC(2026, 5, 18, 7);
/** What SQLite's clock says on a host with a clock of the model. */
export const CLOCK = '2026-06-18 08:00:00.000 +0000 UTC';

export const AT = '2026-06-18 12:34:56.789012345 +0000 UTC';
export const LATER = '2026-06-18 12:40:00.5 +0000 UTC';
export const STILL_LATER = '2026-06-18 13:00:00 +0000 UTC';

/** A row of `telemetry_event` that our triggers wrote. */
export interface Fact {
  readonly id: string;
  readonly occurred_at: string;
  readonly name: string;
  readonly source: string;
  readonly level: string;
  readonly project_id: string | null;
  readonly session_id: string | null;
  readonly request_id: string;
  readonly payload_json: string;
}

const SAME = { source: 'ao-projector', level: 'info', request_id: '' } as const;

/** A fact as it is expected, to the last letter. */
export function fact(
  name: string,
  rest: { id: string; at: string; project?: string; session?: string; payload: string },
): Fact {
  const { id, at, project = null, session = null, payload } = rest;
  return { id, occurred_at: at, name, project_id: project, session_id: session, payload_json: payload, ...SAME };
}

/** Our facts in the order in which they were written, markers aside. */
export function factsOf(db: HostDatabase): Fact[] {
  return db
    .prepare<[], Fact>(
      `SELECT id, occurred_at, name, project_id, session_id, payload_json, source, level, request_id FROM telemetry_event
       WHERE source = 'ao-projector' AND name NOT LIKE 'ao_projector.triggers_%' ORDER BY rowid`,
    )
    .all();
}

export const markersOf = (db: HostDatabase): string[] =>
  db
    .prepare<[], string>("SELECT name FROM telemetry_event WHERE name LIKE 'ao_projector.triggers_%' ORDER BY rowid")
    .pluck()
    .all();

/** Everything in the schema, byte for byte. */
export const schemaOf = (db: HostDatabase): unknown[] =>
  db.prepare('SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name').all();

/** Every row of every table, the rows of ours aside. */
export function rowsOf(db: HostDatabase): Record<string, unknown[]> {
  const tables = db.prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all();
  const rows = (table: string) => {
    const others = table === 'telemetry_event' ? "WHERE source <> 'ao-projector'" : '';
    return db.prepare(`SELECT * FROM ${table} ${others} ORDER BY rowid`).all();
  };
  return Object.fromEntries(tables.map((table) => [table, rows(table)]));
}

export const installOn = (db: HostDatabase, at = INSTALLED_AT): number =>
  db.transaction(() => install(db, hostVersion(db), at)).immediate();
export const uninstallFrom = (db: HostDatabase, at = INSTALLED_AT + 60_000): number =>
  db.transaction(() => uninstall(db, at)).immediate();

const templates = mkdtempSync(join(tmpdir(), 'ao-triggers-'));
afterAll(() => rmSync(templates, { recursive: true, force: true }));
const made = new Set<number>();

/** Puts a host database without rows at `path`. */
export function writeHostFile(path: string, version: number): void {
  const template = join(templates, `${version}.db`);
  if (!made.has(version)) createHost(template, { version }).close();
  made.add(version);
  copyFileSync(template, path);
}

/** Runs with a host database in a file of its own. */
export function withHost<T>(version: number, use: (db: HostDatabase, path: string) => T): T {
  return withFolder((folder) => {
    const path = join(folder, 'ao.db');
    writeHostFile(path, version);
    const db = openHost(path);
    let result: T;
    try {
      result = use(db, path);
    } catch (error) {
      db.close();
      throw error;
    }
    if (result instanceof Promise) return result.finally(() => db.close()) as T;
    db.close();
    return result;
  });
}

/** Runs with a host that carries our triggers, and has a project, a session and a review already. */
export function withTriggers<T>(version: number, use: (host: Host) => T, { clock = false } = {}): T {
  return withHost(version, (db) => {
    const host = new Host(db);
    if (clock) useClock(db, new SimulatedClock());
    host.insert('projects', { id: 'web', path: '/home/dev/web', registered_at: AT });
    host.insert('sessions', { ...SESSION, id: 'web-1', num: 1 });
    const ids = { session_id: 'web-1', project_id: 'web' };
    host.insert('review', { id: 'rev', ...ids, harness: 'codex', created_at: AT, updated_at: AT });
    installOn(db);
    return use(host);
  });
}

/** A session as the first write of a spawn leaves it. */
export const SESSION: Row = {
  id: 'web-2',
  project_id: 'web',
  num: 2,
  kind: 'worker',
  harness: 'codex',
  activity_last_at: AT,
  created_at: AT,
  updated_at: AT,
};

const KEYS: Readonly<Record<string, string>> = { shell_terminals: 'handle_id' };

/** The writes of a daemon, in its own forms, and the facts that each of them adds. */
export class Host {
  readonly db: HostDatabase;

  constructor(db: HostDatabase) {
    this.db = db;
  }

  insert(table: string, row: Row, { or = '', end = '' } = {}): void {
    const places = Object.keys(row).map(() => '?');
    this.db
      .prepare(`INSERT ${or} INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${places.join(', ')}) ${end}`)
      .run(...Object.values(row));
  }

  /** Writes the whole row, as the daemon does, with some of its values changed. */
  update(table: string, id: string, changes: Row = {}, { or = '' } = {}): void {
    const key = KEYS[table] ?? 'id';
    const before = this.db.prepare(`SELECT * FROM ${table} WHERE ${key} = ?`).get(id) as Row | undefined;
    if (before === undefined) throw new Error(`Expected a row ${id} in ${table}, found none`);
    const row = { ...before, ...changes };
    const assignments = Object.keys(row).map((column) => `${column} = ?`);
    this.db
      .prepare(`UPDATE ${or} ${table} SET ${assignments.join(', ')} WHERE ${key} = ?`)
      .run(...Object.values(row), id);
  }

  remove(table: string, id: string): void {
    this.db.prepare(`DELETE FROM ${table} WHERE ${KEYS[table] ?? 'id'} = ?`).run(id);
  }

  /** The facts that a piece of work adds. */
  adds(work: () => void): Fact[] {
    const before = factsOf(this.db).length;
    work();
    return factsOf(this.db).slice(before);
  }
}
