import { cdcTriggers } from '../../fixtures/daemon/schema/triggers.ts';
import { dropTriggers, type HostDatabase, syncTriggers } from '../../fixtures/daemon/schema.ts';

/** A thing that a migration or a start of the daemon does to the schema, from the version on that it can meet. */
export interface Step {
  readonly what: string;
  readonly since: number;
  /** Triggers of ours that it takes away. */
  readonly loses?: readonly string[];
  run(db: HostDatabase): void;
}

const PROJECT_TRIGGERS = [
  'ao_projector_project_added',
  'ao_projector_project_archived',
  'ao_projector_project_readded',
];

const names = (db: HostDatabase, table: string): string =>
  db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table).join(', ');
const sqlOf = (db: HostDatabase, name: string): string =>
  db.prepare<[string], string>('SELECT sql FROM sqlite_master WHERE name = ?').pluck().get(name)!;

/** Copies a table into one of another name, drops it, and gives the copy its name: the daemon's way to change a table. */
function rebuild(db: HostDatabase, table: string, name: string): void {
  const columns = names(db, table);
  db.exec(sqlOf(db, table).replace(/^CREATE TABLE "?\w+"?/, `CREATE TABLE ${name}`));
  db.exec(`INSERT INTO ${name} (${columns}) SELECT ${columns} FROM ${table}`);
  db.exec(`DROP TABLE ${table}`);
  db.exec(`ALTER TABLE ${name} RENAME TO ${table}`);
}

/** As v28, v74, v75, v77 and v80 do it: statement by statement, with foreign keys off. */
function rebuildOpenly(db: HostDatabase, table: string, name: string): void {
  db.pragma('foreign_keys = OFF');
  rebuild(db, table, name);
  db.pragma('foreign_keys = ON');
  syncTriggers(db);
}

const USAGE = ['usage_bindings', 'usage_sources', 'model_usage_events'];
const VIEWS = ['usage_codex_source_discovery', 'usage_codex_pending_children', 'usage_session_integrity'];

/** The steps of section 9.1 of the contract, each as a step of its own; the model performs some of them in its migrations too. */
export const STEPS: readonly Step[] = [
  {
    what: 'projects are rebuilt (v28)',
    since: 15,
    loses: PROJECT_TRIGGERS,
    run: (db) => rebuildOpenly(db, 'projects', 'projects_new'),
  },
  {
    what: 'review is rebuilt (v80, and at a start)',
    since: 15,
    run: (db) => rebuildOpenly(db, 'review', 'review_next'),
  },
  {
    what: 'review_session is dropped (v80)',
    since: 48,
    run: (db) => db.exec('DROP TABLE IF EXISTS review_session'),
  },
  {
    what: 'conversation_activities are rebuilt (v74, v75, v77)',
    since: 66,
    run: (db) => rebuildOpenly(db, 'conversation_activities', 'conversation_activities_new'),
  },
  {
    what: 'usage tables are rebuilt in one transaction, with their triggers and views (v52)',
    since: 52,
    run(db) {
      for (const view of VIEWS) db.exec(`CREATE VIEW ${view} AS SELECT id FROM usage_bindings`);
      db.pragma('foreign_keys = OFF');
      db.exec('BEGIN IMMEDIATE');
      for (const view of VIEWS) db.exec(`DROP VIEW ${view}`);
      for (const name of cdcTriggers(82).keys())
        if (name.startsWith('usage_')) db.exec(`DROP TRIGGER IF EXISTS ${name}`);
      for (const table of USAGE) rebuild(db, table, `${table}_v52`);
      for (const view of VIEWS) db.exec(`CREATE VIEW ${view} AS SELECT id FROM usage_bindings`);
      db.exec('COMMIT');
      db.pragma('foreign_keys = ON');
      for (const view of VIEWS) db.exec(`DROP VIEW ${view}`);
      syncTriggers(db);
    },
  },
  {
    what: 'change_log is rebuilt in one transaction (v4, v6)',
    since: 15,
    run(db) {
      db.transaction(() => {
        dropTriggers(db);
        rebuild(db, 'change_log', 'change_log_new');
        db.exec('CREATE INDEX idx_change_log_project ON change_log(project_id, seq)');
        syncTriggers(db);
      })();
    },
  },
  {
    what: 'a column of sessions comes and goes again (v2, the withdrawn v22)',
    since: 15,
    run(db) {
      db.exec("ALTER TABLE sessions ADD COLUMN launched_harnesses TEXT NOT NULL DEFAULT ''");
      db.exec('ALTER TABLE sessions DROP COLUMN launched_harnesses');
    },
  },
  {
    what: 'columns come to every table that carries triggers',
    since: 15,
    run(db) {
      for (const table of ['projects', 'sessions', 'review_run', 'notifications']) {
        db.exec(`ALTER TABLE ${table} ADD COLUMN later TEXT NOT NULL DEFAULT ''`);
      }
    },
  },
  {
    what: 'the CHECK of sessions is edited in place (v7, v26, v53, v82, and at a start)',
    since: 15,
    run(db) {
      db.unsafeMode(true);
      db.pragma('writable_schema = ON');
      db.exec(
        `UPDATE sqlite_master SET sql = replace(sql, 'harness IN (''''', 'harness IN ('''',''qm''') WHERE name = 'sessions'`,
      );
      db.pragma('writable_schema = RESET');
      db.unsafeMode(false);
      db.exec(`UPDATE sessions SET harness = 'qm'`);
      db.exec(`UPDATE sessions SET harness = 'codex'`);
    },
  },
  {
    what: 'the daemon’s trigger on sessions is dropped and made again (v10 to v78, and at a start)',
    since: 15,
    run(db) {
      const sql = sqlOf(db, 'sessions_cdc_update');
      db.exec('DROP TRIGGER sessions_cdc_update');
      db.exec(sql);
    },
  },
  {
    what: 'tables come and are dropped again (v25 and v37, v38 and v39)',
    since: 15,
    run(db) {
      for (const table of ['idle_events', 'reengagements']) {
        db.exec(`CREATE TABLE ${table} (id INTEGER PRIMARY KEY, session_id TEXT NOT NULL REFERENCES sessions(id))`);
        db.exec(`CREATE TRIGGER of_${table} AFTER INSERT ON ${table} BEGIN SELECT 1; END`);
        db.exec(`DROP TABLE ${table}`);
      }
    },
  },
  {
    what: 'all sessions are written (v10)',
    since: 15,
    run: (db) => db.exec('UPDATE sessions SET first_signal_at = activity_last_at WHERE first_signal_at IS NOT NULL'),
  },
  {
    what: 'all pull requests, notifications and runs are written (v32, v41, v44)',
    since: 15,
    run: (db) => {
      db.exec("UPDATE pr SET last_nudge_signature = ''");
      db.exec("UPDATE notifications SET status = 'read'");
      db.exec("UPDATE review_run SET body = ''");
    },
  },
  {
    what: 'messages are written (v79)',
    since: 66,
    run: (db) => db.exec("UPDATE conversation_messages SET body = ''"),
  },
  {
    what: 'duplicate runs are deleted and their index changes (v13, v20, v48)',
    since: 15,
    run(db) {
      db.exec('DELETE FROM review_run WHERE rowid NOT IN (SELECT max(rowid) FROM review_run GROUP BY session_id)');
      db.exec("CREATE UNIQUE INDEX one_run ON review_run(session_id, harness) WHERE status = 'running'");
      db.exec('DROP INDEX one_run');
    },
  },
];
