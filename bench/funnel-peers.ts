import Database from 'better-sqlite3';
import type { FunnelQuestion } from '../projector/answers/funnel/question.ts';
import { countsWithSubqueries, countsWithWindowFunnel, withNearestRows, withWindowFunctions } from './funnel-sql.ts';
import { openClickHouse } from './peers/chdb.ts';
import { openDuckDB } from './peers/duckdb.ts';

/** Another engine, with the events loaded into a table of its own. */
export interface Peer {
  readonly name: string;
  counts(question: FunnelQuestion): Promise<unknown[][]>;
  byHarnessAndWeek(question: FunnelQuestion): Promise<unknown[][]>;
  close(): void;
}

/** What a peer is loaded from: a CSV file with the columns session, ms, code and harness. */
export type OpenPeer = (csv: string, rows: () => Iterable<unknown[]>) => Promise<Peer>;

export const THREADS = 2;

export const PEERS: Readonly<Record<string, OpenPeer>> = {
  DuckDB: async (csv) => {
    const db = await openDuckDB(THREADS);
    await db.run(`CREATE TABLE happened (session UINTEGER, ms BIGINT, code UTINYINT, harness VARCHAR)`);
    await db.run(`COPY happened FROM '${csv}' (HEADER false)`);
    return {
      name: 'DuckDB',
      counts: (question) => db.rows(withNearestRows(question).counts),
      byHarnessAndWeek: (question) => db.rows(withNearestRows(question).byHarnessAndWeek),
      close: () => db.close(),
    };
  },
  ClickHouse: async (csv) => {
    const db = openClickHouse();
    db.run(`SET max_threads = ${THREADS}`);
    db.run(`CREATE TABLE happened (session UInt32, ms UInt64, code UInt8, harness LowCardinality(String))
      ENGINE = MergeTree ORDER BY (session, ms)`);
    db.run(
      `INSERT INTO happened SELECT * FROM file('${csv}', 'CSV', 'session UInt32, ms UInt64, code UInt8, harness String')`,
    );
    db.run('OPTIMIZE TABLE happened FINAL');
    return {
      name: 'ClickHouse',
      counts: async (question) => db.rows(countsWithWindowFunnel(question)),
      byHarnessAndWeek: async (question) => db.rows(withWindowFunctions(question).byHarnessAndWeek),
      close: () => db.close(),
    };
  },
  'plain SQLite': async (_, rows) => {
    const db = new Database(':memory:');
    db.pragma(`threads = ${THREADS}`);
    db.exec('CREATE TABLE happened (session INTEGER, ms INTEGER, code INTEGER, harness TEXT)');
    const insert = db.prepare('INSERT INTO happened VALUES (?, ?, ?, ?)');
    db.transaction(() => {
      for (const row of rows()) insert.run(row);
    })();
    db.exec('CREATE INDEX by_session ON happened (code, session, ms); ANALYZE');
    const all = (sql: string) => db.prepare<[], unknown[]>(sql).raw().all();
    return {
      name: 'plain SQLite',
      counts: async (question) => all(countsWithSubqueries(question)),
      byHarnessAndWeek: async (question) => all(withWindowFunctions(question).byHarnessAndWeek),
      close: () => db.close(),
    };
  },
};
