import { join } from 'node:path';
import { createHost, type HostDatabase, hostVersion } from '../fixtures/daemon/schema.ts';
import { fromMilliseconds, goUtc } from '../fixtures/daemon/time.ts';
import { Machine, PROJECTS } from '../fixtures/volume/machine.ts';
import type { Mix, Sink, TelemetryRow } from '../fixtures/volume/model.ts';
import { install } from '../triggers/install.ts';
import { inFolder } from './folders.ts';
import { median, note, print } from './report.ts';

const ROUNDS = 9;
const FLIPS = 20_000;
const FLIP_BOUND = 1.05;
const MIX_BOUND = 1.15;
/** The two databases take turns after so many transactions, so that what else the machine does meets both. */
const TURN = 250;

const now = Date.now();
const text = (msAgo: number): string => goUtc(fromMilliseconds(now - msAgo));

/** One commit of the daemon. */
type Transaction = () => void;

/** Milliseconds that the same transactions took without our triggers and with them. */
interface Pair {
  readonly without: number;
  readonly with: number;
}

/** What the daemon's own writes cost with our triggers in the database, beside the same writes without them. */
export async function benchTriggers(): Promise<void> {
  await benchFlips();
  await benchMix('R', 200, true);
  await benchMix('R', 50, false);
  await benchMix('A', 5_000, true);
  await benchFiring();
}

/** Whole-row updates that change the activity alone: every trigger of ours on `sessions` looks at them and lets them pass. */
async function benchFlips(): Promise<void> {
  const pairs = await rounds(82, (db) => {
    addSessions(db, 20);
    const flip = wholeRow(db);
    return Array.from({ length: FLIPS }, (_, index) => () => {
      const activity = index % 40 < 20 ? 'active' : 'idle';
      flip(`web-${1 + (index % 20)}`, { activity_state: activity, updated_at: text(FLIPS - index) });
    });
  });
  const what = `triggers, ${FLIPS.toLocaleString('en')} flips`;
  show(what, pairs, 'the same flips without our triggers', FLIP_BOUND);
}

/**
 * The writes that stand behind the rows of `fixtures/volume.ts`, in its proportions: of the rows that say something one in ten is
 * of a pull request and 6.5 % begin a wait; R ends and restores all live sessions at every stop. `rowsPerSession` follows from
 * section 10.3 of the host contract: about 13 sessions and a few thousand rows a month, so about 200 on R, which is 1 row for the
 * creation, 2 a turn, 2 a wait, and 6 to 21 for each push to a pull request; 50 are the many short sessions that `bench/rebuild.ts`
 * has; 5,000 are the default of A, where 92 rows in 100 hold nothing but an id.
 */
async function benchMix(mix: Mix, rowsPerSession: number, bound: boolean): Promise<void> {
  const rows = mix === 'A' ? 40_000 : 20_000;
  let facts: readonly string[] = [];
  let transactions = 0;
  const pairs = await rounds(
    mix === 'A' ? 82 : 19,
    (db) => {
      const writes = new DomainWrites(db);
      const sessions = Math.max(20, Math.round(rows / rowsPerSession));
      const start = fromMilliseconds(now - 15 * 86_400_000);
      new Machine({ rows, sessions, mix, seed: 1, start, telemetry: rows / 10 }, writes).run();
      for (const project of PROJECTS) addProject(db, project);
      transactions = writes.transactions.length;
      return writes.transactions;
    },
    (db) => {
      facts = factsOf(db);
    },
  );
  note(`mix ${mix}, ${rowsPerSession} rows a session: ${transactions} transactions; facts: ${facts.join(', ')}`);
  const what = `triggers, mix ${mix}, ${rowsPerSession} rows a session`;
  show(what, pairs, 'the same transactions without our triggers', bound ? MIX_BOUND : undefined);
}

/**
 * One firing: ends of sessions with our triggers and without, and beside them flips that the daemon's own trigger logs and ours
 * let pass. A firing looks for rows of ours that are old enough to go, so what lies there already makes a difference.
 */
async function benchFiring(): Promise<void> {
  const writes = (count: number, ours: number, old: number, changes: Row) => (db: HostDatabase) => {
    addSessions(db, count);
    fillFacts(db, ours, old);
    const write = wholeRow(db);
    return Array.from({ length: count }, (_, index) => () => {
      write(`web-${index + 1}`, { ...changes, updated_at: text(count - index) });
    });
  };
  const flips = await rounds(82, writes(2_000, 0, 0, { activity_state: 'active' }));
  const flip = median(flips.map(({ without }) => without / 2_000)) * 1_000;
  const of = `median of ${ROUNDS}`;
  print({ what: 'triggers, one logged write', value: flip, unit: 'µs', of, against: 'a flip, without our triggers' });

  const cases = [
    { what: 'no facts before', ours: 0, old: 0, count: 2_000 },
    { what: '900 facts, all old', ours: 900, old: 900, count: 500 },
    { what: '10,000 facts, some old', ours: 10_000, old: 500, count: 100 },
    { what: '99,000 facts, some old', ours: 99_000, old: 500, count: 100 },
  ];
  for (const { what, ours, old, count } of cases) {
    const ends = await rounds(82, writes(count, ours, old, { is_terminated: 1 }));
    const firing = median(ends.map((pair) => (pair.with - pair.without) / count)) * 1_000;
    const figure = { what: `triggers, one firing, ${what}`, of };
    print({ ...figure, value: firing, unit: 'µs', against: 'the same write without it' });
    print({ ...figure, value: firing / flip, unit: 'x', against: 'a write that only logs to change_log' });
  }
}

function show(what: string, pairs: readonly Pair[], against: string, bound?: number): void {
  const of = `median of ${ROUNDS}`;
  print({ what: `${what}, without`, value: median(pairs.map(({ without }) => without)) / 1_000, unit: 's', of });
  print({ what: `${what}, with`, value: median(pairs.map((pair) => pair.with)) / 1_000, unit: 's', of });
  const value = median(pairs.map((pair) => pair.with / pair.without));
  print({ what: `${what}, ratio`, value, unit: 'x', of, ...(bound ? { bound } : {}), against });
}

/** Runs the same transactions in two fresh databases in turns, round after round. */
async function rounds(
  version: number,
  transactionsOf: (db: HostDatabase) => readonly Transaction[],
  atEnd: (observed: HostDatabase) => void = () => {},
): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await inFolder((folder) => {
      const [alone, observed] = ['alone', 'observed'].map((name) => {
        return createHost(join(folder, `${name}.db`), { version, migratedAt: now });
      }) as [HostDatabase, HostDatabase];
      const ofAlone = transactionsOf(alone);
      const ofObserved = transactionsOf(observed);
      observed.transaction(() => install(observed, hostVersion(observed), now))();
      for (const db of [alone, observed]) db.pragma('wal_checkpoint(TRUNCATE)');
      pairs.push(inTurns(ofAlone, ofObserved, round % 2 === 0));
      atEnd(observed);
      alone.close();
      observed.close();
    });
  }
  return pairs;
}

function inTurns(alone: readonly Transaction[], observed: readonly Transaction[], aloneFirst: boolean): Pair {
  const pair = { without: 0, with: 0 };
  for (let from = 0; from < alone.length; from += TURN) {
    const runAlone = () => {
      pair.without += time(alone, from);
    };
    const runObserved = () => {
      pair.with += time(observed, from);
    };
    for (const run of aloneFirst ? [runAlone, runObserved] : [runObserved, runAlone]) run();
  }
  return pair;
}

function time(transactions: readonly Transaction[], from: number): number {
  const turn = transactions.slice(from, from + TURN);
  const began = performance.now();
  for (const transaction of turn) transaction();
  return performance.now() - began;
}

function addProject(db: HostDatabase, id: string): void {
  db.prepare('INSERT INTO projects (id, path, registered_at) VALUES (?, ?, ?)').run(id, `/home/dev/${id}`, text(0));
}

/** Sessions at work: launched, heard of, not ended. */
function addSessions(db: HostDatabase, count: number): void {
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
function wholeRow(db: HostDatabase) {
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

/** Facts that lie in the database already, the first of them old enough to go. */
function fillFacts(db: HostDatabase, count: number, old: number): void {
  if (count === 0) return;
  db.prepare(
    `INSERT INTO telemetry_event (id, occurred_at, name, source, level, payload_json)
     WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?)
     SELECT 'aop:filled:' || n, CASE WHEN n <= ? THEN ? ELSE ? END, 'ao_projector.session_created', 'ao-projector', 'info', '{}'
     FROM number`,
  ).run(count, old, text(40 * 86_400_000), text(86_400_000));
}

/** How many facts of each name there are. */
const factsOf = (db: HostDatabase): string[] =>
  db
    .prepare<[], { name: string; count: number }>(
      "SELECT substr(name, 14) AS name, count(*) AS count FROM telemetry_event WHERE source = 'ao-projector' GROUP BY name",
    )
    .all()
    .map(({ name, count }) => `${name} ${count}`);

type Cell = string | number | null;
type Row = Record<string, Cell>;

/** Makes of each row of a volume the daemon's statements that lead to it: one transaction, or a few. */
class DomainWrites implements Sink {
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
