import { OTHER } from '../filter.ts';
import { intervalOf, startOfInterval } from '../intervals.ts';
import type { AsOf } from '../source.ts';
import type { Asked } from './asked.ts';
import type { Attempt } from './attempt.ts';
import { NONE, type Plan } from './plan.ts';
import { describe } from './question-json.ts';
import { type HistogramBucket, histogram, kaplanMeierMedian, type Times, times } from './statistics.ts';
import { Numbers, type StepAnswer, Tally } from './tally.ts';

export interface FunnelAnswer {
  readonly question: object;
  readonly now: number;
  readonly as_of: AsOf;
  readonly steps: readonly StepAnswer[];
  readonly attempts: number;
  readonly converted: number;
  readonly open: number;
  readonly dropped: number;
  readonly total_time: Times & {
    readonly kaplan_meier_median_ms: number | null;
    readonly histogram: readonly HistogramBucket[];
  };
  readonly breakdown: readonly { readonly value: string | null; readonly steps: readonly StepAnswer[] }[];
  /** By the interval of the entry, which begins at `from`: how many attempts reached each step. */
  readonly trend: readonly { readonly from: number; readonly reached: readonly number[] }[];
}

/** Puts the attempts of all subjects together into one answer, as they come. */
export class Answer {
  readonly #plan: Plan;
  readonly #all: Tally;
  readonly #byValue = new Map<string | null, Tally>();
  readonly #byInterval = new Map<number, number[]>();
  /** How long those took that converted, and how long the others were watched; milliseconds. */
  readonly #durations = new Numbers();
  readonly #watched = new Numbers();
  #open = 0;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#all = new Tally(plan);
  }

  add(asked: Asked, attempt: Attempt): void {
    const { question, last } = this.#plan;
    const { entry, reached, converted } = attempt;
    const enteredAt = asked.times[entry]!;
    const isOpen = asked.isOpen(attempt);
    this.#all.add(asked, attempt, isOpen);
    if (converted) this.#durations.push(Math.max(0, asked.times[reached[last]!]! - enteredAt));
    else this.#watched.push(Math.min(question.windowMs, Math.max(0, question.now - enteredAt)));
    if (isOpen) this.#open += 1;
    if (question.by !== null) this.#addToValue(asked, attempt, isOpen, question.by);
    if (question.interval !== null) this.#addToInterval(reached, intervalOf(enteredAt, question.interval));
  }

  told(asOf: AsOf): FunnelAnswer {
    const { question } = this.#plan;
    const { attempts } = this.#all;
    const durations = this.#durations.values();
    const isAnyOpen = this.#open > 0;
    return {
      question: describe(question),
      now: question.now,
      as_of: asOf,
      steps: this.#all.steps(),
      attempts,
      converted: durations.length,
      open: this.#open,
      dropped: attempts - durations.length - this.#open,
      total_time: {
        ...times(durations),
        kaplan_meier_median_ms: isAnyOpen ? kaplanMeierMedian(durations, this.#watched.values()) : null,
        histogram: histogram(durations),
      },
      breakdown: this.#breakdown(),
      trend: this.#trend(),
    };
  }

  #addToValue(asked: Asked, attempt: Attempt, isOpen: boolean, by: string): void {
    const event = attributed(this.#plan, attempt);
    if (event === NONE) return;
    const value = asked.dimensions(event)[by] ?? null;
    let tally = this.#byValue.get(value);
    if (!tally) {
      tally = new Tally(this.#plan);
      this.#byValue.set(value, tally);
    }
    tally.add(asked, attempt, isOpen);
  }

  #addToInterval(reached: readonly number[], interval: number): void {
    const counts = this.#byInterval.get(interval) ?? reached.map(() => 0);
    this.#byInterval.set(interval, counts);
    reached.forEach((event, index) => {
      if (event !== NONE) counts[index]! += 1;
    });
  }

  #breakdown(): FunnelAnswer['breakdown'] {
    const { top } = this.#plan.question;
    const sorted = [...this.#byValue].sort(
      ([a, ofA], [b, ofB]) => ofB.attempts - ofA.attempts || String(a).localeCompare(String(b)),
    );
    const told = sorted.slice(0, top);
    const others = new Tally(this.#plan);
    for (const [, tally] of sorted.slice(top)) others.merge(tally);
    if (sorted.length > top) told.push([OTHER, others]);
    return told.map(([value, tally]) => ({ value, steps: tally.steps() }));
  }

  #trend(): FunnelAnswer['trend'] {
    const { interval } = this.#plan.question;
    if (interval === null) return [];
    return [...this.#byInterval]
      .sort(([a], [b]) => a - b)
      .map(([number, reached]) => ({ from: startOfInterval(number, interval), reached }));
  }
}

/** The event whose value an attempt counts for; {@link NONE} where it did not come to that step. */
function attributed({ question: { attribute } }: Plan, { entry, reached, level }: Attempt): number {
  if (attribute === 'first') return entry;
  return reached[attribute === 'last' ? level : attribute]!;
}
