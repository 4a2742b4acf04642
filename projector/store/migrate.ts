import type { Database } from 'better-sqlite3';
import { type MigrationMeta, readMigrationFiles } from 'drizzle-orm/migrator';
import { ProjectorError } from '../errors.ts';
import { packagePath } from './paths.ts';

const APPLIED = '__drizzle_migrations';

/**
 * Brings `analytics.db` to the schema of this version. drizzle's own migrator runs its statements outside of one lock, and
 * two processes that start at once make each other fail; so its migration files are applied here under a write lock, with
 * foreign keys off as its table rebuilds need it. Its table of applied migrations is kept as it keeps it.
 */
export function migrate(db: Database): void {
  const migrations = knownMigrations();
  db.pragma('foreign_keys = OFF');
  const apply = db.transaction(() => {
    db.exec(`CREATE TABLE IF NOT EXISTS ${APPLIED} (id INTEGER PRIMARY KEY, hash text NOT NULL, created_at numeric)`);
    const applied = appliedMigrations(db);
    refuseNewer(db.name, applied, migrations);
    const insert = db.prepare(`INSERT INTO ${APPLIED} (hash, created_at) VALUES (?, ?)`);
    for (const migration of migrations.slice(applied.length)) {
      for (const statement of migration.sql) db.exec(statement);
      insert.run(migration.hash, migration.folderMillis);
    }
  });
  apply.immediate();
}

/** Whether the file has every migration of this version; throws when it has one that this version does not know. */
export function isCurrent(db: Database): boolean {
  const has = db.prepare('SELECT 1 FROM sqlite_master WHERE name = ?').get(APPLIED);
  if (!has) return false;
  const applied = appliedMigrations(db);
  const migrations = knownMigrations();
  refuseNewer(db.name, applied, migrations);
  return applied.length === migrations.length;
}

function knownMigrations(): MigrationMeta[] {
  return readMigrationFiles({ migrationsFolder: packagePath('drizzle', 'migrations') });
}

function appliedMigrations(db: Database): string[] {
  return db.prepare<[], string>(`SELECT hash FROM ${APPLIED} ORDER BY id`).pluck().all();
}

function refuseNewer(path: string, applied: string[], migrations: MigrationMeta[]): void {
  if (applied.every((hash, index) => hash === migrations[index]?.hash)) return;
  throw new ProjectorError({
    code: 'analytics_newer',
    message: `${path} was written by another version of ao-projector.`,
    expected: `at most the ${migrations.length} migrations that this version knows`,
    found: `${applied.length} migrations, not all of them known`,
    remedy: 'Install the newest ao-projector, or move analytics.* away to start anew. Nothing was changed.',
  });
}
