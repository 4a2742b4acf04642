import type { Database, Statement } from 'better-sqlite3';
import type { Delivery, Payload, SinkName } from './sinks.ts';

/** What the ledger keeps at most. */
export const MOST_BATCHES = 10_000;
export const MOST_BYTES = 16 * 2 ** 20;

/**
 * A receiver that errs so often over one batch, which takes more than an hour, is not asked about it any more: what comes after
 * must not wait for ever.
 */
export const MOST_ERRORS = 21;

/** Something that is being sent, or was. Times in milliseconds UTC. */
export interface Batch {
  readonly id: number;
  readonly sink: SinkName;
  readonly destination: string;
  readonly madeAt: number;
  /** Row of the outbox up to which it goes. */
  readonly seq: number;
  readonly items: number;
  readonly payload: Buffer;
  readonly attempts: number;
  readonly triedAt: number | null;
  /** What came of the last attempt. */
  readonly result: string | null;
  readonly done: boolean;
}

export interface NewBatch extends Payload, Pick<Batch, 'sink' | 'destination' | 'madeAt' | 'seq'> {}

const COLUMNS =
  'id, sink, destination, made_at AS madeAt, seq, items, payload, attempts, tried_at AS triedAt, result, done';

/** What is sent, at most one batch a sink, and the ledger of what was. A batch is on disk before anything of it leaves. */
export class Batches {
  readonly #db: Database;
  readonly #pending: Statement<[SinkName], BatchRow>;

  constructor(analytics: Database) {
    this.#db = analytics;
    this.#pending = analytics.prepare(`SELECT ${COLUMNS} FROM export_batch WHERE done = 0 AND sink = ?`);
  }

  /** The batch of a sink that was not received yet. */
  pending(sink: SinkName): Batch | undefined {
    const row = this.#pending.get(sink);
    return row && fromRow(row);
  }

  add({ sink, destination, madeAt, seq, items, bytes }: NewBatch): void {
    this.#db
      .prepare(
        `INSERT INTO export_batch (sink, destination, made_at, seq, items, payload, attempts, done)
         VALUES (?, ?, ?, ?, ?, ?, 0, 0)`,
      )
      .run(sink, destination, madeAt, seq, items, bytes);
  }

  /** Notes that a batch is about to leave. */
  tries({ id }: Batch, now: number): void {
    this.#db
      .prepare(
        "UPDATE export_batch SET attempts = attempts + 1, tried_at = ?, result = 'not answered yet' WHERE id = ?",
      )
      .run(now, id);
  }

  /**
   * Notes what came of an attempt on a batch, as it was before. What is received or refused, or what a receiver has erred over
   * {@link MOST_ERRORS} times, is not sent again, and its events wait no longer. Returns whether that is so.
   */
  tried({ id, sink, seq, attempts }: Batch, { outcome, result }: Delivery): boolean {
    const isGivenUp = outcome === 'erred' && attempts + 1 >= MOST_ERRORS;
    const isDone = outcome === 'accepted' || outcome === 'refused' || isGivenUp;
    const note = this.#db.transaction(() => {
      this.#db.prepare('UPDATE export_batch SET result = ?, done = ? WHERE id = ?').run(result, Number(isDone), id);
      if (isDone) this.passed(sink, seq);
      if (isDone) this.#keepBounds();
    });
    note.immediate();
    return isDone;
  }

  /** Notes that a sink is done with the outbox up to a row; a row that no sink waits for is removed. */
  passed(sink: SinkName, seq: number): void {
    this.#db.prepare('UPDATE export_mark SET seq = max(seq, ?) WHERE sink = ?').run(seq, sink);
    this.#db
      .prepare("DELETE FROM outbox WHERE seq <= (SELECT min(seq) FROM export_mark WHERE sink <> 'metrics')")
      .run();
  }

  /** What was sent, the latest first, the metrics and events that are being sent included. */
  *ledger(): Generator<Batch> {
    const rows = this.#db.prepare<[], BatchRow>(
      `SELECT ${COLUMNS} FROM export_batch WHERE attempts > 0 ORDER BY id DESC`,
    );
    for (const row of rows.iterate()) yield fromRow(row);
  }

  #keepBounds(): void {
    this.#db
      .prepare(
        `DELETE FROM export_batch WHERE done = 1 AND id <= coalesce((
           SELECT id FROM (
             SELECT id, row_number() OVER newest AS batches, sum(length(payload)) OVER newest AS bytes
             FROM export_batch WHERE done = 1 WINDOW newest AS (ORDER BY id DESC)
           ) WHERE batches > ? OR bytes > ? ORDER BY id DESC LIMIT 1), 0)`,
      )
      .run(MOST_BATCHES, MOST_BYTES);
  }
}

type BatchRow = Omit<Batch, 'done'> & { readonly done: number };

function fromRow(row: BatchRow): Batch {
  return { ...row, done: row.done === 1 };
}
