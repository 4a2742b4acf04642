import type { Database, Statement } from 'better-sqlite3';
import { eventByCode, eventCode } from '../../../projections/vocabulary.ts';
import { type Columns, columnsFromRows } from './columns.ts';

/** Subjects of these kinds are many and have few events each. */
export const PACKED_KINDS = ['session', 'pr'] as const;
export type PackedKind = (typeof PACKED_KINDS)[number];

/** So many touched subjects are read from rows in a few milliseconds. */
export const WORTH_PACKING = 250;

/** Keys of the first subjects of a kind's chunks. */
const FIRSTS = "SELECT first FROM packed WHERE kind = ? AND name = 'keys' ORDER BY first";

/** Where the keys of a chunk's subjects begin, and where those of the next chunk do. */
interface Range {
  readonly from: number;
  readonly to: number;
}

const ALL: Range = { from: 0, to: Number.MAX_SAFE_INTEGER };

/**
 * A cache over the event table: the events of a thousand subjects in a few blobs, from which funnels are answered. Whoever
 * changes an event notes its subjects as touched, in the same transaction; touched subjects are read from their rows until their
 * chunk is packed again.
 */
export class Packing {
  readonly #db: Database;
  readonly #touching: Readonly<Record<PackedKind, Set<number>>> = { session: new Set(), pr: new Set() };
  readonly #touch: Statement;
  readonly #pullsOf: Statement<[number, number], number>;
  readonly #touched: Statement<[], { kind: PackedKind; key: number }>;
  readonly #firsts: Statement<[string], number>;
  readonly #insert: Statement;
  readonly #dropChunks: Statement;
  readonly #dropTouched: Statement;

  constructor(db: Database) {
    this.#db = db;
    this.#touch = db.prepare('INSERT OR IGNORE INTO touched (kind, key) VALUES (?, ?)');
    this.#pullsOf = db
      .prepare<[number, number], number>('SELECT DISTINCT subject FROM event WHERE session = ? AND subject != ?')
      .pluck();
    this.#touched = db.prepare('SELECT kind, key FROM touched ORDER BY kind, key');
    this.#firsts = db.prepare<[string], number>(FIRSTS).pluck();
    this.#insert = db.prepare('INSERT INTO packed (kind, name, first, data) VALUES (?, ?, ?, ?)');
    this.#dropChunks = db.prepare('DELETE FROM packed WHERE kind = ? AND first >= ? AND first < ?');
    this.#dropTouched = db.prepare('DELETE FROM touched WHERE kind = ? AND key >= ? AND key < ?');
  }

  /** Notes the subjects of an event that came, went or changed; they are touched from {@link Packing.flush} on. */
  touch({ id, subject, session }: { readonly id: number; readonly subject: number; readonly session: number | null }) {
    if (session !== null) this.#touching.session.add(session);
    if (eventByCode(eventCode(id)).subjectKind === 'pr') this.#touching.pr.add(subject);
  }

  /** Notes a session of which something else became known, with the PRs whose events are written. */
  touchSession(born: number): void {
    this.#touching.session.add(born);
    for (const pull of this.#pullsOf.iterate(born, born)) this.#touching.pr.add(pull);
  }

  /** Writes what was touched into the open transaction. */
  flush(): void {
    for (const kind of PACKED_KINDS) {
      for (const key of this.#touching[kind]) this.#touch.run(kind, key);
      this.#touching[kind].clear();
    }
  }

  /** Packs every subject. The connection must be in unsafe mode: rows are read while others are written. */
  packAll(): void {
    for (const kind of PACKED_KINDS) {
      this.#clear(kind, ALL);
      for (const columns of columnsFromRows(this.#db, kind, null)) this.#write(kind, columns);
    }
  }

  /** Packs again the chunk with the most touched subjects, if they are many. Returns whether it did. */
  packMostTouched(): boolean {
    const touched = this.#touched.all();
    if (touched.length < WORTH_PACKING) return false;
    let most: { kind: PackedKind; range: Range; count: number } | undefined;
    for (const kind of PACKED_KINDS) {
      const keys = touched.filter((one) => one.kind === kind).map(({ key }) => key);
      let place = 0;
      for (const range of this.#ranges(kind)) {
        const before = place;
        while (place < keys.length && keys[place]! < range.to) place += 1;
        const count = place - before;
        if (!most || count > most.count) most = { kind, range, count };
      }
    }
    if (most) this.#pack(most.kind, most.range);
    return most !== undefined;
  }

  /** The chunks of a kind; the last one takes in every later key. */
  #ranges(kind: PackedKind): Range[] {
    const [, ...later] = this.#firsts.all(kind);
    return [ALL.from, ...later].map((from, index) => ({ from, to: later[index] ?? ALL.to }));
  }

  #clear(kind: PackedKind, { from, to }: Range): void {
    this.#dropChunks.run(kind, from, to);
    this.#dropTouched.run(kind, from, to);
  }

  #pack(kind: PackedKind, range: Range): void {
    this.#clear(kind, range);
    const { from, to } = range;
    // Nothing can be written while rows are being read, so each chunk is read on its own.
    for (let next = from; ; ) {
      const [columns] = columnsFromRows(this.#db, kind, 'key >= ? AND key < ?', next, to);
      if (!columns) return;
      this.#write(kind, columns);
      next = columns.keys.at(-1)! + 1;
    }
  }

  #write(kind: PackedKind, columns: Columns): void {
    const { texts, ...numbers } = columns;
    const first = columns.keys[0]!;
    for (const [name, { buffer }] of Object.entries(numbers)) {
      this.#insert.run(kind, name, first, Buffer.from(buffer as ArrayBuffer));
    }
    this.#insert.run(kind, 'texts', first, JSON.stringify(texts));
  }
}

/** The packed chunks of a kind, by their keys. A column is read when it is first asked for. */
export function* packedColumns(db: Database, kind: PackedKind): Generator<Columns> {
  const firsts = db.prepare<[string], number>(FIRSTS).pluck();
  const column = db
    .prepare<[string, string, number], Data>('SELECT data FROM packed WHERE kind = ? AND name = ? AND first = ?')
    .pluck();
  for (const first of firsts.all(kind)) yield new Chunk((name) => column.get(kind, name, first)!);
}

/** Numbers are blobs, the texts are text. */
type Data = Buffer & string;

interface Numbers<T> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, offset: number, length: number): T;
}

class Chunk implements Columns {
  readonly #read: (name: keyof Columns) => Data;
  readonly #columns = new Map<keyof Columns, unknown>();

  constructor(read: (name: keyof Columns) => Data) {
    this.#read = read;
  }

  get keys() {
    return this.#numbers('keys', Float64Array);
  }

  get ends() {
    return this.#numbers('ends', Uint32Array);
  }

  get codes() {
    return this.#numbers('codes', Uint8Array);
  }

  get times() {
    return this.#numbers('times', Float64Array);
  }

  get ids() {
    return this.#numbers('ids', Float64Array);
  }

  get said() {
    return this.#numbers('said', Uint32Array);
  }

  get texts() {
    return this.#once('texts', (text): readonly string[] => JSON.parse(text));
  }

  #numbers<T>(name: keyof Columns, type: Numbers<T>): T {
    return this.#once(name, ({ buffer, byteOffset, byteLength }) => {
      return new type(buffer, byteOffset, byteLength / type.BYTES_PER_ELEMENT);
    });
  }

  #once<T>(name: keyof Columns, made: (data: Data) => T): T {
    let column = this.#columns.get(name) as T | undefined;
    if (column === undefined) {
      column = made(this.#read(name));
      this.#columns.set(name, column);
    }
    return column;
  }
}
