import SQLite, { type Database } from 'better-sqlite3';
import fc from 'fast-check';
import type { Random } from '../../../fixtures/random.ts';
import { ChangeDecoder, type Decoded, NOISE, SEPARATOR, UNKNOWN } from '../../../projector/host/decode.ts';
import { Keys } from '../../../projector/host/keys.ts';
import { NOTHING_LEFT_OUT } from '../../../projector/host/left-out.ts';
import { decodeTelemetry } from '../../../projector/host/telemetry.ts';
import { parseTimestamp } from '../../../projector/host/timestamp.ts';
import { rebuild } from '../../../projector/pipeline/rebuild.ts';
import { look, openStore } from '../../properties/harness.ts';
import { derivedRows, differences } from '../../support/derived-tables.ts';
import { hostPath } from '../../support/processes.ts';
import { withFolder } from '../../support/temporary.ts';
import { anyChange, anyStored, anyTelemetry } from '../any-row.ts';
import type { Fault } from '../fault.ts';
import { expectThat, presentOf } from '../verdict.ts';

const keys = new Keys(Buffer.alloc(32, 7));
const SAMPLE = 1_000;

/** As many values as wanted, a thousand at a time. */
function* sampled<T>(random: Random, arbitrary: fc.Arbitrary<T>, count: number): Generator<T> {
  for (let left = count; left > 0; left -= SAMPLE) {
    yield* fc.sample(arbitrary, { numRuns: Math.min(SAMPLE, left), seed: random.between(-(2 ** 31), 2 ** 31 - 1) });
  }
}

function kindOf(decoded: Decoded | ReturnType<typeof decodeTelemetry>): string {
  if (decoded === NOISE) return 'noise';
  if (decoded === UNKNOWN) return 'of an unknown type';
  if (typeof decoded === 'string') return decoded;
  return 'rejected' in decoded ? 'rejected' : 'a fact';
}

export const anyChanges: Fault = {
  name: 'any type, time and payload as a row of `change_log`',
  expected: 'a fact, noise, an unknown type or a rejected row',
  times: { whole: 200_000, short: 3_000 },
  async *provoke({ random }, times) {
    const decoder = new ChangeDecoder({ keys, leftOut: NOTHING_LEFT_OUT, hostVersion: () => 19 });
    let seq = 0;
    for (const { type, time, project, session, payload } of sampled(random, anyChange, times)) {
      seq += 1;
      yield kindOf(decoder.decode([seq, time, type, project, session, payload].join(SEPARATOR)));
    }
  },
};

export const anyTelemetryRows: Fault = {
  name: 'any name, time and payload as a row of `telemetry_event`',
  expected: anyChanges.expected,
  times: { whole: 200_000, short: 3_000 },
  async *provoke({ random }, times) {
    for (const { type, time, project, session, payload } of sampled(random, anyTelemetry, times)) {
      const ids = { rowid: 1, id: session, request_id: project };
      const columns = { name: type, occurred_at: time, payload_json: payload, project_id: project, session_id: null };
      const instant = parseTimestamp(time);
      const isSound =
        instant === null || (Number.isSafeInteger(instant.at) && instant.nanos >= 0 && instant.nanos < 1e6);
      expectThat(isSound, () => `Expected a time to the nanosecond, got ${JSON.stringify({ time, instant })}`);
      yield kindOf(decodeTelemetry({ ...ids, ...columns }, keys));
    }
  },
};

const ROWS = 60;

export const anyValues: Fault = {
  name: "texts, numbers, blobs and nothing in any column of the daemon's tables, under a tail",
  expected: 'each row is told or kept as rejected, and the tables are those of one rebuild',
  times: { whole: 100, short: 3 },
  async *provoke({ random }, times) {
    for (let turn = 0; turn < times; turn++) {
      yield withFolder((folder) => {
        const host = looseHost(folder);
        write(host, random);
        const store = openStore(folder);
        const live = look(store, null);
        write(host, random);
        look(store, live).close();
        const ofLive = derivedRows(store.paths.derived(presentOf(store)));
        for (const _ of rebuild(store));
        const unlike = differences(ofLive, derivedRows(store.paths.derived(presentOf(store))));
        store.close();
        host.close();
        expectThat(unlike.length === 0, () => `Expected the tables of one rebuild, got ${unlike.join('; ')}`);
        return 'read all; nothing lost';
      });
    }
  },
};

const TABLES = {
  change_log: 'seq INTEGER PRIMARY KEY AUTOINCREMENT, project_id, session_id, event_type, payload, created_at',
  telemetry_event: 'id, occurred_at, name, source, level, project_id, session_id, request_id, payload_json',
  sessions: 'id, kind, harness',
  projects: 'id, kind, registered_at, repo_origin_url',
  goose_db_version: 'id INTEGER PRIMARY KEY, version_id, is_applied, tstamp',
} as const;

/** A host database that holds nothing to anything. */
function looseHost(folder: string): Database {
  const db = new SQLite(hostPath(folder));
  db.pragma('journal_mode = WAL');
  for (const [table, columns] of Object.entries(TABLES)) db.exec(`CREATE TABLE ${table} (${columns})`);
  return db;
}

function write(db: Database, random: Random): void {
  const seed = random.between(-(2 ** 31), 2 ** 31 - 1);
  const stored = fc.sample(anyStored, { numRuns: ROWS * 24, seed });
  const changes = fc.sample(anyChange, { numRuns: ROWS, seed });
  const telemetry = fc.sample(anyTelemetry, { numRuns: ROWS, seed });
  /** The value of a right row, or any other. */
  const or = <T>(right: T) => (random.chance(0.7) ? right : random.pick(stored));
  const insert = (table: keyof typeof TABLES, ...values: unknown[]) => {
    const names = TABLES[table].replace(/ INTEGER PRIMARY KEY( AUTOINCREMENT)?/, '').split(', ');
    const columns = names.slice(-values.length);
    db.prepare(`INSERT INTO ${table} (${columns}) VALUES (${columns.map(() => '?')})`).run(...values);
  };
  db.transaction(() => {
    for (const { type, time, project, session, payload } of changes) {
      insert('change_log', or(project), or(session), or(type), or(payload), or(time));
    }
    for (const { type, time, project, session, payload } of telemetry) {
      insert(
        'telemetry_event',
        or(random.hex(8)),
        or(time),
        or(type),
        ...['daemon', 'info'],
        or(project),
        or(session),
        or(''),
        or(payload),
      );
      insert('sessions', or(session), or('worker'), or('aider'));
      insert('projects', or(project), or('single_repo'), or(time), or(''));
      insert('goose_db_version', or(random.between(1, 90)), or(1), or(time));
    }
  })();
}
