import { createRequire } from 'node:module';
import { packagePath } from '../../projector/store/paths.ts';

/** ClickHouse in this process, with a database of its own that goes when it is closed. */
export interface ClickHouse {
  run(sql: string): void;
  /** The answer to a query that names its own format. */
  answer(sql: string): string;
  /** Rows of an answer, as arrays of cells. */
  rows<T>(sql: string): T[];
  close(): void;
}

interface Chdb {
  Session: new () => { query(sql: string, format?: string): string; close(): void };
}

/** Opens ClickHouse; throws where it is not installed. */
export function openClickHouse(): ClickHouse {
  const { Session } = createRequire(packagePath('bench', 'peers', 'package.json'))('chdb') as Chdb;
  const session = new Session();
  session.query('SET output_format_json_quote_64bit_integers = 0');
  return {
    run: (sql) => void session.query(sql),
    answer: (sql) => session.query(sql),
    rows: <T>(sql: string) => {
      const text = session.query(sql, 'JSONCompactEachRow').trim();
      return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line) as T);
    },
    close: () => session.close(),
  };
}
