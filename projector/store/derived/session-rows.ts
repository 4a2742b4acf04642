import type { Database, Statement } from 'better-sqlite3';
import type { Session, SessionTable } from '../../../projections/state.ts';
import type { Keys } from '../../host/keys.ts';
import { type Identify, StateTable } from './state-table.ts';

/** Incarnations in the derived file. */
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

  byHash(hash: string): Session | undefined {
    this.flush();
    return this.ofHash(hash);
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
