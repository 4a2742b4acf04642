import Database from 'better-sqlite3';
import {
  type Change,
  decodeChange,
  decodeTelemetry,
  type RawChange,
  type RawTelemetry,
  type Telemetry,
} from './decode.ts';
import { readSeen, type Seen } from './lives.ts';
import { type Nanoseconds, parseTime } from './time.ts';

export type Project = { id: string; registered: Nanoseconds };
export type Migration = { version: number; time: Nanoseconds };

/** All that a host database says, decoded: the log in `seq` order, telemetry and what triggers saw in rowid order. */
export type Log = {
  changes: Change[];
  telemetry: Telemetry[];
  projects: Project[];
  migrations: Migration[];
  seen: Seen[];
};

export function readLog(path: string): Log {
  const host = new Database(path, { readonly: true, fileMustExist: true });
  try {
    return host.transaction(() => ({
      changes: rows<RawChange>(host, 'change_log', 'SELECT * FROM change_log ORDER BY seq')
        .map(decodeChange)
        .filter((row) => row !== null),
      telemetry: rows<RawTelemetry>(host, 'telemetry_event', 'SELECT rowid, * FROM telemetry_event ORDER BY rowid')
        .map(decodeTelemetry)
        .filter((row) => row !== null),
      projects: readProjects(host),
      migrations: readMigrations(host),
      seen: readSeen(host),
    }))();
  } finally {
    host.close();
  }
}

function readProjects(host: Database.Database): Project[] {
  const found: Project[] = [];
  const sql = 'SELECT id, registered_at FROM projects ORDER BY rowid';
  for (const row of rows<{ id: string; registered_at: unknown }>(host, 'projects', sql)) {
    const registered = parseTime(row.registered_at);
    if (registered !== null) found.push({ id: row.id, registered });
  }
  return found;
}

/** Of each version the row with the highest id speaks. */
function readMigrations(host: Database.Database): Migration[] {
  const sql = 'SELECT id, version_id, is_applied, tstamp FROM goose_db_version ORDER BY id';
  const all = rows<{ id: number; version_id: number; is_applied: number; tstamp: unknown }>(
    host,
    'goose_db_version',
    sql,
  );
  const found: Migration[] = [];
  for (const row of all) {
    const time = parseTime(row.tstamp);
    const replaced = all.some((other) => other.version_id === row.version_id && other.id > row.id);
    if (!replaced && row.is_applied === 1 && time !== null) found.push({ version: row.version_id, time });
  }
  return found;
}

function rows<Row>(host: Database.Database, table: string, sql: string): Row[] {
  const exists = host.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").get(table);
  return exists === undefined ? [] : (host.prepare(sql).all() as Row[]);
}
