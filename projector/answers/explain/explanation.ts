import type { Breakdown } from '../filter.ts';
import type { AsOf } from '../source.ts';
import type { ExplainedRow } from './rows.ts';

/** Something that is not so, and why not. */
export interface WhyNot {
  readonly what: string;
  /** What was looked for and not found. */
  readonly why: string;
  /** The last row that came near; null where there is none. */
  readonly near: ExplainedRow | null;
}

/** Why something was told, or was not. */
export interface Explanation<Answer, Not extends WhyNot = WhyNot> {
  readonly now: number;
  readonly as_of: AsOf;
  readonly answer: Answer;
  readonly rule: string;
  readonly rows: readonly ExplainedRow[];
  readonly why_not: readonly Not[];
  /** Empty where nothing was asked to count by. */
  readonly breakdown: Breakdown;
}
