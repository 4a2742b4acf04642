import type { Database, Statement } from 'better-sqlite3';
import type { End, EndTable, Pull, PullTable, Session, SessionTable } from '../../../projections/state.ts';
import type { Keys } from '../../host/keys.ts';

/** Entries that stay in memory between batches; all are read again when they are asked for. */
const MAX_CACHED = 4096;

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
abstract class StateTable<T extends { readonly born: number }> {
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

  changed(value: T): void {
    this.dirty.add(value.born);
  }

  protected byName(raw: string): T | undefined {
    const born = this.#names.get(raw);
    if (born !== undefined) return this.entries.get(born)?.value;
    const hash = this.#hash(raw);
    const row = this.#byHash.get(hash);
    if (!row) return undefined;
    this.#names.set(raw, row.born);
    return this.entries.get(row.born)?.value ?? this.#hold(hash, row);
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

export class SessionRows extends StateTable<Session> implements SessionTable {
  readonly #pending = new Map<number, Session>();
  readonly #write: Statement;
  readonly #delete: Statement;
  readonly #identify: Identify;

  constructor(db: Database, keys: Keys, identify: Identify) {
    super(db, 'session', (raw) => keys.session(raw));
    this.#identify = identify;
    this.#write = db.prepare('INSERT OR REPLACE INTO session (born, hash, pending, state) VALUES (?, ?, ?, ?)');
    this.#delete = db.prepare('DELETE FROM session WHERE born = ?');
    for (const born of db
      .prepare<[], number>('SELECT born FROM session WHERE pending = 1 ORDER BY born')
      .pluck()
      .all()) {
      this.#pending.set(born, this.byBorn(born)!);
    }
  }

  current(id: string): Session | undefined {
    return this.byName(id);
  }

  add(id: string, session: Session): void {
    this.#identify('session', this.addNamed(id, session), id);
    this.#pending.set(session.born, session);
  }

  remove(session: Session): void {
    this.forget(session);
    this.#pending.delete(session.born);
    this.#delete.run(session.born);
  }

  override changed(session: Session): void {
    super.changed(session);
    if (session.firm) this.#pending.delete(session.born);
  }

  pending(): Iterable<Session> {
    return this.#pending.values();
  }

  override evict(): void {
    super.evict();
    for (const [born, session] of this.#pending) {
      // A pending session is one object wherever it is met, so what was evicted must not come back as a copy.
      const cached = this.byBorn(born);
      if (cached && cached !== session) this.#pending.set(born, cached);
    }
  }

  flush(): void {
    for (const born of this.dirty) {
      const { value, hash } = this.entries.get(born)!;
      this.#write.run(born, hash, Number(!value.firm), JSON.stringify(value));
    }
    this.dirty.clear();
  }
}

export class PullRows extends StateTable<Pull> implements PullTable {
  readonly #write: Statement;
  readonly #identify: Identify;

  constructor(db: Database, keys: Keys, identify: Identify) {
    super(db, 'pull', (raw) => keys.pull(raw));
    this.#identify = identify;
    this.#write = db.prepare('INSERT OR REPLACE INTO pull (born, hash, state) VALUES (?, ?, ?)');
  }

  byUrl(url: string): Pull | undefined {
    return this.byName(url);
  }

  add(url: string, pull: Pull): void {
    this.#identify('pr', this.addNamed(url, pull), url);
  }

  flush(): void {
    for (const born of this.dirty) {
      const { value, hash } = this.entries.get(born)!;
      this.#write.run(born, hash, JSON.stringify(value));
    }
    this.dirty.clear();
  }
}

export class EndRows implements EndTable {
  readonly #entries = new Map<number, End>();
  readonly #dirty = new Set<number>();
  readonly #get: Statement<[number], string>;
  readonly #before: Statement<[number], number>;
  readonly #after: Statement<[number], number>;
  readonly #restoredAround: Statement<[number, number, number], number>;
  readonly #between: Statement<[number, number], number>;
  readonly #write: Statement;
  readonly #delete: Statement;

  constructor(db: Database) {
    this.#get = db.prepare<[number], string>('SELECT state FROM session_end WHERE seq = ?').pluck();
    this.#before = db.prepare<[number], number>('SELECT max(seq) FROM session_end WHERE seq < ?').pluck();
    this.#after = db.prepare<[number], number>('SELECT min(seq) FROM session_end WHERE seq > ?').pluck();
    this.#restoredAround = db
      .prepare<[number, number, number], number>(
        'SELECT seq FROM session_end WHERE restored_at >= ? AND (at <= ? OR restored_at <= ?)',
      )
      .pluck();
    this.#between = db
      .prepare<[number, number], number>('SELECT seq FROM session_end WHERE at BETWEEN ? AND ?')
      .pluck();
    this.#write = db.prepare('INSERT OR REPLACE INTO session_end (seq, at, restored_at, state) VALUES (?, ?, ?, ?)');
    this.#delete = db.prepare('DELETE FROM session_end WHERE seq = ?');
  }

  get(seq: number): End | undefined {
    if (seq === 0) return undefined;
    const cached = this.#entries.get(seq);
    if (cached) return cached;
    const state = this.#get.get(seq);
    if (state === undefined) return undefined;
    const end = JSON.parse(state) as End;
    this.#entries.set(seq, end);
    return end;
  }

  before(seq: number): End | undefined {
    this.flush();
    return this.get(this.#before.get(seq) ?? 0);
  }

  after(seq: number): End | undefined {
    this.flush();
    return this.get(this.#after.get(seq) ?? 0);
  }

  add(end: End): void {
    this.#entries.set(end.seq, end);
    this.#dirty.add(end.seq);
  }

  changed(end: End): void {
    this.#dirty.add(end.seq);
  }

  remove(end: End): void {
    this.#entries.delete(end.seq);
    this.#dirty.delete(end.seq);
    this.#delete.run(end.seq);
  }

  restoredAround(restoredFrom: number, endedBefore: number, restoredBy: number): End[] {
    this.flush();
    return this.#restoredAround.all(restoredFrom, endedBefore, restoredBy).map((seq) => this.get(seq)!);
  }

  between(from: number, to: number): End[] {
    this.flush();
    return this.#between.all(from, to).map((seq) => this.get(seq)!);
  }

  flush(): void {
    for (const seq of this.#dirty) {
      const end = this.#entries.get(seq)!;
      this.#write.run(seq, end.at, end.restored?.at ?? null, JSON.stringify(end));
    }
    this.#dirty.clear();
  }

  evict(): void {
    if (this.#entries.size > MAX_CACHED) this.#entries.clear();
  }
}
