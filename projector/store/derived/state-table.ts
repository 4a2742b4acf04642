import type { Database, Statement } from 'better-sqlite3';

/** Entries that stay in memory between batches; all are read again when they are asked for. */
export const MAX_CACHED = 1024;

/** Told of each id that a hash is made of, so that the identity table can be written. */
export type Identify = (kind: 'session' | 'pr', hash: string, raw: string) => void;

interface StateRow {
  readonly born: number;
  readonly state: string;
}

/**
 * Rows of state by their keys, written when the batch commits and only if they changed. `hash` names the thing outside this
 * table, `names` finds it by the raw id that rows carry.
 */
export abstract class StateTable<T extends { readonly born: number }> {
  protected readonly entries = new Map<number, { value: T; hash: string }>();
  protected readonly dirty = new Set<number>();
  readonly #names = new Map<string, number>();
  readonly #byHash: Statement<[string], StateRow>;
  readonly #byBorn: Statement<[number], StateRow & { hash: string }>;
  readonly #hashOf: (raw: string) => string;
  /** A new thing is looked for right before it is added, so one hash serves both. */
  #hashed = { raw: '', hash: '' };

  constructor(db: Database, table: string, hashOf: (raw: string) => string) {
    this.#hashOf = hashOf;
    this.#byHash = db.prepare(`SELECT born, state FROM ${table} WHERE hash = ? ORDER BY born DESC LIMIT 1`);
    this.#byBorn = db.prepare(`SELECT born, hash, state FROM ${table} WHERE born = ?`);
  }

  byBorn(born: number): T | undefined {
    const cached = this.entries.get(born);
    if (cached || born === 0) return cached?.value;
    const row = this.#byBorn.get(born);
    return row && this.#hold(row.hash, row);
  }

  /** Hash of the name of a value of this table. */
  hashOf({ born }: T): string {
    return this.entries.get(born)!.hash;
  }

  changed(value: T): void {
    this.dirty.add(value.born);
  }

  protected byName(raw: string): T | undefined {
    const born = this.#names.get(raw);
    if (born !== undefined) return this.entries.get(born)?.value;
    const hash = this.#hash(raw);
    const value = this.ofHash(hash);
    if (value) this.#names.set(raw, value.born);
    return value;
  }

  /** Sees only what is flushed. */
  protected ofHash(hash: string): T | undefined {
    const row = this.#byHash.get(hash);
    return row && (this.entries.get(row.born)?.value ?? this.#hold(hash, row));
  }

  protected addNamed(raw: string, value: T): string {
    const hash = this.#hash(raw);
    this.#names.set(raw, value.born);
    this.entries.set(value.born, { value, hash });
    this.dirty.add(value.born);
    return hash;
  }

  protected forget(value: T): void {
    for (const [raw, born] of this.#names) if (born === value.born) this.#names.delete(raw);
    this.entries.delete(value.born);
    this.dirty.delete(value.born);
  }

  /** Drops what is cached once it has grown too large. Only between batches: what is dirty would be lost. */
  evict(): void {
    if (this.entries.size <= MAX_CACHED) return;
    this.entries.clear();
    this.#names.clear();
  }

  #hash(raw: string): string {
    if (raw !== this.#hashed.raw) this.#hashed = { raw, hash: this.#hashOf(raw) };
    return this.#hashed.hash;
  }

  #hold(hash: string, row: StateRow): T {
    const value = JSON.parse(row.state) as T;
    this.entries.set(value.born, { value, hash });
    return value;
  }
}
