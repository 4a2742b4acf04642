import type { HostDatabase } from '../fixtures/daemon/schema.ts';
import { fromMilliseconds } from '../fixtures/daemon/time.ts';
import { Machine, PROJECTS } from '../fixtures/volume/machine.ts';
import type { Mix } from '../fixtures/volume/model.ts';
import { addProject, addSessions, DomainWrites, now, type Row, text, wholeRow } from './domain-writes.ts';
import { type Pair, ROUNDS, rounds } from './paired.ts';
import { median, note, print } from './report.ts';

const FLIPS = 20_000;
const FLIP_BOUND = 1.05;
const MIX_BOUND = 1.15;

/** What the daemon's own writes cost with our triggers in the database, beside the same writes without them. */
export async function benchTriggers(): Promise<void> {
  await benchFlips();
  await benchMix({ mix: 'R', rowsPerSession: 200, events: 0.08 }, MIX_BOUND);
  await benchMix({ mix: 'R', rowsPerSession: 50 });
  await benchMix({ mix: 'A', rowsPerSession: 5_000 }, MIX_BOUND);
  await benchFiring();
  await benchCompiling();
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

interface Work {
  readonly mix: Mix;
  readonly rowsPerSession: number;
  readonly events?: number;
}

/**
 * The writes that stand behind the rows of `fixtures/volume.ts`: of the rows that say something one in ten is of a pull request;
 * R ends and restores all live sessions at every stop. A month of an R machine is 13 sessions, 47 waits and a few thousand rows,
 * so 200 rows and 3.6 waits a session, to which `events` is set. With 50 rows a session and a wait in every 23rd row, as
 * `bench/rebuild.ts` has them, facts are several times as frequent as anywhere. On A 92 rows in 100 hold nothing but an id.
 */
async function benchMix({ mix, rowsPerSession, ...work }: Work, bound?: number): Promise<void> {
  const rows = mix === 'A' ? 40_000 : 20_000;
  let facts: readonly string[] = [];
  let transactions = 0;
  const pairs = await rounds(
    mix === 'A' ? 82 : 19,
    (db) => {
      const writes = new DomainWrites(db);
      const sessions = Math.max(20, Math.round(rows / rowsPerSession));
      const start = fromMilliseconds(now - 15 * 86_400_000);
      new Machine({ rows, sessions, mix, seed: 1, start, telemetry: rows / 10, ...work }, writes).run();
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
  show(what, pairs, 'the same transactions without our triggers', bound);
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

/** A daemon that prepares each statement anew also waits for SQLite to compile the triggers that the statement may fire. */
async function benchCompiling(): Promise<void> {
  const pairs = await rounds(82, (db) => {
    const columns = db.prepare<[], string>("SELECT name FROM pragma_table_info('sessions')").pluck().all();
    const sql = `UPDATE sessions SET ${columns.map((column) => `${column} = ?`).join(', ')}`;
    return Array.from({ length: 1_000 }, () => () => {
      db.prepare(sql);
    });
  });
  const compiling = median(pairs.map((pair) => (pair.with - pair.without) / 1_000)) * 1_000;
  const against = 'preparing a write of all columns of sessions without our triggers';
  print({ what: 'triggers, compiling them', value: compiling, unit: 'µs', of: `median of ${ROUNDS}`, against });
}

function show(what: string, pairs: readonly Pair[], against: string, bound?: number): void {
  const of = `median of ${ROUNDS}`;
  print({ what: `${what}, without`, value: median(pairs.map(({ without }) => without)) / 1_000, unit: 's', of });
  print({ what: `${what}, with`, value: median(pairs.map((pair) => pair.with)) / 1_000, unit: 's', of });
  const value = median(pairs.map((pair) => pair.with / pair.without));
  print({ what: `${what}, ratio`, value, unit: 'x', of, ...(bound ? { bound } : {}), against });
}

/** Facts that lie in the database already, the first of them old enough to go. */
function fillFacts(db: HostDatabase, count: number, old: number): void {
  if (count === 0) return;
  db.prepare(
    `INSERT INTO telemetry_event (id, occurred_at, name, source, level, payload_json)
     WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?)
     SELECT 'aop:filled:' || n, CASE WHEN n <= ? THEN ? ELSE ? END, 'ao_projector.session_ended', 'ao-projector', 'info', '{}'
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
