import type { Database } from 'better-sqlite3';
import type { Pull } from '../../../projections/state.ts';
import type { PullTable } from '../../../projections/tables.ts';
import type { Keys } from '../../host/keys.ts';
import { ManyRows } from './many-rows.ts';
import { type Identify, StateTable } from './state-table.ts';

/** PRs in the derived file. */
export class PullRows extends StateTable<Pull> implements PullTable {
  readonly #write: ManyRows;
  readonly #identify: Identify;

  constructor(db: Database, keys: Keys, identify: Identify) {
    super(db, 'pull', (raw) => keys.pull(raw));
    this.#identify = identify;
    this.#write = new ManyRows(db, 'pull', ['born', 'hash', 'state']);
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
      this.#write.add(born, hash, JSON.stringify(value));
    }
    this.#write.flush();
    this.dirty.clear();
  }
}
