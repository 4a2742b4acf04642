import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { getTableConfig, type SQLiteTable } from 'drizzle-orm/sqlite-core';
import * as analytics from '../../drizzle/analytics.ts';
import * as derived from '../../drizzle/derived.ts';
import { packagePath } from '../../projector/store/paths.ts';

/** Tables whose columns the page tells apart from the list, or as those of another table. */
const TOLD_ELSEWHERE = ['journal', 'withheld_event'];

/** Every table with its columns, as the page lists them. */
function listed(): Map<string, string[]> {
  const page = readFileSync(packagePath('docs', 'what-is-collected.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `(\w+)` \| ([^|]+) \|/gm)];
  const words = rows.map(([, name, cell]): [string, string[]] => [name!, wordsIn(cell!)]);
  // What else bears the name of a table is a column, and lists none.
  return new Map(words.sort(([, a], [, b]) => a.length - b.length));
}

function wordsIn(cell: string): string[] {
  return [...cell.matchAll(/`(\w+)`/g)].map(([, word]) => word!);
}

const tables = [...Object.values(analytics), ...Object.values(derived)].map((table) =>
  getTableConfig(table as SQLiteTable),
);

test.each(tables.map(({ name, columns }) => [name, columns.map((column) => column.name)] as const))(
  'the page of what is collected lists the table %s and its columns',
  (table, columns) => {
    expect(listed().has(table)).toBe(true);
    if (!TOLD_ELSEWHERE.includes(table)) expect(listed().get(table)).toEqual(columns);
  },
);
