import type { Database } from 'better-sqlite3';
import { ProjectorError } from '../errors.ts';

/** What a host database turned out to have; its version table is not taken at its word. */
export interface Probe {
  /** Highest applied migration, as the daemon itself reads its version table; null when it has none. */
  readonly schemaVersion: number | null;
  readonly telemetry: boolean;
  readonly sessions: boolean;
  readonly projects: boolean;
  readonly migrations: boolean;
  /** Whether rows that hold a session id alone can occur. */
  readonly idOnlyRows: boolean;
  /** Columns of `change_log` that may be NULL. */
  readonly nullable: ReadonlySet<string>;
}

const CHANGE_LOG = ['seq', 'project_id', 'session_id', 'event_type', 'payload', 'created_at'];
const TELEMETRY = ['id', 'occurred_at', 'name', 'project_id', 'session_id', 'request_id', 'payload_json'];

interface Column {
  readonly name: string;
  readonly notnull: number;
}

/** Looks at the tables and columns that are there. Throws when there is no `change_log` that could be read. */
export function probe(db: Database): Probe {
  const columnsOf = db.prepare<[string], Column>('SELECT name, "notnull" FROM pragma_table_info(?)');
  const has = (table: string, wanted: readonly string[]) => {
    const names = new Set(columnsOf.all(table).map(({ name }) => name));
    return wanted.every((name) => names.has(name));
  };
  const changeLog = columnsOf.all('change_log');
  if (!has('change_log', CHANGE_LOG)) throw noChangeLog(db.name, changeLog);
  const migrations = has('goose_db_version', ['id', 'version_id', 'is_applied', 'tstamp']);
  return {
    schemaVersion: migrations ? schemaVersion(db) : null,
    telemetry: has('telemetry_event', TELEMETRY),
    sessions: has('sessions', ['id', 'kind', 'harness']),
    projects: has('projects', ['id', 'registered_at']),
    migrations,
    idOnlyRows: has('usage_bindings', ['id']) || has('session_cleanup_facts', ['session_id']),
    nullable: new Set(changeLog.filter(({ notnull }) => notnull === 0).map(({ name }) => name)),
  };
}

/** Of each migration the latest row says whether it is applied. */
function schemaVersion(db: Database): number | null {
  const version = db.prepare<[], number | null>(
    `SELECT max(version_id) FROM goose_db_version AS latest
     WHERE is_applied = 1 AND id = (SELECT max(id) FROM goose_db_version WHERE version_id = latest.version_id)`,
  );
  return version.pluck().get() ?? null;
}

function noChangeLog(path: string, columns: readonly Column[]): ProjectorError {
  return new ProjectorError({
    code: 'no_change_log',
    message: `${path} is not a database of the ao daemon.`,
    expected: `a table change_log with ${CHANGE_LOG.join(', ')}`,
    found: columns.length === 0 ? 'no such table' : `a table with ${columns.map(({ name }) => name).join(', ')}`,
    remedy:
      'Set AO_DATA_DIR to the data directory of the daemon. If the daemon is making its database right now, try again.',
  });
}
