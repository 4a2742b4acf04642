import type { Database } from 'better-sqlite3';
import { TELEMETRY } from './telemetry-schema.ts';
import { parseObject } from './values.ts';

/** A field of a row and the type of what stands in it: a type of SQLite for a column, one of JSON inside a payload. */
export interface FieldShape {
  readonly field: string;
  readonly type: string;
}

/** What may be shown of any row: names and types, never what stands in it. */
export interface RowShape {
  /** `event_type`, or the name of the telemetry, where this version knows it; else null. */
  readonly kind: string | null;
  readonly fields: readonly FieldShape[];
  /** Fields of the payload whose names this version does not know: a name may be content. */
  readonly other_fields: number;
}

/** Where rows stand, by what number, and which of their columns say what they are. */
export interface ShapedTable {
  readonly name: 'change_log' | 'telemetry_event';
  readonly key: 'seq' | 'rowid';
  readonly columns: readonly string[];
  readonly kind: string;
  readonly payload: string;
  /** Fields of a payload, by kind. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
}

const PULL = ['url', 'session', 'state', 'ci', 'review', 'mergeability'];
const THREAD = ['pr', 'thread', 'path', 'line', 'resolved', 'isBot'];

export const CHANGE_LOG: ShapedTable = {
  name: 'change_log',
  key: 'seq',
  columns: ['created_at', 'event_type', 'project_id', 'session_id', 'payload'],
  kind: 'event_type',
  payload: 'payload',
  fields: {
    session_created: ['id', 'activity', 'isTerminated'],
    session_updated: [
      ...['id', 'activity', 'isTerminated', 'terminateOnPrMerge', 'previewUrl', 'previewRevision', 'isPinned', 'mode'],
      ...['sessionId', 'conversationId', 'interfaceTransitionId', 'interfaceTransitionPhase'],
    ],
    pr_created: PULL,
    pr_updated: PULL,
    pr_session_changed: ['url', 'fromSession', 'toSession'],
    pr_check_recorded: ['pr', 'name', 'commit', 'status'],
    pr_review_thread_added: THREAD,
    pr_review_thread_resolved: THREAD,
  },
};

export const TELEMETRY_EVENT: ShapedTable = {
  name: 'telemetry_event',
  key: 'rowid',
  columns: ['id', 'occurred_at', 'name', 'project_id', 'session_id', 'request_id', 'payload_json'],
  kind: 'name',
  payload: 'payload_json',
  fields: Object.fromEntries(
    Object.entries(TELEMETRY).map(([name, schema]) => [name, schema.fields.map(({ key }) => key)]),
  ),
};

/** The shape of a row, or undefined where it is gone. */
export function shapeOf(db: Database, table: ShapedTable, position: number): RowShape | undefined {
  const { name, key, columns, kind: kindColumn, payload: payloadColumn } = table;
  const types = columns.map((column) => `typeof(${column}) AS ${column}`).join(', ');
  const where = `FROM ${name} WHERE ${key} = ?`;
  const found = db.prepare<[number], Record<string, string>>(`SELECT ${types} ${where}`).get(position);
  if (!found) return undefined;
  const [kind, payload] = db
    .prepare<[number], [string | null, string | null]>(
      `SELECT CAST(${kindColumn} AS TEXT), CAST(${payloadColumn} AS TEXT) ${where}`,
    )
    .raw()
    .get(position)!;
  const known = kind !== null && Object.hasOwn(table.fields, kind) ? table.fields[kind]! : null;
  const object = parseObject(payload ?? '') ?? {};
  const names = Object.keys(object);
  const shown = names.filter((field) => known?.includes(field));
  return {
    kind: known && kind,
    fields: [
      ...Object.entries(found).map(([field, type]) => ({ field, type })),
      ...shown.map((field) => ({ field: `${payloadColumn}.${field}`, type: jsonType(object[field]) })),
    ],
    other_fields: names.length - shown.length,
  };
}

function jsonType(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
