import type { Database, Statement } from 'better-sqlite3';
import type { Instant } from '../../../projections/instant.ts';
import type { Life } from '../../../projections/state.ts';
import type { LifeTable } from '../../../projections/tables.ts';
import { MAX_CACHED } from './state-table.ts';

/** What triggers saw of incarnations, in the derived file. */
export class LifeRows implements LifeTable {
  readonly #entries = new Map<string, Life>();
  readonly #dirty = new Set<Life>();
  readonly #get: Statement<[string, number, number], string>;
  readonly #between: Statement<[number, number], string>;
  readonly #write: Statement;
  /** Without triggers there is none, and each session asks. */
  #isEmpty: boolean;

  constructor(db: Database) {
    this.#get = db
      .prepare<[string, number, number], string>('SELECT state FROM life WHERE session = ? AND at = ? AND nanos = ?')
      .pluck();
    this.#between = db.prepare<[number, number], string>('SELECT state FROM life WHERE at BETWEEN ? AND ?').pluck();
    this.#write = db.prepare('INSERT OR REPLACE INTO life (session, at, nanos, state) VALUES (?, ?, ?, ?)');
    this.#isEmpty = db.prepare('SELECT 1 FROM life LIMIT 1').get() === undefined;
  }

  get(session: string, created: Instant): Life | undefined {
    if (this.#isEmpty) return undefined;
    const cached = this.#entries.get(keyOf(session, created));
    if (cached) return cached;
    const state = this.#get.get(session, created.at, created.nanos);
    return state === undefined ? undefined : this.#hold(JSON.parse(state));
  }

  add(life: Life): void {
    this.#hold(life);
    this.#dirty.add(life);
    this.#isEmpty = false;
  }

  changed(life: Life): void {
    this.#dirty.add(life);
  }

  begunBetween(from: number, to: number): Life[] {
    this.flush();
    return this.#between.all(from, to).map((state) => {
      const life = JSON.parse(state) as Life;
      return this.#entries.get(keyOf(life.session, life)) ?? this.#hold(life);
    });
  }

  flush(): void {
    for (const life of this.#dirty) this.#write.run(life.session, life.at, life.nanos, JSON.stringify(life));
    this.#dirty.clear();
  }

  evict(): void {
    if (this.#entries.size > MAX_CACHED) this.#entries.clear();
  }

  #hold(life: Life): Life {
    this.#entries.set(keyOf(life.session, life), life);
    return life;
  }
}

function keyOf(session: string, { at, nanos }: Instant): string {
  return `${session} ${at} ${nanos}`;
}
