import { createHash } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { getTableConfig, type SQLiteTable } from 'drizzle-orm/sqlite-core';
import * as schema from '../../../drizzle/derived.ts';
import { eventByCode, eventCode } from '../../../projections/vocabulary.ts';
import { eventsAsRead, eventsAsStored } from './subject-events.ts';

type Value = number | string | null;

/** A row of a derived table, by its columns. */
export type Row = Readonly<Record<string, Value>>;

/** A row that two files do not have alike: null in the file that has none with its key. */
export interface Difference {
  readonly table: string;
  readonly live: Row | null;
  readonly rebuilt: Row | null;
}

/** How the rows of a table differ; those of the event table apart by the names of the events, all others with the name null. */
export interface Change {
  readonly table: string;
  readonly name: string | null;
  appeared: number;
  vanished: number;
  changed: number;
  /** The first few. */
  readonly examples: Difference[];
}

export interface ComparedTable {
  readonly name: string;
  /** Rows of the live file. */
  readonly rows: number;
  /** Digests of all rows, in the order of their keys: of the live file, and of the rebuilt one. */
  readonly digest: string;
  readonly rebuilt_digest: string;
}

export interface Comparison {
  readonly tables: readonly ComparedTable[];
  readonly changes: readonly Change[];
}

/** Tables that the same facts fill alike, whoever folded them and in how many batches. What is left out is a cache, or says how far. */
const COMPARED: readonly SQLiteTable[] = [
  ...[schema.event, schema.withheldEvent, schema.session, schema.pull, schema.sessionEnd, schema.life, schema.mark],
  ...[schema.trace, schema.dailyCount, schema.activeDay, schema.observedSession, schema.rejected, schema.gap],
];

const EXAMPLES = 3;

/** Holds the tables of two derived files against each other, row by row. A table that a file does not have, or not with
 * its key, is empty there. */
export function compareDerived(live: Database, rebuilt: Database): Comparison {
  const changes: Change[] = [];
  const tables = COMPARED.map((table) => compareTable(shapeOf(table), live, rebuilt, changes));
  return { tables: [...tables, ...comparePacked(live, changes)], changes };
}

/** Holds what answers read of packed events against the event table of the same file. An older version packed none. */
function comparePacked(live: Database, changes: Change[]): ComparedTable[] {
  if (columnsOf(live, 'packed').length === 0) return [];
  return [compareRows({ name: 'packed', key: ['place'] }, eventsAsRead(live), eventsAsStored(live), changes)];
}

interface Shape {
  readonly name: string;
  readonly columns: readonly string[];
  /** The columns that tell rows apart; all of them where the table has no key. */
  readonly key: readonly string[];
}

function shapeOf(table: SQLiteTable): Shape {
  const { name, columns, primaryKeys } = getTableConfig(table);
  const key = [...columns.filter(({ primary }) => primary), ...primaryKeys.flatMap((one) => one.columns)];
  const names = columns.map((column) => column.name);
  return { name, columns: names, key: key.length > 0 ? key.map((column) => column.name) : names };
}

function compareTable(shape: Shape, live: Database, rebuilt: Database, changes: Change[]): ComparedTable {
  return compareRows(shape, rowsOf(live, shape), rowsOf(rebuilt, shape), changes);
}

function compareRows(
  shape: Pick<Shape, 'name' | 'key'>,
  live: Iterator<Row>,
  rebuilt: Iterator<Row>,
  changes: Change[],
): ComparedTable {
  const digests = [createHash('sha256'), createHash('sha256')] as const;
  let rows = 0;
  for (const [ofLive, ofRebuilt] of sideBySide(shape.key, live, rebuilt)) {
    const texts = [ofLive, ofRebuilt].map((row) => row && `${JSON.stringify(row)}\n`);
    for (const [side, text] of texts.entries()) if (text) digests[side]!.update(text);
    if (ofLive) rows += 1;
    if (texts[0] !== texts[1]) note(changes, { table: shape.name, live: ofLive, rebuilt: ofRebuilt });
  }
  const [digest, rebuiltDigest] = digests.map((hash) => hash.digest('hex'));
  return { name: shape.name, rows, digest: digest!, rebuilt_digest: rebuiltDigest! };
}

function note(changes: Change[], difference: Difference): void {
  const { table, live, rebuilt } = difference;
  const { id } = (live ?? rebuilt)!;
  const name = table === 'event' ? eventByCode(eventCode(Number(id))).name : null;
  let change = changes.find((one) => one.table === table && one.name === name);
  if (!change) {
    change = { table, name, appeared: 0, vanished: 0, changed: 0, examples: [] };
    changes.push(change);
  }
  change[live === null ? 'appeared' : rebuilt === null ? 'vanished' : 'changed'] += 1;
  if (change.examples.length < EXAMPLES) change.examples.push(difference);
}

function* rowsOf(db: Database, { name, columns, key }: Shape): Generator<Row> {
  const there = columnsOf(db, name);
  if (!key.every((column) => there.includes(column))) return;
  const known = columns.filter((column) => there.includes(column));
  const quoted = (names: readonly string[]) => names.map((column) => `"${column}"`).join(', ');
  yield* db.prepare<[], Row>(`SELECT ${quoted(known)} FROM "${name}" ORDER BY ${quoted(key)}`).iterate();
}

/** The columns of a table as a file has it; none where it has no such table. */
function columnsOf(db: Database, table: string): string[] {
  return (db.pragma(`table_info("${table}")`) as { name: string }[]).map(({ name }) => name);
}

/** Rows of two tables in the order of their keys, those with one key together. */
function* sideBySide(
  key: readonly string[],
  live: Iterator<Row>,
  rebuilt: Iterator<Row>,
): Generator<[Row | null, Row | null]> {
  let one = live.next();
  let other = rebuilt.next();
  while (!one.done || !other.done) {
    const order = one.done ? 1 : other.done ? -1 : compareKeys(key, one.value, other.value);
    yield [order <= 0 ? one.value : null, order >= 0 ? other.value : null];
    if (order <= 0) one = live.next();
    if (order >= 0) other = rebuilt.next();
  }
}

/** As SQLite orders them: nothing first, then numbers, then texts. */
function compareKeys(key: readonly string[], one: Row, other: Row): number {
  for (const column of key) {
    const [a, b] = [one[column] ?? null, other[column] ?? null];
    if (a === b) continue;
    const [rankA, rankB] = [rank(a), rank(b)];
    if (rankA !== rankB) return rankA - rankB;
    return a! < b! ? -1 : 1;
  }
  return 0;
}

function rank(value: Value): number {
  return value === null ? 0 : typeof value === 'number' ? 1 : 2;
}
