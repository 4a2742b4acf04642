import { join } from 'node:path';
import { type HostDatabase, openHost } from '../../fixtures/daemon/schema.ts';
import { writeVolume } from '../../fixtures/volume.ts';
import { hostPath } from '../support/processes.ts';

/** An `ao.db` whose log is handed out in parts; the other rows wait in a file beside it. */
export class Backlog {
  readonly #db: HostDatabase;
  readonly #rows: number;
  #last: number;

  /** @param first how many rows the log has at once, of `rows` in all */
  constructor(folder: string, { rows, first, seed }: { rows: number; first: number; seed: number }) {
    writeVolume(hostPath(folder), { rows, mix: 'R', seed });
    this.#db = openHost(hostPath(folder));
    this.#rows = rows;
    this.#last = first;
    this.#db.exec(`ATTACH '${join(folder, 'waiting.db')}' AS waiting`);
    this.#db.transaction(() => {
      this.#db.exec(`CREATE TABLE waiting.log AS SELECT * FROM main.change_log WHERE seq > ${first}`);
      this.#db.exec(`DELETE FROM main.change_log WHERE seq > ${first}`);
    })();
    this.#db.exec('CREATE INDEX waiting.by_seq ON log (seq)');
  }

  /** Position of the last row that was handed out. */
  get last(): number {
    return this.#last;
  }

  /** Writes the next rows, in one transaction; fewer where fewer are left. */
  handOut(rows: number): void {
    const to = Math.min(this.#rows, this.#last + rows);
    this.#db
      .prepare('INSERT INTO main.change_log SELECT * FROM waiting.log WHERE seq > ? AND seq <= ? ORDER BY seq')
      .run(this.#last, to);
    this.#last = to;
  }

  close(): void {
    this.#db.close();
  }
}
