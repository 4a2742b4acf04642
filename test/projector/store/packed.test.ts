import { expect, test } from '@jest/globals';
import SQLite, { type Database } from 'better-sqlite3';
import fc from 'fast-check';
import { EVENTS, eventId } from '../../../projections/vocabulary.ts';
import { answerIndexStatements, tableStatements } from '../../../projector/store/derived/ddl.ts';
import { Packing, WORTH_PACKING } from '../../../projector/store/derived/packed.ts';
import { eventsRead, eventsStored } from '../../support/packed-events.ts';

const SUBJECTS = 2_300;

/** Sessions with two events each and a PR with two more, packed; the keys are even, so that others may come between them. */
function packedTable(): Database {
  const db = new SQLite(':memory:');
  for (const statement of [...tableStatements(), ...answerIndexStatements()]) db.exec(statement);
  const observe = db.prepare("INSERT INTO observed_session VALUES (?, 'worker', ?)");
  for (let key = 2; key <= 2 * SUBJECTS; key += 2) {
    observe.run(key, key % 3 === 0 ? 'codex' : null);
    insert(db, event(key, EVENTS.spawned, key));
    insert(db, event(key, EVENTS.waitingEntered, key + 0.25));
    insert(db, { ...event(key, EVENTS.prObserved, key + 0.5), subject: pullOf(key) });
  }
  db.unsafeMode(true);
  new Packing(db).packAll();
  db.unsafeMode(false);
  return db;
}

type Row = ReturnType<typeof event>;

function event(session: number, definition: (typeof EVENTS)[keyof typeof EVENTS], place: number, at = 1_000 * place) {
  const stream = place % 1 === 0.25 ? ('telemetry' as const) : ('change_log' as const);
  return { id: eventId(stream, Math.floor(place * 4), definition), subject: session, session, project: 7, at };
}

const pullOf = (session: number) => 100_000 + session;

function insert(db: Database, row: Row): void {
  db.prepare(
    'INSERT OR REPLACE INTO event (id, subject, session, project, at) VALUES (:id, :subject, :session, :project, :at)',
  ).run(row);
}

const key = fc.oneof(
  fc.integer({ min: 1, max: 2 * SUBJECTS + 40 }),
  // Many of one chunk.
  fc.integer({ min: 2_100, max: 2_900 }),
);

const edit = fc.record({
  key,
  what: fc.constantFrom(
    'add' as const,
    'add to PR' as const,
    'move' as const,
    'remove all' as const,
    'observe' as const,
  ),
  at: fc.integer({ min: 0, max: 10_000_000 }),
});

/** Does to the table what the fold might, and tells of it as the fold does. */
function apply(db: Database, packing: Packing, edits: readonly { key: number; what: string; at: number }[]): void {
  for (const [index, { key: session, what, at }] of edits.entries()) {
    const place = 20_000 + index;
    if (what === 'add' || what === 'add to PR') {
      const added = event(session, what === 'add' ? EVENTS.killed : EVENTS.merged, place, at);
      const row = what === 'add' ? added : { ...added, subject: pullOf(session) };
      insert(db, row);
      packing.touch(row);
    } else if (what === 'observe') {
      db.prepare("INSERT OR REPLACE INTO observed_session VALUES (?, 'orchestrator', 'aider')").run(session);
      packing.touchSession(session);
    } else {
      const rows = db.prepare<[number], Row>('DELETE FROM event WHERE session = ? RETURNING *').all(session);
      for (const row of rows) {
        packing.touch(row);
        if (what === 'move') insert(db, { ...row, at });
      }
    }
  }
  packing.flush();
}

test('answers read what the event table has, whatever came, went or changed since it was packed, and packed again', () => {
  let packed = 0;
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 900, size: 'max' }), (edits) => {
      const db = packedTable();
      const packing = new Packing(db);
      apply(db, packing, edits);
      const stored = eventsStored(db);
      expect(eventsRead(db)).toEqual(stored);
      const touched = db.prepare<[], number>('SELECT count(*) FROM touched').pluck();
      for (let before = touched.get()!; packing.packMostTouched(); before = touched.get()!) {
        expect(touched.get()).toBeLessThan(before);
        expect(eventsRead(db)).toEqual(stored);
        packed += 1;
      }
      expect(touched.get()).toBeLessThan(WORTH_PACKING);
      db.close();
    }),
    { numRuns: 12, seed: 20261101 },
  );
  expect(packed).toBeGreaterThan(5);
});

test('a subject that was packed is not read from rows', () => {
  const db = packedTable();
  db.exec('UPDATE event SET at = 0');
  expect(eventsRead(db)).toHaveLength(eventsStored(db).length);
  expect(eventsRead(db)).not.toEqual(eventsStored(db));
  db.close();
});
