import type { Database, Statement } from 'better-sqlite3';
import { OBSERVED, type SessionCreated } from '../../projections/facts.ts';
import { HARNESSES, PROJECT_KINDS, SESSION_KINDS } from '../../projections/vocabularies.ts';
import type { Keys } from './keys.ts';
import type { Probe } from './probe.ts';
import { type NewFact, wordOf } from './telemetry.ts';
import { parseTimestamp } from './timestamp.ts';

interface SessionRow {
  readonly kind: string;
  readonly harness: string;
}

interface ProjectRow {
  readonly id: string;
  readonly kind: string;
  readonly registeredAt: string;
  readonly hasRemote: number;
}

interface MigrationRow {
  readonly version: number;
  readonly tstamp: string;
}

const PROJECT_COLUMNS = "SELECT CAST(id AS TEXT) AS id, coalesce(CAST(registered_at AS TEXT), '') AS registeredAt";

/** State tables of the daemon inside a snapshot, for what no stream carries. */
export class ObservedTables {
  readonly #session: Statement<[string], SessionRow> | null;
  readonly #projects: Statement<[], ProjectRow> | null;
  readonly #migrations: Statement<[], MigrationRow> | null;
  readonly #newestMigration: Statement<[], number | null> | null;
  #migrationsSeen: number | null = null;

  constructor(db: Database, probe: Probe) {
    this.#session = probe.sessions ? db.prepare('SELECT kind, harness FROM sessions WHERE id = ?') : null;
    this.#projects = probe.projects ? db.prepare(projectQuery(db)) : null;
    this.#migrations = probe.migrations
      ? db.prepare(
          `SELECT version_id AS version, coalesce(CAST(tstamp AS TEXT), '') AS tstamp FROM goose_db_version AS latest
           WHERE version_id > 0 AND is_applied = 1
             AND id = (SELECT max(id) FROM goose_db_version WHERE version_id = latest.version_id) ORDER BY version_id`,
        )
      : null;
    this.#newestMigration = probe.migrations
      ? db.prepare<[], number | null>('SELECT max(id) FROM goose_db_version').pluck()
      : null;
  }

  /** Kind and harness of an incarnation, keyed by its creation row; null where the daemon's table does not say. */
  session(created: SessionCreated, keys: Keys): NewFact {
    const row = this.#session?.get(created.session);
    return {
      identity: sessionIdentity(created.seq),
      name: OBSERVED.session,
      at: created.at,
      nanos: created.nanos,
      project: created.project,
      session: keys.session(created.session),
      data: {
        born: created.seq,
        kind: row ? wordOf(SESSION_KINDS, row.kind) : null,
        harness: row ? wordOf(HARNESSES, row.harness) : null,
      },
    };
  }

  /** Every project with its registration time, except those in `known`, which holds identities. */
  projects(keys: Keys, known: ReadonlySet<string>): (NewFact & { readonly raw: string })[] {
    const facts: (NewFact & { readonly raw: string })[] = [];
    for (const { id, kind, registeredAt, hasRemote } of this.#projects?.all() ?? []) {
      const project = keys.project(id);
      const instant = parseTimestamp(registeredAt);
      const identity = `project:${project}`;
      if (!instant || known.has(identity)) continue;
      const data = { kind: wordOf(PROJECT_KINDS, kind), has_git_remote: hasRemote === 1 };
      facts.push({ identity, name: OBSERVED.project, ...instant, project, session: null, data, raw: id });
    }
    return facts;
  }

  /** The time of each migration, except those in `known`. */
  migrations(known: ReadonlySet<string>): NewFact[] {
    const newest = this.#newestMigration?.get() ?? null;
    if (newest === this.#migrationsSeen) return [];
    const facts: NewFact[] = [];
    for (const { version, tstamp } of this.#migrations?.all() ?? []) {
      const identity = `migration:${version}`;
      const instant = known.has(identity) ? null : parseTimestamp(tstamp);
      if (!instant) continue;
      facts.push({ identity, name: OBSERVED.migration, ...instant, project: null, session: null, data: { version } });
    }
    if (facts.length === 0) this.#migrationsSeen = newest;
    return facts;
  }
}

/** Identity of the observed fact of an incarnation. */
export function sessionIdentity(born: number): string {
  return `session:${born}`;
}

/** Kind and remote came with later versions. */
function projectQuery(db: Database): string {
  const names = db.prepare<[], string>("SELECT name FROM pragma_table_info('projects')").pluck().all();
  const kind = names.includes('kind') ? 'kind' : "'single_repo'";
  const hasRemote = names.includes('repo_origin_url') ? "repo_origin_url <> ''" : '0';
  return `${PROJECT_COLUMNS}, ${kind} AS kind, ${hasRemote} AS hasRemote FROM projects WHERE id IS NOT NULL ORDER BY rowid`;
}
