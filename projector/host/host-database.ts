import { existsSync } from 'node:fs';
import SQLite, { type Database } from 'better-sqlite3';
import { type Verification, verify } from '../../triggers/verify.ts';
import { hostMissing, ProjectorError, sqliteCode } from '../errors.ts';
import { ChangeLog } from './change-log.ts';
import { leaveNoFiles } from './leave-no-files.ts';
import { ObservedTables } from './observed-tables.ts';
import { type Probe, probe } from './probe.ts';
import { TelemetryTable } from './telemetry-table.ts';

/** Long enough for a commit of the daemon to pass; longer waits are the pipeline's, which does not block. */
const BUSY_TIMEOUT_MS = 100;

/** Rows are read once and in order, so hardly any page is met twice. */
const CACHE_KIB = 1_024;

/** What one look at the host database can ask for, all in one snapshot. */
export interface Snapshot {
  readonly probe: Probe;
  readonly changes: ChangeLog;
  readonly telemetry: TelemetryTable | null;
  readonly observed: ObservedTables;
  /** Our triggers, as the schema has them. */
  readonly triggers: Verification;
  /** Another number after every change of the schema. */
  readonly schemaCookie: number;
}

/**
 * The daemon's database, open read-only. It is never created, never written and never attached to a connection of ours, and
 * no read transaction outlives {@link HostDatabase.look}.
 */
export class HostDatabase {
  readonly #db: Database;
  readonly #schemaVersion: () => number;
  readonly #dataVersion: () => number;
  #schemaSeen = -1;
  #dataSeen = -1;
  #snapshot!: Snapshot;

  /** Opens the file; throws a {@link ProjectorError} when it is missing or is not the daemon's. */
  static open(path: string): HostDatabase {
    if (!existsSync(path)) throw hostMissing(path);
    let db: Database | undefined;
    try {
      db = new SQLite(path, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
      db.pragma(`cache_size = -${CACHE_KIB}`);
      return new HostDatabase(db);
    } catch (error) {
      db?.close();
      throw explain(path, error);
    }
  }

  private constructor(db: Database) {
    this.#db = db;
    const schemaVersion = db.prepare<[], number>('PRAGMA schema_version').pluck();
    const dataVersion = db.prepare<[], number>('PRAGMA data_version').pluck();
    this.#schemaVersion = () => schemaVersion.get()!;
    this.#dataVersion = () => dataVersion.get()!;
    this.look(() => {});
  }

  /** Whether another connection has committed since the last look that {@link HostDatabase.noted} was called for. */
  hasChanged(): boolean {
    return this.#dataVersion() !== this.#dataSeen;
  }

  /** Says that everything up to the last look has been taken in. */
  noted(dataVersion: number): void {
    this.#dataSeen = dataVersion;
  }

  /** Runs a function over one snapshot of the database. The function must not keep the snapshot. */
  look<T>(read: (snapshot: Snapshot, dataVersion: number) => T): T {
    try {
      this.#db.exec('BEGIN');
      try {
        const schema = this.#schemaVersion();
        if (schema !== this.#schemaSeen) {
          this.#snapshot = this.#prepare(schema);
          this.#schemaSeen = schema;
        }
        return read(this.#snapshot, this.#dataVersion());
      } finally {
        if (this.#db.inTransaction) this.#db.exec('COMMIT');
      }
    } catch (error) {
      throw explain(this.#db.name, error);
    }
  }

  close(): void {
    this.#db.close();
    leaveNoFiles(this.#db.name);
  }

  #prepare(schemaCookie: number): Snapshot {
    const probed = probe(this.#db);
    return {
      probe: probed,
      changes: new ChangeLog(this.#db, probed),
      telemetry: probed.telemetry ? new TelemetryTable(this.#db) : null,
      observed: new ObservedTables(this.#db, probed),
      triggers: verify(this.#db),
      schemaCookie,
    };
  }
}

/** Whether waiting and trying again may help. */
export function isTransient(error: unknown): boolean {
  const code = sqliteCode(error);
  return code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED') || code.startsWith('SQLITE_PROTOCOL');
}

function explain(path: string, error: unknown): unknown {
  const code = sqliteCode(error);
  const found = `${code}: ${(error as Error).message}`;
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')) {
    return new ProjectorError({
      code: 'host_not_a_database',
      message: `${path} cannot be read as a database.`,
      expected: "the daemon's SQLite database",
      found,
      remedy: 'Set AO_DATA_DIR to the data directory of the daemon. The file was not touched.',
    });
  }
  if (code.startsWith('SQLITE_CANTOPEN') || code === 'SQLITE_READONLY_DIRECTORY') {
    return new ProjectorError({
      code: 'host_not_readable',
      message: `${path} cannot be opened.`,
      expected: 'a file that this user may read, in a directory where SQLite may keep its -shm file',
      found,
      remedy: 'Run ao-projector as the user that runs the daemon.',
    });
  }
  if (code.startsWith('SQLITE_IOERR')) {
    return new ProjectorError({
      code: 'host_read_failed',
      message: `${path} could not be read.`,
      expected: 'a file system that gives back what is on it',
      found,
      remedy: 'See whether the disk fails. Then start again: the file was not touched, and what was read is kept.',
    });
  }
  return error;
}
