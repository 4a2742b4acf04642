import { type HostDatabase, hostVersion } from '../fixtures/daemon/schema.ts';
import { fromMilliseconds, goUtc } from '../fixtures/daemon/time.ts';
import type { Sink, TelemetryRow } from '../fixtures/volume/model.ts';
import type { Transaction } from './paired.ts';

type Cell = string | number | null;
export type Row = Record<string, Cell>;

export const now = Date.now();
export const text = (msAgo: number): string => goUtc(fromMilliseconds(now - msAgo));

export function addProject(db: HostDatabase, id: string): void {
  db.prepare('INSERT INTO projects (id, path, registered_at) VALUES (?, ?, ?)').run(id, `/home/dev/${id}`, text(0));
}

/** Sessions at work: launched, heard of, not ended. */
export function addSessions(db: HostDatabase, count: number): void {
  addProject(db, 'web');
  const insert = db.prepare(
    `INSERT INTO sessions (id, project_id, num, harness, activity_last_at, workspace_path, runtime_handle_id, prompt, created_at,
       updated_at, first_signal_at) VALUES (?, 'web', ?, 'codex', @at, '/home/dev/web', 'h', 'Please.', @at, @at, @at)`,
  );
  const at = text(60_000);
  db.transaction(() => {
    for (let num = 1; num <= count; num++) insert.run(`web-${num}`, num, { at });
  })();
}

/** The daemon's way to write a session: the row as it stands, with a few values changed, all columns in one statement. */
export function wholeRow(db: HostDatabase) {
  const rows = db.prepare<[], Row>('SELECT * FROM sessions').all();
  const byId = new Map(rows.map((row) => [row.id as string, row]));
  const columns = Object.keys(rows[0] ?? {}).filter((column) => column !== 'id');
  const assignments = columns.map((column) => `${column} = ?`).join(', ');
  const update = db.prepare(`UPDATE sessions SET ${assignments} WHERE id = ?`);
  return (id: string, changes: Readonly<Row>): void => {
    const row = Object.assign(byId.get(id)!, changes);
    update.run(...columns.map((column) => row[column] ?? null), id);
  };
}

/** Makes of each row of a volume the daemon's statements that lead to it: one transaction, or a few. */
export class DomainWrites implements Sink {
  readonly transactions: Transaction[] = [];
  readonly #db: HostDatabase;
  readonly #sessions = new Map<string, Row>();
  readonly #template: Row;
  readonly #insert;
  readonly #save;
  readonly #columns: readonly string[];
  readonly #usage: boolean;
  readonly #prepared = new Map<string, ReturnType<HostDatabase['prepare']>>();
  #poll: { at: string; work: Transaction[] } | null = null;
  #count = 0;

  constructor(db: HostDatabase) {
    this.#db = db;
    this.#usage = hostVersion(db) >= 52;
    this.#template = templateOf(db);
    this.#columns = Object.keys(this.#template).filter((column) => column !== 'id');
    this.#save = db.prepare(
      `UPDATE sessions SET ${this.#columns.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`,
    );
    this.#insert = db.prepare(
      `INSERT INTO sessions (id, project_id, num, harness, activity_last_at, created_at, updated_at)
       VALUES (@id, @project_id, @num, 'codex', @created_at, @created_at, @created_at)`,
    );
  }

  changeLog(_: number, project: string, id: string, type: string, payload: string, at: string): void {
    const said = JSON.parse(payload) as Row;
    if (type.startsWith('pr_')) {
      this.#pull(id, type, said, at);
      return;
    }
    this.#poll = null;
    if (type === 'session_created') this.#spawn(project, id, at);
    else if (said.activity === undefined)
      this.#run('UPDATE usage_bindings SET updated_at = ? WHERE session_id = ?', at, id);
    else this.#change(id, said, at);
  }

  telemetry({ at, name, project, session, payload }: TelemetryRow): void {
    this.#poll = null;
    if (name === 'ao.session.spawn_failed') this.#rollBack(project!, at);
    this.#run(
      `INSERT INTO telemetry_event (id, occurred_at, name, source, level, project_id, session_id, payload_json)
       VALUES (?, ?, ?, 'daemon', 'info', ?, ?, ?)`,
      ...[`tev_${++this.#count}`, at, name, project ?? null, session ?? null, JSON.stringify(payload)],
    );
  }

  /** The seed row, and the launch that is recorded in it. */
  #spawn(project: string, id: string, at: string): void {
    const num = Number(id.slice(id.lastIndexOf('-') + 1));
    const row = {
      ...this.#template,
      id,
      project_id: project,
      num,
      created_at: at,
      updated_at: at,
      activity_last_at: at,
    };
    this.#sessions.set(id, row);
    const seed = { id, project_id: project, num, created_at: at };
    this.transactions.push(() => this.#insert.run(seed));
    const work = { branch: `ao/${id}`, workspace_path: `/home/dev/${id}`, runtime_handle_id: id, prompt: 'Please.' };
    this.#write(id, work, at);
    if (!this.#usage) return;
    this.#run(
      "INSERT INTO usage_bindings (session_id, harness, state, updated_at) VALUES (?, 'codex', 'active', ?)",
      ...[id, at],
    );
  }

  #rollBack(project: string, at: string): void {
    const id = `${project}-seed-${++this.#count}`;
    const seed = { id, project_id: project, num: 1_000_000 + this.#count, created_at: at };
    this.transactions.push(() => this.#insert.run(seed));
    this.#together([
      this.#statement('DELETE FROM change_log WHERE session_id = ?', id),
      this.#statement('DELETE FROM sessions WHERE id = ?', id),
    ]);
  }

  #change(id: string, said: Row, at: string): void {
    const before = { ...this.#sessions.get(id)! };
    const activity = said.activity as string;
    const terminated = said.isTerminated ? 1 : 0;
    const restored = before.is_terminated === 1 && terminated === 0;
    const signal = before.first_signal_at === null && activity === 'active' ? at : (before.first_signal_at ?? null);
    const preview = { preview_url: said.previewUrl ?? '', preview_revision: said.previewRevision ?? 0 };
    const state = { activity_state: activity, is_terminated: terminated, ...preview };
    const since = before.activity_state === activity ? {} : { activity_last_at: at };
    this.#write(id, { ...state, ...since, first_signal_at: restored ? null : signal }, at);
    if (activity === 'waiting_input') this.#notify(id, 'needs_input', '', at);
    else if (before.activity_state === 'waiting_input') {
      this.#run("UPDATE notifications SET status = 'read' WHERE session_id = ?", id);
    }
  }

  #notify(id: string, type: string, url: string, at: string): void {
    this.#run(
      `INSERT OR IGNORE INTO notifications (id, session_id, project_id, pr_url, type, title, created_at)
       VALUES (?, ?, ?, ?, ?, 'Look', ?)`,
      ...[`ntf_${++this.#count}`, id, this.#sessions.get(id)!.project_id!, url, type, at],
    );
  }

  /** What one poll finds of a pull request is written in one transaction, checks and threads last. */
  #pull(id: string, type: string, said: Row, at: string): void {
    const head = type === 'pr_created' || type === 'pr_updated' || type === 'pr_session_changed';
    if (this.#poll === null || (head && this.#poll.at !== at)) {
      this.#poll = { at, work: [] };
      this.#together(this.#poll.work);
    }
    const add = (sql: string, ...values: Cell[]) => this.#poll!.work.push(this.#statement(sql, ...values));
    const values = [said.state, said.ci, said.review, said.mergeability].map((value) => value ?? null);
    if (type === 'pr_created') {
      add(
        `INSERT INTO pr (pr_state, ci_state, review_decision, mergeability, session_id, updated_at, url) VALUES (?, ?, ?, ?, ?, ?, ?)`,
        ...[...values, id, at, said.url!],
      );
    } else if (type === 'pr_updated') {
      add(
        'UPDATE pr SET pr_state = ?, ci_state = ?, review_decision = ?, mergeability = ?, session_id = ?, updated_at = ? WHERE url = ?',
        ...[...values, id, at, said.url!],
      );
      if (said.state === 'merged') this.#notify(id, 'pr_merged', said.url as string, at);
    } else if (type === 'pr_session_changed') {
      add('UPDATE pr SET session_id = ?, updated_at = ? WHERE url = ?', id, at, said.url!);
    } else if (type === 'pr_check_recorded') {
      add(
        `INSERT INTO pr_checks (pr_url, name, commit_hash, status, created_at) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (pr_url, name, commit_hash) DO UPDATE SET status = excluded.status`,
        ...[said.pr!, said.name!, said.commit!, said.status!, at],
      );
    } else {
      add(
        `INSERT INTO pr_review_threads (pr_url, thread_id, path, line, resolved, updated_at) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (pr_url, thread_id) DO UPDATE SET resolved = excluded.resolved, updated_at = excluded.updated_at`,
        ...[said.pr!, said.thread!, said.path!, said.line!, said.resolved ? 1 : 0, at],
      );
    }
  }

  /** The lifecycle's write: always the whole row. */
  #write(id: string, changes: Row, at: string): void {
    const row = Object.assign(this.#sessions.get(id)!, changes, { updated_at: at });
    const values = this.#columns.map((column) => row[column] ?? null);
    this.transactions.push(() => this.#save.run(...values, id));
  }

  #run(sql: string, ...values: Cell[]): void {
    this.transactions.push(this.#statement(sql, ...values));
  }

  #together(work: readonly Transaction[]): void {
    const run = this.#db.transaction(() => {
      for (const statement of work) statement();
    });
    this.transactions.push(() => run());
  }

  #statement(sql: string, ...values: Cell[]): Transaction {
    const statement = this.#prepared.get(sql) ?? this.#db.prepare(sql);
    this.#prepared.set(sql, statement);
    return () => statement.run(...values);
  }
}

/** A session with every column as this version makes it. */
function templateOf(db: HostDatabase): Row {
  db.exec('BEGIN');
  addSessions(db, 1);
  const { first_signal_at: _, ...row } = db.prepare<[], Row>('SELECT * FROM sessions').get()!;
  db.exec('ROLLBACK');
  return { ...row, first_signal_at: null, runtime_handle_id: '', workspace_path: '', prompt: '' };
}
