import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import SQLite from 'better-sqlite3';
import fc from 'fast-check';
import { Daemon } from '../../fixtures/daemon/daemon.ts';
import { history } from '../../fixtures/daemon/history.ts';
import { toMilliseconds } from '../../fixtures/daemon/time.ts';
import { Random } from '../../fixtures/random.ts';
import { eventParts } from '../../projections/vocabulary.ts';
import type { Live } from '../../projector/pipeline/live.ts';
import { rebuild } from '../../projector/pipeline/rebuild.ts';
import { noteForgotten } from '../../projector/store/left-out-rows.ts';
import type { Store } from '../../projector/store/store.ts';
import { derivedRows, differences } from '../support/derived-tables.ts';
import { hostPath, placesIn } from '../support/processes.ts';
import { withFolder } from '../support/temporary.ts';
import { begin, beginWithout, look, openStore } from './harness.ts';

interface Plan {
  readonly seed: number;
  readonly version: number;
  readonly steps: number;
  readonly looks: number;
  readonly restarts: number;
  /** After how many of the daemon's transactions what is forgotten. */
  readonly forgets: Readonly<Record<number, 'session' | 'project'>>;
}

const plans: fc.Arbitrary<Plan> = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  version: fc.constantFrom(14, 24, 82),
  steps: fc.integer({ min: 60, max: 200 }),
  looks: fc.constantFrom(0.3, 1),
  restarts: fc.constantFrom(0, 0.2),
  forgets: fc.dictionary(
    fc.integer({ min: 20, max: 150 }).map(String),
    fc.constantFrom<'session' | 'project'>('session', 'session', 'project'),
    { minKeys: 1, maxKeys: 3 },
  ),
});

test('what is forgotten on the way is told by no table, as if the daemon had never written it', () => {
  let forgotten = 0;
  let vanished = 0;
  fc.assert(
    fc.property(plans, (plan) => {
      withFolder((folder) => {
        const outcome = forgetOnTheWay(folder, plan);
        forgotten += outcome.rows;
        vanished += outcome.vanished;
        expect(outcome.differences).toEqual([]);
        expect(outcome.ofOthers).toEqual(outcome.withoutThem);
        expect(outcome.kept).toEqual([]);
      });
    }),
    { numRuns: 40, seed: 20260622 },
  );
  expect(forgotten).toBeGreaterThan(500);
  expect(vanished).toBeGreaterThan(2);
});

test('once everything is forgotten, what comes after it is told alone, live as in a rebuild', () => {
  let told = 0;
  fc.assert(
    fc.property(plans, (plan) => {
      withFolder((folder) => {
        const outcome = forgetAllOnTheWay(folder, plan);
        told += outcome.told.length;
        expect(outcome.differences).toEqual([]);
        expect(outcome.told.filter((line) => Number.parseInt(line, 10) <= outcome.head)).toEqual([]);
        expect(outcome.old).toEqual([]);
      });
    }),
    { numRuns: 25, seed: 20260624 },
  );
  expect(told).toBeGreaterThan(100);
});

/** Forgets everything after a third of the daemon's transactions. */
function forgetAllOnTheWay(folder: string, plan: Plan) {
  const { AO_RUN_FILE: runFile } = placesIn(folder);
  const daemon = Daemon.create(hostPath(folder), { version: plan.version, seed: plan.seed, runFile });
  const random = new Random(plan.seed);
  const now = () => toMilliseconds(daemon.host.clock.now());
  let store = openStore(folder, now);
  let live = begin(store);
  let head = 0;
  let at = 0;
  try {
    let written = 0;
    for (const _ of history(daemon, random, { steps: plan.steps })) {
      written += 1;
      if (written === Math.round(plan.steps / 3)) {
        live.close();
        head = daemon.host.value<number>('SELECT max(seq) FROM change_log') ?? 0;
        at = now();
        store.forgetAll(head);
        store.close();
        store = openStore(folder, now);
        live = begin(store);
      }
      if (!random.chance(plan.looks)) continue;
      live = look(store, live);
      if (random.chance(plan.restarts)) live.reopen();
    }
    live = look(store, live);
    const { number } = store.current() as { number: number };
    live.close();
    const ofLive = derivedRows(store.paths.derived(number));
    for (const _ of rebuild(store));
    const rebuilt = store.paths.derived((store.current() as { number: number }).number);
    const old = "SELECT * FROM journal WHERE at < ? AND name NOT IN ('observed.migration', 'observed.session')";
    return {
      head,
      told: changeEvents(rebuilt),
      old: store.analytics.prepare(old).all(at),
      differences: differences(ofLive, derivedRows(rebuilt)),
    };
  } finally {
    store.close();
    daemon.close();
  }
}

interface Named {
  readonly kind: 'session' | 'project';
  readonly id: string;
}

function forgetOnTheWay(folder: string, plan: Plan) {
  const { AO_RUN_FILE: runFile } = placesIn(folder);
  const daemon = Daemon.create(hostPath(folder), { version: plan.version, seed: plan.seed, runFile });
  const random = new Random(plan.seed);
  const store = openStore(folder, () => toMilliseconds(daemon.host.clock.now()));
  const forgotten: Named[] = [];
  const births = new Set<number>();
  let swap: ((live: Live) => void) | null = null;
  let live = begin(store);
  try {
    let written = 0;
    for (const _ of history(daemon, random, { steps: plan.steps })) {
      written += 1;
      const kind = plan.forgets[written];
      const id = kind && someId(daemon, random, kind);
      if (kind && id) {
        live = afresh(store, live);
        forgotten.push({ kind, id });
        swap = beginForgetting(store, { kind, id });
      }
      if (!random.chance(plan.looks)) continue;
      live = look(store, live);
      for (const born of live.derived.change.leftOutBirths) births.add(born);
      if (swap && random.chance(0.3)) {
        swap(live);
        swap = null;
      }
      if (random.chance(plan.restarts)) live.reopen();
    }
    live = look(store, live);
    swap?.(live);
    live = look(store, live);
    const { number } = store.current() as { number: number };
    live.close();
    const ofLive = derivedRows(store.paths.derived(number));
    const kept = tracesOf(store, forgotten);
    for (const _ of rebuild(store));
    const rebuilt = store.paths.derived((store.current() as { number: number }).number);
    return {
      rows: rowsOf(daemon, forgotten),
      vanished: [...births].filter((seq) => !daemon.host.value('SELECT seq FROM change_log WHERE seq = ?', seq)).length,
      differences: differences(ofLive, derivedRows(rebuilt)),
      ofOthers: changeEvents(rebuilt),
      withoutThem: derivedWithout(folder, store, forgotten),
      kept,
    };
  } finally {
    store.close();
    daemon.close();
  }
}

function afresh(store: Store, live: Live): Live {
  live.close();
  return begin(store);
}

/** Makes a file without what is forgotten, as the thread beside a `run` does. What is returned makes it current later. */
function beginForgetting(store: Store, { kind, id }: Named): (live: Live) => void {
  const hash = kind === 'session' ? store.keys.session(id) : String(store.keys.project(id));
  noteForgotten(store.analytics, { kind, hash });
  return beginWithout(store, store.toLeaveOut());
}

function someId(daemon: Daemon, random: Random, kind: Named['kind']): string | undefined {
  const ids = daemon.host.db
    .prepare<[], string>(`SELECT DISTINCT ${kind}_id FROM change_log WHERE ${kind}_id IS NOT NULL ORDER BY 1`)
    .pluck()
    .all();
  return ids.length === 0 ? undefined : random.pick(ids);
}

const ofThem = ({ kind, id }: Named) => `${kind}_id = '${id}'`;

function rowsOf(daemon: Daemon, forgotten: readonly Named[]): number {
  const where = forgotten.map(ofThem).join(' OR ') || 'FALSE';
  return daemon.host.value<number>(`SELECT count(*) FROM change_log WHERE ${where}`)!;
}

/** What `analytics.db` still has of what was forgotten, but for the hash by which it is known. */
function tracesOf({ analytics, keys }: Store, forgotten: readonly Named[]): unknown[] {
  return forgotten.flatMap(({ kind, id }) => {
    const hash = kind === 'session' ? keys.session(id) : keys.project(id);
    const raw = kind === 'session' ? [id] : [id, `${id}-%`];
    return [
      ...analytics.prepare(`SELECT * FROM journal WHERE ${kind} = ?`).all(hash),
      ...raw.flatMap((like) => analytics.prepare('SELECT * FROM identity WHERE raw LIKE ?').all(like)),
    ];
  });
}

/** Events that rows of `change_log` make, of every session and PR. */
function changeEvents(path: string): string[] {
  const db = new SQLite(path, { readonly: true });
  try {
    return db
      .prepare<[], { id: number; subject: number; at: number }>(
        'SELECT id, subject, at FROM event UNION ALL SELECT id, subject, at FROM withheld_event ORDER BY id',
      )
      .all()
      .map(({ id, subject, at }) => ({ ...eventParts(id), subject, at }))
      .filter(({ stream, definition }) => stream === 'change_log' && definition.subjectKind !== 'install')
      .map(({ definition, position, subject, at }) => `${position} ${definition.name} ${subject} ${at}`);
  } finally {
    db.close();
  }
}

/** The same events, of a database of which somebody has deleted the rows. */
function derivedWithout(folder: string, { keys }: Store, forgotten: readonly Named[]): string[] {
  const elsewhere = join(folder, 'without');
  mkdirSync(elsewhere);
  const db = new SQLite(hostPath(folder));
  db.prepare('VACUUM INTO ?').run(hostPath(elsewhere));
  db.close();
  const copy = new SQLite(hostPath(elsewhere));
  copy.pragma('foreign_keys = OFF');
  for (const named of forgotten) copy.exec(`DELETE FROM change_log WHERE ${ofThem(named)}`);
  copy.close();
  copyFileSync(join(folder, 'analytics.key'), join(elsewhere, 'analytics.key'));
  const store = openStore(elsewhere);
  try {
    expect(store.keys.secret.equals(keys.secret)).toBe(true);
    for (const _ of rebuild(store));
    return changeEvents(store.paths.derived((store.current() as { number: number }).number));
  } finally {
    store.close();
  }
}
