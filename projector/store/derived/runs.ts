import type { Database } from 'better-sqlite3';
import type { SubjectKind } from '../../../projections/vocabulary.ts';
import { type Columns, type ColumnsKind, columnsFromRows } from './columns.ts';
import { PACKED_KINDS, type PackedKind, packedColumns } from './packed.ts';

/** Neighbours among the subjects of some columns, by their places there; `end` is the place after the last. */
export interface Run {
  readonly columns: Columns;
  readonly first: number;
  readonly end: number;
}

/** Every subject of a kind once, in the order of their keys: from packed chunks, and from rows what changed since it was packed. */
export function* runsOf(derived: Database, kind: ColumnsKind): Generator<Run> {
  if (isPacked(kind)) yield* packedAndTouched(derived, kind);
  else for (const columns of columnsFromRows(derived, kind, null)) yield whole(columns);
}

/** The one subject of a kind that has a key; nothing where it has no events. */
export function runOf(derived: Database, kind: ColumnsKind, key: number): Run | undefined {
  const [columns] = columnsFromRows(derived, kind, 'key = ?', key);
  return columns && whole(columns);
}

/** The place of the first event of a subject, by the ends of all. */
export function firstPlace(ends: Columns['ends'], subject: number): number {
  return subject === 0 ? 0 : ends[subject - 1]!;
}

/** Whether the events of a kind of subjects are packed. */
export function isPacked(kind: SubjectKind): kind is PackedKind {
  return (PACKED_KINDS as readonly string[]).includes(kind);
}

/** All subjects of some columns. */
export function whole(columns: Columns): Run {
  return { columns, first: 0, end: columns.keys.length };
}

function* packedAndTouched(derived: Database, kind: PackedKind): Generator<Run> {
  const keys = derived
    .prepare<[string], number>('SELECT key FROM touched WHERE kind = ? ORDER BY key')
    .pluck()
    .all(kind);
  const rows = bySubject(columnsFromRows(derived, kind, 'key IN (SELECT key FROM touched WHERE kind = ?)', kind));
  let touched = rows.next();
  let place = 0;
  for (const columns of packedColumns(derived, kind)) {
    const { length } = columns.keys;
    const last = columns.keys[length - 1]!;
    let first = 0;
    for (; place < keys.length && keys[place]! <= last; place++) {
      const key = keys[place]!;
      const end = lowerBound(columns.keys, key);
      if (end > first) yield { columns, first, end };
      first = columns.keys[end] === key ? end + 1 : end;
      // A subject may have lost all its events.
      if (touched.done || touched.value.columns.keys[touched.value.first] !== key) continue;
      yield touched.value;
      touched = rows.next();
    }
    if (first < length) yield { columns, first, end: length };
  }
  for (; !touched.done; touched = rows.next()) yield touched.value;
}

function* bySubject(chunks: Iterable<Columns>): Generator<Run, undefined> {
  for (const columns of chunks) {
    for (const subject of columns.keys.keys()) yield { columns, first: subject, end: subject + 1 };
  }
}

/** The place of the first key that is not below another. */
function lowerBound(keys: Float64Array, key: number): number {
  let low = 0;
  for (let high = keys.length; low < high; ) {
    const middle = (low + high) >>> 1;
    if (keys[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
