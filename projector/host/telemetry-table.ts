import type { Database, Statement } from 'better-sqlite3';
import { type RowShape, shapeOf, TELEMETRY_EVENT } from './shapes.ts';
import type { TelemetryRow } from './telemetry.ts';

export const TELEMETRY_PAGE_ROWS = 1_000;

const COLUMNS = `rowid, CAST(id AS TEXT) AS id, CAST(occurred_at AS TEXT) AS occurred_at, CAST(name AS TEXT) AS name,
  CAST(project_id AS TEXT) AS project_id, CAST(session_id AS TEXT) AS session_id,
  coalesce(CAST(request_id AS TEXT), '') AS request_id, CAST(payload_json AS TEXT) AS payload_json`;

/** `telemetry_event` inside a snapshot. */
export class TelemetryTable {
  readonly #db: Database;
  readonly #page: Statement<[number, number], TelemetryRow>;
  readonly #head: Statement<[], number | null>;
  readonly #id: Statement<[number], string>;
  readonly #occurredAfter: Statement<[number], string>;

  constructor(db: Database) {
    this.#db = db;
    this.#page = db.prepare(`SELECT ${COLUMNS} FROM telemetry_event WHERE rowid > ? ORDER BY rowid LIMIT ?`);
    this.#head = db.prepare<[], number | null>('SELECT max(rowid) FROM telemetry_event').pluck();
    this.#id = db.prepare<[number], string>('SELECT CAST(id AS TEXT) FROM telemetry_event WHERE rowid = ?').pluck();
    this.#occurredAfter = db
      .prepare<[number], string>(
        'SELECT CAST(occurred_at AS TEXT) FROM telemetry_event WHERE rowid > ? ORDER BY rowid LIMIT 1',
      )
      .pluck();
  }

  page(after: number): TelemetryRow[] {
    return this.#page.all(after, TELEMETRY_PAGE_ROWS);
  }

  /** Every row, in the order of rowids. */
  *all(): Generator<TelemetryRow> {
    for (let rows = this.page(0); rows.length > 0; rows = this.page(rows.at(-1)!.rowid)) yield* rows;
  }

  /** Names and types of the fields of a row; undefined when it is gone. */
  shape(rowid: number): RowShape | undefined {
    return shapeOf(this.#db, TELEMETRY_EVENT, rowid);
  }

  /** Highest rowid; 0 while the table is empty. */
  head(): number {
    return this.#head.get() ?? 0;
  }

  /** Time of the first row after a rowid, as its text stands. */
  occurredAfter(rowid: number): string | undefined {
    return this.#occurredAfter.get(rowid);
  }

  /** Id of the row with this rowid, which is not the row's for ever: rowids restart. */
  id(rowid: number): string | undefined {
    return this.#id.get(rowid);
  }
}
