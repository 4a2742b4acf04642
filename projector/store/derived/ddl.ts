import { getTableConfig, SQLiteSyncDialect, type SQLiteTable } from 'drizzle-orm/sqlite-core';
import * as schema from '../../../drizzle/derived.ts';

const TABLES = Object.values(schema).map((table) => getTableConfig(table as SQLiteTable));
const dialect = new SQLiteSyncDialect();

/** Statements that make the tables of an empty derived file and the indexes that the fold needs. */
export function tableStatements(): string[] {
  return [...TABLES.map(createTable), ...TABLES.flatMap((table) => createIndexes(table, true))];
}

/** Statements that make the indexes that answers need, once the tables are filled. */
export function answerIndexStatements(): string[] {
  return TABLES.flatMap((table) => createIndexes(table, false));
}

type TableConfig = (typeof TABLES)[number];

function createTable({ name, columns, primaryKeys }: TableConfig): string {
  const parts = columns.map((column) => {
    const constraint = column.primary ? ' PRIMARY KEY' : column.notNull ? ' NOT NULL' : '';
    return `"${column.name}" ${column.getSQLType()}${constraint}`;
  });
  for (const key of primaryKeys) parts.push(`PRIMARY KEY (${quoted(key.columns)})`);
  return `CREATE TABLE "${name}" (${parts.join(', ')})`;
}

function createIndexes({ name, indexes }: TableConfig, forLookup: boolean): string[] {
  return indexes
    .filter((index) => index.config.name.startsWith('lookup_') === forLookup)
    .map(({ config }) => {
      const where = config.where ? ` WHERE ${dialect.sqlToQuery(config.where).sql}` : '';
      return `CREATE INDEX IF NOT EXISTS "${config.name}" ON "${name}" (${quoted(config.columns)})${where}`;
    });
}

function quoted(columns: readonly object[]): string {
  return columns.map((column) => `"${'name' in column ? column.name : ''}"`).join(', ');
}
