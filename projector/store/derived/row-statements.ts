import type { Database, Statement } from 'better-sqlite3';
import type { JournalFact } from '../../../projections/facts.ts';
import type { Gap } from '../../../projections/gaps.ts';
import type { Checkpoint } from './checkpoint.ts';

/** Statements for the tables that belong to no projection. */
export class RowStatements {
  readonly #observe: Statement;
  readonly #reject: Statement;
  readonly #gap: Statement;
  readonly #dropGaps: Statement;
  readonly #checkpoint: Statement;
  readonly #token: Statement<[], string>;

  constructor(db: Database) {
    this.#observe = db.prepare('INSERT OR REPLACE INTO observed_session (born, kind, harness) VALUES (?, ?, ?)');
    this.#reject = db.prepare('INSERT OR REPLACE INTO rejected (stream, position, reason) VALUES (?, ?, ?)');
    this.#gap = db.prepare(
      `INSERT OR REPLACE INTO gap (stream, "from", "to", last_at, next_at) VALUES ('change_log', ?, ?, ?, ?)`,
    );
    this.#dropGaps = db.prepare(`DELETE FROM gap WHERE stream = 'change_log' AND "from" > ?`);
    this.#checkpoint = db.prepare('INSERT OR REPLACE INTO checkpoint (stream, position, state) VALUES (?, ?, ?)');
    this.#token = db.prepare<[], string>("SELECT value FROM meta WHERE key = 'token'").pluck();
  }

  observeSession({ data }: JournalFact): void {
    this.#observe.run(data.born, data.kind, data.harness);
  }

  reject(stream: 'change_log' | 'telemetry', position: number, reason: string): void {
    this.#reject.run(stream, position, reason);
  }

  gap({ from, to, lastAt, nextAt }: Gap): void {
    this.#gap.run(from, to, lastAt, nextAt);
  }

  replaceGaps(after: number, gaps: readonly Gap[]): void {
    this.#dropGaps.run(after);
    for (const gap of gaps) this.gap(gap);
  }

  token(): string | undefined {
    return this.#token.get();
  }

  checkpoint({ change, telemetryUnknown, ...fold }: Checkpoint): void {
    const { position, ...rest } = change;
    this.#checkpoint.run('change_log', position, JSON.stringify({ ...rest, ...fold }));
    this.#checkpoint.run('telemetry', fold.progress.telemetry, JSON.stringify({ unknown: telemetryUnknown }));
  }
}
