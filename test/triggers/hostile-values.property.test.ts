import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dropTriggers, type HostDatabase, openHost } from '../../fixtures/daemon/schema.ts';
import { AT, type Fact, factsOf, installOn, LATER, type Row, rowsOf, type Value, writeHostFile } from './support.ts';

/** A value, and the expression that it is bound in: JavaScript has no texts that are no UTF-8. */
interface Bound {
  readonly sql: string;
  readonly value: Value;
}

const bind = (value: Value): Bound => ({ sql: '?', value });
const rawText = (bytes: Buffer): Bound => ({ sql: 'CAST(? AS TEXT)', value: bytes });
const MEGABYTE = 'x'.repeat(1_000_000);

const anything: fc.Arbitrary<Bound> = fc.oneof(
  fc.string({ unit: 'binary' }).map(bind),
  fc.string().map((text) => bind(`a\0${text}\0`)),
  fc.uint8Array({ maxLength: 20 }).map((bytes) => rawText(Buffer.from(bytes))),
  fc.uint8Array({ maxLength: 20 }).map((bytes) => bind(Buffer.from(bytes))),
  fc.constantFrom(
    rawText(Buffer.from('ff', 'hex')),
    rawText(Buffer.from('66c328', 'hex')),
    rawText(Buffer.from('00ff', 'hex')),
  ),
  fc
    .constantFrom<Value>('', "'", '"', '%', '{}', '\u{1f600}', MEGABYTE, 0, -1, 1e300, Number.POSITIVE_INFINITY)
    .map(bind),
  fc.double().map(bind),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(bind),
);

const time: fc.Arbitrary<Bound> = fc.oneof(
  { weight: 3, arbitrary: anything },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom<Value>(
        ...[AT, LATER, '0001-01-01 00:00:00 +0000 UTC', '9999-12-31 23:59:59.999999999 +0000 UTC'],
        ...['9999-12-31 23:59:59 -1200 -12', '0001-01-01 00:00:00 +1400 +14', '2026-06-18 18:04:56.5 +0530 IST m=+1.5'],
        ...[
          '2026-06-18 12:34:56.',
          '2026-06-18 12:34:56 +',
          '2026-06-18 12:34:56 ++++++',
          '2026-13-45 99:99:99 +9999 X',
        ],
        ...[`2026-06-18 12:34:56.${'1'.repeat(1_000_000)}`, '2026-06-18 12:34:56\0 +0530', 'now', 'm= m=', '0', '2026'],
      )
      .map(bind),
  },
);

const orNull = (value: fc.Arbitrary<Bound>): fc.Arbitrary<Bound> =>
  fc.oneof({ weight: 5, arbitrary: value }, { weight: 1, arbitrary: fc.constant(bind(null)) });
const allowed = (...values: string[]): fc.Arbitrary<Bound> => fc.constantFrom(...values).map(bind);
const one = (value: Value): fc.Arbitrary<Bound> => fc.constant(bind(value));

type Columns = Readonly<Record<string, fc.Arbitrary<Bound>>>;

const PROJECT: Columns = {
  id: orNull(anything),
  path: anything,
  repo_origin_url: anything,
  display_name: anything,
  registered_at: time,
  archived_at: orNull(time),
  config: orNull(anything),
  kind: allowed('single_repo', 'workspace', 'scratch'),
};
const SESSION: Columns = {
  id: orNull(anything),
  project_id: anything,
  num: anything,
  issue_id: anything,
  kind: allowed('worker', 'orchestrator'),
  harness: allowed('', 'codex', 'fake', 'prime-agent'),
  activity_state: allowed('active', 'idle', 'waiting_input', 'blocked', 'exited'),
  activity_last_at: time,
  is_terminated: fc.oneof(fc.constantFrom(0, 1).map(bind), anything),
  workspace_path: fc.oneof(one(''), anything),
  runtime_handle_id: fc.oneof(one(''), anything),
  agent_session_id: fc.oneof(one(''), anything),
  prompt: fc.oneof(one(''), anything),
  created_at: time,
  updated_at: time,
  first_signal_at: orNull(time),
};
const RUN: Columns = {
  id: orNull(anything),
  review_id: anything,
  session_id: anything,
  harness: fc.oneof(allowed('codex'), anything),
  status: fc.oneof(allowed('running', 'complete', 'delivered'), anything),
  verdict: allowed('', 'approved', 'changes_requested'),
  body: anything,
  created_at: time,
  delivered_at: orNull(time),
};
const NOTIFICATION: Columns = {
  id: orNull(anything),
  session_id: anything,
  project_id: anything,
  pr_url: anything,
  type: allowed('needs_input', 'ready_to_merge', 'pr_merged', 'pr_closed_unmerged'),
  title: anything,
  created_at: time,
};
const TERMINAL: Columns = {
  handle_id: orNull(anything),
  project_id: orNull(anything),
  working_dir: anything,
  app_run_id: anything,
  created_at: time,
  session_id: orNull(anything),
};

interface Outcome {
  readonly failed: string;
  readonly rows: Record<string, unknown[]>;
  readonly facts: readonly Fact[];
}

let folder: string;
let alone: HostDatabase;
let observed: HostDatabase;

// The daemon's own triggers refuse some of these values (BLOBs in JSON), so they are left out, and so are its foreign keys.
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ao-hostile-'));
  [alone, observed] = ['alone', 'observed'].map((name) => {
    const path = join(folder, `${name}.db`);
    writeHostFile(path, 82);
    const db = openHost(path);
    dropTriggers(db);
    db.pragma('foreign_keys = OFF');
    return db;
  }) as [HostDatabase, HostDatabase];
  installOn(observed);
});

afterAll(() => {
  alone.close();
  observed.close();
  rmSync(folder, { recursive: true, force: true });
});

const record = (columns: Columns) => fc.record(columns) as fc.Arbitrary<Readonly<Record<string, Bound>>>;
type Bounds = Readonly<Record<string, Bound>>;

function insert(db: HostDatabase, table: string, row: Bounds): void {
  const values = Object.values(row);
  const places = values.map(({ sql }) => sql).join(', ');
  db.prepare(`INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${places})`).run(
    ...values.map(({ value }) => value),
  );
}

function update(db: HostDatabase, table: string, row: Bounds): void {
  const assignments = Object.entries(row).map(([column, { sql }]) => `${column} = ${sql}`);
  db.prepare(`UPDATE ${table} SET ${assignments.join(', ')}`).run(...Object.values(row).map(({ value }) => value));
}

/** What a piece of work leaves, which is then taken back. */
function outcome(db: HostDatabase, work: (db: HostDatabase) => void): Outcome {
  db.exec('BEGIN');
  let failed = '';
  try {
    work(db);
  } catch (error) {
    failed = (error as Error).message;
  }
  try {
    return { failed, rows: failed ? {} : rowsOf(db), facts: failed ? [] : factsOf(db) };
  } finally {
    if (db.inTransaction) db.exec('ROLLBACK');
  }
}

const DAEMON_TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,9})? \+0000 UTC$/;
const validJson = (text: string): unknown => alone.prepare('SELECT json_valid(?)').pluck().get(text);

/** Does the same in both databases, and returns the facts that our triggers wrote; null where the daemon’s own rules refuse it. */
function bothAlike(work: (db: HostDatabase) => void): readonly Fact[] | null {
  const expected = outcome(alone, work);
  const found = outcome(observed, work);
  expect(found.failed).toBe(expected.failed);
  expect(found.rows).toEqual(expected.rows);
  for (const { occurred_at: at, payload_json: payload } of found.facts) {
    expect(at).toMatch(DAEMON_TIME);
    expect(validJson(payload)).toBe(1);
  }
  return found.failed ? null : found.facts;
}

/** Runs a property, and then asks that enough of what it tried was really written. */
function holds(table: string, columns: Columns, before: Row | null, expected: (facts: readonly Fact[]) => void): void {
  let written = 0;
  fc.assert(
    fc.property(record(columns), (row) => {
      const facts = bothAlike((db) => {
        if (before === null) insert(db, table, row);
        else {
          insert(db, table, Object.fromEntries(Object.entries(before).map(([name, value]) => [name, bind(value)])));
          update(db, table, row);
        }
      });
      if (facts === null) return;
      written++;
      expected(facts);
    }),
    // So many that the rarest of what is counted, one row in seven, is told well more than ten times.
    { numRuns: 300 },
  );
  expect(written).toBeGreaterThan(180);
}

const SEED: Row = { id: 's', project_id: 'p', num: 1, activity_last_at: AT, created_at: AT, updated_at: AT };

describe('whatever the columns hold, a write goes through as it does without us', () => {
  test('projects: insert', () => {
    holds('projects', PROJECT, null, (facts) => {
      expect(facts.map(({ name }) => name)).toEqual(['ao_projector.project_added']);
    });
  });

  test.each<[string, Value]>([
    ['archived', null],
    ['added again', AT],
  ])('projects: %s', (_, archived) => {
    let changed = 0;
    holds('projects', PROJECT, { id: 'p', path: '/', registered_at: AT, archived_at: archived }, (facts) => {
      changed += facts.length - 1;
    });
    expect(changed).toBeGreaterThan(10);
  });

  test('sessions: insert', () => {
    let created = 0;
    holds('sessions', SESSION, null, (facts) => {
      created += facts.length;
    });
    expect(created).toBeGreaterThan(180);
  });

  test.each<[string, Row, string]>([
    ['launched and ended', SEED, 'ao_projector.session_ended'],
    ['restored', { ...SEED, is_terminated: 1 }, 'ao_projector.session_restored'],
    ['heard of', SEED, 'ao_projector.session_first_signal'],
    ['launched', SEED, 'ao_projector.session_launched'],
  ])('sessions: %s', (_, before, name) => {
    let told = 0;
    holds('sessions', SESSION, before, (facts) => {
      if (facts.some((fact) => fact.name === name)) told++;
    });
    expect(told).toBeGreaterThan(10);
  });

  test('sessions: delete', () => {
    const seeds: Columns = { ...SESSION, is_terminated: one(0) };
    for (const column of ['workspace_path', 'runtime_handle_id', 'agent_session_id', 'prompt']) {
      Object.assign(seeds, { [column]: one('') });
    }
    let written = 0;
    fc.assert(
      fc.property(record(seeds), (row) => {
        const facts = bothAlike((db) => {
          insert(db, 'sessions', row);
          db.exec('DELETE FROM sessions');
        });
        if (facts === null) return;
        written++;
        expect(facts.at(-1)?.name).toBe('ao_projector.session_rolled_back');
      }),
      { numRuns: 100 },
    );
    expect(written).toBeGreaterThan(60);
  });

  test('review_run: insert', () => {
    holds('review_run', RUN, null, (facts) => {
      expect(facts.map(({ name }) => name)).toEqual(['ao_projector.review_run_created']);
    });
  });

  test('review_run: update', () => {
    const run = { id: 'r', review_id: 'v', session_id: 's', harness: 'codex', status: 'failed', created_at: AT };
    holds('review_run', RUN, run, (facts) => {
      expect(facts.map(({ name }) => name).slice(1)).toEqual(['ao_projector.review_run_changed']);
    });
  });

  test('notifications: insert', () => {
    holds('notifications', NOTIFICATION, null, (facts) => {
      expect(facts.map(({ name }) => name)).toEqual(['ao_projector.notification_raised']);
    });
  });

  test('shell_terminals: insert', () => {
    holds('shell_terminals', TERMINAL, null, (facts) => {
      expect(facts.map(({ name }) => name)).toEqual(['ao_projector.terminal_opened']);
    });
  });
});
