import type { Database, Statement } from 'better-sqlite3';
import { IS_ACT } from '../../../drizzle/acts.ts';
import type { DerivedEvent } from '../../../projections/state.ts';
import type { EventSink } from '../../../projections/tables.ts';
import { type EventDefinition, eventCode } from '../../../projections/vocabulary.ts';
import { ManyRows } from './many-rows.ts';
import type { Packing } from './packed.ts';

const COLUMNS = ['id', 'subject', 'session', 'project', 'at', 'dimensions', 'measures'];

/** An event as it stands in its table. */
export interface EventRow {
  readonly id: number;
  readonly subject: number;
  readonly session: number | null;
  readonly project: number | null;
  readonly at: number;
  readonly dimensions: string | null;
  readonly measures: string | null;
}

/** The derived events of one batch, held until {@link EventTable.flush} writes them into the batch's transaction. */
export class EventTable implements EventSink {
  readonly #puts = new Map<number, DerivedEvent>();
  readonly #drops = new Set<number>();
  /** The first event of what was asked for, null where there is none; what is missing must be looked for. */
  readonly #firsts: Map<string, DerivedEvent | null>;
  readonly #insert: ManyRows;
  readonly #delete: Statement<[number], EventRow>;
  readonly #packing: Packing | null;
  readonly #takeSubject: Statement<[number, number], EventRow>;
  readonly #firstAct: Statement<[number, number], EventRow>;
  readonly #search: Statement<[number, number], EventRow>;

  /**
   * @param firsts what {@link EventTable.firsts} returned when the file was last written
   * @param packing of the events, to be told of changes; null where none are packed
   */
  constructor(
    db: Database,
    table: 'event' | 'withheld_event',
    firsts: Iterable<readonly [string, DerivedEvent | null]>,
    packing: Packing | null = null,
  ) {
    this.#firsts = new Map(firsts);
    this.#packing = packing;
    const columns = COLUMNS.join(', ');
    this.#insert = new ManyRows(db, table, COLUMNS);
    this.#delete = db.prepare(`DELETE FROM ${table} WHERE id = ? RETURNING ${columns}`);
    this.#takeSubject = db.prepare(`DELETE FROM ${table} WHERE subject = ? AND id >= ? RETURNING ${columns}`);
    this.#firstAct = db.prepare(
      `SELECT ${columns} FROM ${table} WHERE ${IS_ACT} AND at BETWEEN ? AND ? ORDER BY at, id LIMIT 1`,
    );
    this.#search = db.prepare(`SELECT ${columns} FROM ${table} WHERE id > ? AND id % 64 = ? ORDER BY id`);
  }

  put(event: DerivedEvent): void {
    this.#drops.delete(event.id);
    this.#puts.set(event.id, event);
    const code = eventCode(event.id);
    this.#lower(firstKey(code), event);
    if (event.dimensions?.how) this.#lower(firstKey(code, event.dimensions.how), event);
  }

  drop(id: number): void {
    this.#puts.delete(id);
    this.#drops.add(id);
    for (const [key, first] of this.#firsts) if (first?.id === id) this.#firsts.delete(key);
  }

  takeSubject(subject: number, from: number): DerivedEvent[] {
    const taken = new Map<number, DerivedEvent>();
    for (const row of this.#takeSubject.all(subject, from)) {
      this.#packing?.touch(row);
      if (!this.#drops.has(row.id)) taken.set(row.id, fromRow(row));
    }
    for (const [id, event] of this.#puts) {
      if (event.subject !== subject || id < from) continue;
      taken.set(id, event);
      this.#puts.delete(id);
    }
    for (const [key, first] of this.#firsts) if (first?.subject === subject) this.#firsts.delete(key);
    return [...taken.values()];
  }

  first(definition: EventDefinition, how?: string): DerivedEvent | undefined {
    const key = firstKey(definition.code, how);
    let first = this.#firsts.get(key);
    if (first === undefined) {
      this.flush();
      first = this.#find(definition, how);
      this.#firsts.set(key, first);
    }
    return first ?? undefined;
  }

  firstAct(from: number, to: number): DerivedEvent | undefined {
    this.flush();
    const row = this.#firstAct.get(from, to);
    return row && fromRow(row);
  }

  /** What must be kept with the checkpoint, so that no first event is ever looked for again. */
  firsts(): [string, DerivedEvent | null][] {
    return [...this.#firsts];
  }

  /** Writes the batch's events into the open transaction. */
  flush(): void {
    for (const id of this.#drops) {
      const row = this.#delete.get(id);
      if (row) this.#packing?.touch(row);
    }
    this.#drops.clear();
    for (const event of this.#puts.values()) {
      const { id, subject, session, project, at, dimensions, measures } = event;
      this.#packing?.touch(event);
      this.#insert.add(id, subject, session, project, at, text(dimensions), text(measures));
    }
    this.#insert.flush();
    this.#puts.clear();
  }

  #lower(key: string, event: DerivedEvent): void {
    const first = this.#firsts.get(key);
    if (first !== undefined && (first === null || event.id <= first.id)) this.#firsts.set(key, event);
  }

  #find(definition: EventDefinition, how: string | undefined): DerivedEvent | null {
    for (const row of this.#search.iterate(0, definition.code)) {
      const event = fromRow(row);
      if (how === undefined || event.dimensions?.how === how) return event;
    }
    return null;
  }
}

function firstKey(code: number, how?: string): string {
  return how === undefined ? String(code) : `${code} ${how}`;
}

function text(values: Readonly<Record<string, string | number>> | null): string | null {
  return values && JSON.stringify(values);
}

/** An event as the fold made it, from the row that {@link EventTable.flush} wrote. */
export function fromRow(row: EventRow): DerivedEvent {
  return {
    ...row,
    dimensions: row.dimensions === null ? null : JSON.parse(row.dimensions),
    measures: row.measures === null ? null : JSON.parse(row.measures),
  };
}
