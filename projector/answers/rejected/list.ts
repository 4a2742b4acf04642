import type { StreamName } from '../../../projections/vocabulary.ts';
import type { AsOf, Source } from '../source.ts';

/** A row that did not fit: its position, and which field was expected to be what. */
export interface RejectedFact {
  readonly stream: StreamName;
  readonly position: number;
  readonly reason: string;
}

export interface RejectedAnswer {
  readonly now: number;
  readonly as_of: AsOf;
  readonly count: number;
  /** How many have one reason, most first. */
  readonly reasons: readonly { readonly stream: StreamName; readonly reason: string; readonly count: number }[];
  /** All of them, by stream and position. */
  readonly rejected: readonly RejectedFact[];
}

/** The rows that did not fit. */
export function rejectedList(source: Source, now: number): RejectedAnswer {
  const rejected = rejectedFacts(source);
  const reasons = source.derived.prepare<[], RejectedAnswer['reasons'][number]>(
    `SELECT stream, reason, count(*) AS count FROM rejected GROUP BY stream, reason ORDER BY count DESC, stream, reason`,
  );
  return { now, as_of: source.asOf(), count: rejected.length, reasons: reasons.all(), rejected };
}

export function rejectedFacts({ derived }: Pick<Source, 'derived'>): RejectedFact[] {
  return derived
    .prepare<[], RejectedFact>('SELECT stream, position, reason FROM rejected ORDER BY stream, position')
    .all();
}
