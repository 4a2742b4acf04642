import type { Database, Statement } from 'better-sqlite3';

export const METRICS = {
  events: 'ao.events',
  ends: 'ao.session.ends',
  wait: 'ao.session.wait.duration',
  spawn: 'ao.session.spawn.duration',
  step: 'ao.funnel.step.duration',
} as const;
export type MetricName = (typeof METRICS)[keyof typeof METRICS];

/** Something that an event adds to a series. Counters have one bucket, 0. */
export interface Contribution {
  readonly metric: MetricName;
  readonly attributes: Readonly<Record<string, string>>;
  readonly bucket: number;
  readonly count: number;
  /** Milliseconds; 0 for counters. */
  readonly sum: number;
}

/** A bucket of a series: what settled events have added to it in all, and what of that stands in a batch already. */
export interface Total extends Contribution {
  readonly batchedCount: number;
  readonly batchedSum: number;
}

interface TotalRow extends Omit<Total, 'attributes'> {
  readonly attributes: string;
}

/** What the counters and histograms say: sums that only ever grow, whatever becomes of the derived tables. */
export class Totals {
  readonly #db: Database;
  readonly #add: Statement;

  constructor(analytics: Database) {
    this.#db = analytics;
    this.#add = analytics.prepare(
      `INSERT INTO export_total (metric, attributes, bucket, count, sum, batched_count, batched_sum)
       VALUES (?, ?, ?, ?, ?, 0, 0)
       ON CONFLICT (metric, attributes, bucket) DO UPDATE SET count = count + excluded.count, sum = sum + excluded.sum`,
    );
  }

  add({ metric, attributes, bucket, count, sum }: Contribution): void {
    const sorted = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
    this.#add.run(metric, JSON.stringify(Object.fromEntries(sorted)), bucket, count, sum);
  }

  /** Every bucket, in an order of its own. */
  all(): Total[] {
    return this.#db
      .prepare<[], TotalRow>(
        `SELECT metric, attributes, bucket, count, sum, batched_count AS batchedCount, batched_sum AS batchedSum
         FROM export_total ORDER BY metric, attributes, bucket`,
      )
      .all()
      .map((row) => ({ ...row, attributes: JSON.parse(row.attributes) }));
  }

  /** Notes that ends with some attributes are told: whoever is told of them must be told, too, when there are none any more. */
  tellEnds(attributes: Contribution['attributes']): void {
    this.add({ metric: METRICS.ends, attributes, bucket: 0, count: 0, sum: 0 });
  }

  /** Says that all there is stands in a batch. */
  batched(): void {
    this.#db.prepare('UPDATE export_total SET batched_count = count, batched_sum = sum').run();
  }
}
