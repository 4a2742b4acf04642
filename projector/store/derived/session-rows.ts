import type { Database, Statement } from 'better-sqlite3';
import type { Session } from '../../../projections/state.ts';
import type { SessionTable } from '../../../projections/tables.ts';
import type { Keys } from '../../host/keys.ts';
import { ManyRows } from './many-rows.ts';
import { type Identify, StateTable } from './state-table.ts';

/** Incarnations in the derived file. */
export class SessionRows extends StateTable<Session> implements SessionTable {
  /** Those whose creation row may still vanish, or of which the clock may still change what is told. */
  readonly #unsettled = new Map<number, Session>();
  readonly #write: ManyRows;
  readonly #delete: Statement;
  readonly #alive: Statement<[], number>;
  readonly #identify: Identify;

  constructor(db: Database, keys: Keys, identify: Identify) {
    super(db, 'session', (raw) => keys.session(raw));
    this.#identify = identify;
    this.#write = new ManyRows(db, 'session', ['born', 'hash', 'unsettled', 'alive', 'state']);
    this.#alive = db.prepare<[], number>('SELECT born FROM session WHERE alive = 1').pluck();
    this.#delete = db.prepare('DELETE FROM session WHERE born = ?');
    for (const born of db
      .prepare<[], number>('SELECT born FROM session WHERE unsettled = 1 ORDER BY born')
      .pluck()
      .all()) {
      this.#unsettled.set(born, this.byBorn(born)!);
    }
  }

  current(id: string): Session | undefined {
    return this.byName(id);
  }

  byHash(hash: string): Session | undefined {
    this.flush();
    return this.ofHash(hash);
  }

  add(id: string, session: Session): void {
    this.#identify('session', this.addNamed(id, session), id);
    this.#unsettled.set(session.born, session);
  }

  remove(session: Session): void {
    this.forget(session);
    this.#unsettled.delete(session.born);
    this.#delete.run(session.born);
  }

  override changed(session: Session): void {
    super.changed(session);
    if (isUnsettled(session)) this.#unsettled.set(session.born, session);
    else this.#unsettled.delete(session.born);
  }

  *pending(): Iterable<Session> {
    for (const session of this.#unsettled.values()) if (!session.firm) yield session;
  }

  *open(): Iterable<Session> {
    for (const session of this.#unsettled.values()) if (session.open) yield session;
  }

  *alive(): Iterable<Session> {
    this.flush();
    for (const born of this.#alive.all()) yield this.byBorn(born)!;
  }

  override evict(): void {
    super.evict();
    for (const [born, session] of this.#unsettled) {
      // An unsettled session is one object wherever it is met, so what was evicted must not come back as a copy.
      const cached = this.byBorn(born);
      if (cached && cached !== session) this.#unsettled.set(born, cached);
    }
  }

  flush(): void {
    for (const born of this.dirty) {
      const { value, hash } = this.entries.get(born)!;
      const isAlive = value.aliveUntil !== null;
      this.#write.add(born, hash, Number(isUnsettled(value)), Number(isAlive), JSON.stringify(value));
    }
    this.#write.flush();
    this.dirty.clear();
  }
}

function isUnsettled({ firm, open }: Session): boolean {
  return !firm || open;
}
