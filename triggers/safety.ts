import type { Database } from 'better-sqlite3';
import { ProjectorError } from '../projector/errors.ts';
import { columnsLacking } from './definitions.ts';

/** `telemetry_event` came with this migration; made before it, the migration would fail for ever. */
const FIRST_VERSION = 15;

const TELEMETRY = 'id occurred_at name source level project_id session_id request_id payload_json'.split(' ');

/** Tables that a migration of the daemon leaves behind when it is stopped half-way. */
const HALF_DONE = /^(projects|conversation_activities|change_log)_new$|^review_(next|new)$|_(prev|repair)$/;

const UNKNOWN_DAEMON = 'This version of ao-projector does not know this daemon. Look for a newer one.';

interface Column {
  readonly name: string;
  readonly notnull: number;
  readonly dflt_value: string | null;
  readonly pk: number;
}

/** Throws when triggers in this database could make a write or a later migration of the daemon fail. */
export function refuseUnsafe(db: Database, schemaVersion: number | null): void {
  const tables = db.prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all();
  if (schemaVersion === null || schemaVersion < FIRST_VERSION || !tables.includes('telemetry_event')) {
    throw refused(
      `a database of version ${FIRST_VERSION} or later, with a table telemetry_event`,
      `version ${schemaVersion ?? 'unknown'}, ${tables.includes('telemetry_event') ? 'with' : 'without'} telemetry_event`,
      'Upgrade the daemon. Everything that needs no triggers works without.',
    );
  }
  const halfDone = tables.find((name) => HALF_DONE.test(name));
  if (halfDone) {
    throw refused(
      'a database that no migration was stopped in',
      `a table ${halfDone}`,
      'Start the daemon and let it finish its migrations, then try again.',
    );
  }
  const columns = db.prepare<[], Column>(
    'SELECT name, "notnull", dflt_value, pk FROM pragma_table_info(\'telemetry_event\')',
  );
  const strange = columns.all().filter(({ name, notnull, dflt_value }) => {
    return !TELEMETRY.includes(name) && notnull === 1 && dflt_value === null;
  });
  const names = columns.all().map(({ name }) => name);
  const lacking = TELEMETRY.filter((name) => !names.includes(name));
  const keyed = columns.all().some(({ name, pk }) => name === 'id' && pk === 1);
  if (strange.length > 0 || lacking.length > 0 || !keyed) {
    throw refused(
      `a table telemetry_event with ${TELEMETRY.join(', ')}, and id as its key`,
      names.join(', '),
      UNKNOWN_DAEMON,
    );
  }
  // What is told of a session rests on all of its triggers: half of them would tell wrong, not less.
  const ofSessions = columnsLacking(db, 'sessions');
  if (ofSessions.length > 0) {
    throw refused('a table sessions as every daemon had it', `none with ${ofSessions.join(', ')}`, UNKNOWN_DAEMON);
  }
}

/** Throws when a statement on a table that carries triggers would not compile: a trigger, ours or not, is broken. */
export function refuseBroken(db: Database, tables: Iterable<string>): void {
  for (const table of tables) {
    const columns = db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table);
    const everyColumn = columns.map((name) => `"${name}" = "${name}"`).join(', ');
    try {
      db.prepare(`EXPLAIN INSERT INTO ${table} DEFAULT VALUES`).all();
      db.prepare(`EXPLAIN UPDATE ${table} SET ${everyColumn}`).all();
      db.prepare(`EXPLAIN DELETE FROM ${table}`).all();
    } catch (error) {
      throw refused(
        'triggers on which the daemon can write',
        `${table}: ${(error as Error).message}`,
        'Nothing was changed. Remove the trigger that is broken, if it is not the daemon’s own.',
      );
    }
  }
}

function refused(expected: string, found: string, remedy: string): ProjectorError {
  return new ProjectorError({
    code: 'triggers_refused',
    message: 'Triggers cannot be put into this database safely; nothing was changed.',
    expected,
    found,
    remedy,
  });
}
