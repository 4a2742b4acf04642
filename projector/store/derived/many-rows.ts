import type { Database, Statement } from 'better-sqlite3';

/** Rows of one INSERT: a statement costs more than a row. */
const ROWS_PER_INSERT = 40;

type Value = number | string | null;

/** Rows on their way into a table, many to a statement. A row with the key of one that is there takes its place. */
export class ManyRows {
  readonly #one: Statement<[Value[]]>;
  readonly #many: Statement<[Value[]]>;
  readonly #columns: number;
  #values: Value[] = [];

  constructor(db: Database, table: string, columns: readonly string[]) {
    const row = `(${columns.map(() => '?').join(', ')})`;
    const insert = `INSERT OR REPLACE INTO ${table} (${columns.join(', ')}) VALUES `;
    this.#one = db.prepare<[Value[]]>(insert + row);
    this.#many = db.prepare<[Value[]]>(insert + Array(ROWS_PER_INSERT).fill(row).join(', '));
    this.#columns = columns.length;
  }

  add(...row: Value[]): void {
    this.#values.push(...row);
    if (this.#values.length < ROWS_PER_INSERT * this.#columns) return;
    this.#many.run(this.#values);
    this.#values = [];
  }

  /** Writes what was added and is not written yet. */
  flush(): void {
    const values = this.#values;
    for (let i = 0; i < values.length; i += this.#columns) this.#one.run(values.slice(i, i + this.#columns));
    this.#values = [];
  }
}
