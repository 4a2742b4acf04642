import Database from 'better-sqlite3';

type Json = Record<string, unknown>;
type Line = { type: string; project: string; session: string; payload: string; at: string };

/** `2026-06-18 12:00:00` and this many seconds, as the host writes it: `at('61.5')` is a minute and a half second later. */
export function at(seconds: string): string {
  const [whole = '0', fraction] = seconds.split('.');
  const moment = new Date(Date.UTC(2026, 5, 18, 12, 0, Number(whole))).toISOString();
  return `${moment.slice(0, 19).replace('T', ' ')}${fraction === undefined ? '' : `.${fraction}`} +0000 UTC`;
}

/** The same moment as the answers have it. */
export function ms(seconds: number): number {
  return Date.UTC(2026, 5, 18, 12) + Math.floor(seconds * 1000);
}

/** A host database of a few rows. Rows of `change_log` are numbered 1, 2, 3 ... unless `skip` leaves a gap. */
export class TinyHost {
  readonly #host: Database.Database;
  #seq = 0;

  constructor(path: string, version = 19) {
    this.#host = new Database(path);
    this.#host.exec(`
      CREATE TABLE change_log (seq INTEGER PRIMARY KEY AUTOINCREMENT, project_id TEXT NOT NULL, session_id TEXT,
        event_type TEXT NOT NULL, payload TEXT NOT NULL, created_at TIMESTAMP NOT NULL);
      CREATE TABLE goose_db_version (id INTEGER PRIMARY KEY AUTOINCREMENT, version_id INTEGER NOT NULL,
        is_applied INTEGER NOT NULL, tstamp TIMESTAMP);
      CREATE TABLE projects (id TEXT PRIMARY KEY, registered_at TIMESTAMP NOT NULL);
    `);
    this.migrated(0, '2026-06-18 11:00:00');
    this.migrated(version, '2026-06-18 11:00:00');
  }

  migrated(version: number, when: string): this {
    this.#host.prepare('INSERT INTO goose_db_version VALUES (NULL, ?, 1, ?)').run(version, when);
    return this;
  }

  project(id: string, registered: string): this {
    this.#host.prepare('INSERT INTO projects VALUES (?, ?)').run(id, registered);
    return this;
  }

  /** The table is made with its first row. */
  telemetry(
    name: string,
    when: string,
    payload: Json = {},
    project: string | null = null,
    request = '',
    session: string | null = null,
  ): this {
    this.#host.exec(`CREATE TABLE IF NOT EXISTS telemetry_event (id TEXT PRIMARY KEY, occurred_at TIMESTAMP NOT NULL,
      name TEXT NOT NULL, source TEXT NOT NULL, level TEXT NOT NULL, project_id TEXT, session_id TEXT,
      request_id TEXT NOT NULL, payload_json TEXT NOT NULL)`);
    this.#host
      .prepare("INSERT INTO telemetry_event VALUES (hex(randomblob(8)), ?, ?, 's', 'info', ?, ?, ?, ?)")
      .run(when, name, project, session, request, JSON.stringify(payload));
    return this;
  }

  started(when: string): this {
    return this.telemetry('ao.daemon.started', when);
  }

  skip(): this {
    this.#seq += 1;
    return this;
  }

  line({ type, project, session, payload, at: when }: Line): this {
    this.#seq += 1;
    this.#host
      .prepare('INSERT INTO change_log VALUES (?, ?, ?, ?, ?, ?)')
      .run(this.#seq, project, session, type, payload, when);
    return this;
  }

  created(id: string, when: string): this {
    return this.#session('session_created', id, { activity: 'idle', isTerminated: false }, when);
  }

  updated(id: string, activity: string, isTerminated: boolean, when: string, tail: Json = {}): this {
    return this.#session('session_updated', id, { activity, isTerminated, ...tail }, when);
  }

  ended(id: string, when: string): this {
    return this.updated(id, 'exited', true, when);
  }

  idle(id: string, when: string): this {
    return this.updated(id, 'idle', false, when);
  }

  pull(url: string, owner: string, when: string, states: Json = {}, type = 'pr_updated'): this {
    const known = { state: 'open', ci: 'unknown', review: 'none', mergeability: 'unknown' };
    return this.#write(type, owner, { url, session: owner, ...known, ...states }, when);
  }

  found(url: string, owner: string, when: string, states: Json = {}): this {
    return this.pull(url, owner, when, states, 'pr_created');
  }

  claimed(url: string, fromSession: string, toSession: string, when: string): this {
    return this.#write('pr_session_changed', toSession, { url, fromSession, toSession }, when);
  }

  check(pr: string, owner: string, commit: string, when: string): this {
    return this.#write('pr_check_recorded', owner, { pr, name: 'build', commit, status: 'passed' }, when);
  }

  thread(pr: string, owner: string, resolved: boolean, when: string, type = 'pr_review_thread_resolved'): this {
    return this.#write(type, owner, { pr, thread: 't', path: 'a', line: 1, resolved, isBot: false }, when);
  }

  close(): void {
    this.#host.close();
  }

  #session(type: string, id: string, payload: Json, when: string): this {
    return this.#write(type, id, { id, ...payload }, when);
  }

  #write(type: string, session: string, payload: Json, when: string): this {
    const project = session.replace(/-[^-]*$/, '');
    return this.line({ type, project, session, payload: JSON.stringify(payload), at: when });
  }
}
