import type { Asked } from './asked.ts';
import type { Attempt } from './attempt.ts';
import { NONE, type Plan } from './plan.ts';
import { type Times, times } from './statistics.ts';

export interface StepAnswer extends Times {
  readonly events: readonly string[];
  readonly optional: boolean;
  readonly reached: number;
  readonly converted_from_first: number | null;
  /** From the nearest required step before. */
  readonly converted_from_previous: number | null;
  /** Attempts that have come this far, no further, and still have time. */
  readonly open: number;
  /** Attempts that have come this far, no further, and have no time left, or were voided. */
  readonly dropped: number;
}

/** What one step of a funnel has seen. */
interface Step {
  reached: number;
  open: number;
  dropped: number;
  /** How long it took from the nearest required step before, in milliseconds. */
  readonly durations: Numbers;
}

/** Counts attempts as they come. */
export class Tally {
  readonly #plan: Plan;
  readonly #steps: readonly Step[];
  /** Of each step the one that durations are counted from. */
  readonly #before: readonly number[];

  constructor(plan: Plan) {
    this.#plan = plan;
    const { steps, order } = plan.question;
    this.#steps = steps.map(() => ({ reached: 0, open: 0, dropped: 0, durations: new Numbers() }));
    this.#before = order === 'any' ? steps.map((_, index) => index - 1) : plan.before;
  }

  /** All attempts. */
  get attempts(): number {
    return this.#steps[0]!.reached;
  }

  add({ times: at }: Asked, { reached, level, converted }: Attempt, isOpen: boolean): void {
    for (let index = 0; index < reached.length; index++) {
      const event = reached[index]!;
      if (event === NONE) continue;
      const step = this.#steps[index]!;
      step.reached += 1;
      if (index > 0) step.durations.push(Math.max(0, at[event]! - at[reached[this.#before[index]!]!]!));
    }
    if (converted) return;
    if (isOpen) this.#steps[level]!.open += 1;
    else this.#steps[level]!.dropped += 1;
  }

  /** Takes in the attempts of another tally. */
  merge(other: Tally): void {
    for (const [index, { reached, open, dropped, durations }] of other.#steps.entries()) {
      const step = this.#steps[index]!;
      step.reached += reached;
      step.open += open;
      step.dropped += dropped;
      for (const duration of durations.values()) step.durations.push(duration);
    }
  }

  steps(): StepAnswer[] {
    const { steps, order } = this.#plan.question;
    return steps.map(({ events, optional }, index) => {
      const { reached, open, dropped, durations } = this.#steps[index]!;
      const before = this.#steps[this.#before[index]!];
      return {
        events: order === 'any' ? [`completed ${index + 1}`] : events.map(({ name }) => name),
        optional,
        reached,
        converted_from_first: ratio(reached, this.attempts),
        converted_from_previous: before ? ratio(reached, before.reached) : null,
        open,
        dropped,
        ...times(durations.values()),
      };
    });
  }
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/** A list of numbers, laid out as numbers. */
export class Numbers {
  #values = new Float64Array(16);
  #length = 0;

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const wider = new Float64Array(this.#length * 2);
      wider.set(this.#values);
      this.#values = wider;
    }
    this.#values[this.#length++] = value;
  }

  values(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }
}
