import { createRequire } from 'node:module';
import { packagePath } from '../../projector/store/paths.ts';

/** DuckDB in this process, with a database in memory. */
export interface DuckDB {
  run(sql: string): Promise<void>;
  /** Rows of an answer, as arrays of cells. */
  rows(sql: string): Promise<unknown[][]>;
  close(): void;
}

interface Connection {
  run(sql: string): Promise<unknown>;
  runAndReadAll(sql: string): Promise<{ getRowsJson(): unknown[][] }>;
  closeSync(): void;
}

interface Api {
  DuckDBInstance: {
    create(
      path: string,
      options: Record<string, string>,
    ): Promise<{ connect(): Promise<Connection>; closeSync(): void }>;
  };
}

/** Opens DuckDB; throws where it is not installed. */
export async function openDuckDB(threads: number): Promise<DuckDB> {
  const { DuckDBInstance } = createRequire(packagePath('bench', 'peers', 'package.json'))('@duckdb/node-api') as Api;
  const instance = await DuckDBInstance.create(':memory:', { threads: String(threads) });
  const connection = await instance.connect();
  return {
    run: async (sql) => void (await connection.run(sql)),
    rows: async (sql) => (await connection.runAndReadAll(sql)).getRowsJson(),
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
