import type { HostDatabase } from '../../fixtures/daemon/schema.ts';
import type { Tokens } from './secrets.ts';

type Value = string | number | null;

interface Column {
  readonly name: string;
  readonly type: string;
  readonly pk: number;
}

/** How a round plants. Lawful rows hold to the daemon's CHECKs, the others hold secrets wherever SQLite lets them. */
export interface Round {
  readonly lawful: boolean;
  time(): string;
}

/** Ids of the rows that a round has planted. */
export interface Ids {
  readonly project: string;
  readonly session: string;
  readonly pull: string;
}

/** Columns that hold what is known by another name. */
const REFERENCES: Readonly<Record<string, string>> = {
  project_id: 'projects.id',
  session_id: 'sessions.id',
  pr_url: 'pr.url',
};

/** The daemon keeps one row of its settings. */
const FIXED: Readonly<Record<string, Value>> = { 'app_settings.id': 1 };

const STREAMS = ['change_log', 'telemetry_event'];

const IS_JSON = /json|payload|config|signature/;

/** Fills a row of every table, each column that can hold text with a secret of its own, and then changes each of them. */
export class Planter {
  readonly #db: HostDatabase;
  readonly #tokens: Tokens;
  /** `table.column` of what was given a secret or a raw id. */
  readonly planted = new Set<string>();

  constructor(db: HostDatabase, tokens: Tokens) {
    this.#db = db;
    this.#tokens = tokens;
  }

  /** Every column of the database, but for those that SQLite numbers itself. */
  columns(): string[] {
    return this.#tables().flatMap((table) =>
      this.#columnsOf(table)
        .filter((column) => !isNumbered(column))
        .map(({ name }) => `${table}.${name}`),
    );
  }

  plant(round: Round): Ids {
    this.#db.pragma('foreign_keys = OFF');
    this.#db.pragma(`ignore_check_constraints = ${round.lawful ? 'OFF' : 'ON'}`);
    const values = new Map<string, Value>();
    for (const table of this.#inOrder()) this.#fill(table, round, values);
    this.#db.pragma('ignore_check_constraints = OFF');
    const id = (column: string) => String(values.get(column));
    return { project: id('projects.id'), session: id('sessions.id'), pull: id('pr.url') };
  }

  #fill(table: string, round: Round, values: Map<string, Value>): void {
    const row = new Map<string, Value>();
    for (const column of this.#columnsOf(table)) {
      const key = `${table}.${column.name}`;
      const value = this.#value(table, column, round, values);
      values.set(key, value);
      row.set(column.name, value);
    }
    const rowid = this.#insert(table, row);
    for (const [name, value] of row) {
      values.set(`${table}.${name}`, value);
      if (this.#holdsToken(value)) this.planted.add(`${table}.${name}`);
    }
    // Rows of the streams are never changed; who has read one would take the database for another.
    if (STREAMS.includes(table)) return;
    for (const column of this.#columnsOf(table)) {
      if (column.pk > 0 || this.#referenceOf(table, column.name) !== null || !this.#holdsToken(row.get(column.name)!))
        continue;
      const changed = this.#value(table, column, round, values);
      this.#db.prepare(`UPDATE ${table} SET ${column.name} = ? WHERE rowid = ?`).run(changed, rowid);
    }
  }

  #value(table: string, { name, type, pk }: Column, round: Round, values: ReadonlyMap<string, Value>): Value {
    const key = `${table}.${name}`;
    const reference = this.#referenceOf(table, name);
    if (Object.hasOwn(FIXED, key)) return FIXED[key]!;
    if (reference !== null) return values.get(reference) ?? this.#tokens.secret();
    if (isNumbered({ name, type, pk })) return null;
    switch (key) {
      case 'projects.id':
        return this.#tokens.rawId();
      case 'sessions.id':
        return `${this.#tokens.rawId()}-7`;
      case 'pr.url':
        return `https://github.com/${this.#tokens.rawId()}/pull/7`;
    }
    if (/TIMESTAMP|DATETIME/.test(type)) return round.time();
    if (/INT|BOOL|REAL/.test(type) && round.lawful) return 1;
    return IS_JSON.test(name) && round.lawful ? this.#json() : this.#tokens.secret();
  }

  #json(): string {
    return JSON.stringify({ [this.#tokens.secret()]: { [this.#tokens.secret()]: [this.#tokens.secret()] } });
  }

  /** Where a CHECK refuses a secret, the first word that it allows takes its place; the lawless round plants it there. */
  #insert(table: string, row: Map<string, Value>): number | bigint {
    const names = [...row.keys()];
    const sql = `INSERT OR REPLACE INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
    for (;;) {
      try {
        return this.#db.prepare(sql).run(...row.values()).lastInsertRowid;
      } catch (error) {
        const [, column, words] = /CHECK constraint failed: (\w+) IN \(([^)]*)\)/.exec((error as Error).message) ?? [];
        const word = (words ?? '')
          .split(',')
          .find((quoted) => quoted.length > 2)
          ?.slice(1, -1);
        if (!column || !word || row.get(column) === word) throw error;
        row.set(column, word);
      }
    }
  }

  #holdsToken(value: Value): boolean {
    return typeof value === 'string' && /cnryq|rawqz/.test(value);
  }

  /** What a column stands for elsewhere, by the schema or by its name. */
  #referenceOf(table: string, name: string): string | null {
    const foreign = this.#db
      .prepare<[string], { table: string; from: string; to: string | null }>('SELECT * FROM pragma_foreign_key_list(?)')
      .all(table)
      .find(({ from }) => from === name);
    if (foreign) return `${foreign.table}.${foreign.to ?? 'id'}`;
    const known = REFERENCES[name];
    return known === undefined || known === `${table}.${name}` ? null : known;
  }

  /** Tables after those that they refer to, and the streams, which triggers write, at the end. */
  #inOrder(): string[] {
    const left = new Set(this.#tables());
    const ordered: string[] = [];
    while (left.size > 0) {
      const ready = [...left].filter((table) =>
        this.#columnsOf(table).every(({ name }) => {
          const on = this.#referenceOf(table, name)?.split('.')[0];
          return on === undefined || on === table || !left.has(on);
        }),
      );
      for (const table of ready) left.delete(table);
      if (ready.length === 0) throw new Error(`Expected tables in an order, got a circle of ${[...left].join(', ')}`);
      ordered.push(...ready);
    }
    const isStream = (table: string) => STREAMS.includes(table);
    return [...ordered.filter((table) => !isStream(table)), ...ordered.filter(isStream)];
  }

  #tables(): string[] {
    return this.#db
      .prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      .pluck()
      .all();
  }

  #columnsOf(table: string): Column[] {
    return this.#db.prepare<[string], Column>('SELECT name, type, pk FROM pragma_table_info(?)').all(table);
  }
}

function isNumbered({ type, pk }: Column): boolean {
  return pk > 0 && type === 'INTEGER';
}
