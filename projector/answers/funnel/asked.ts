import { eventByCode } from '../../../projections/vocabulary.ts';
import type { Columns } from '../../store/derived/columns.ts';
import type { Attempt } from './attempt.ts';
import type { Dimensions, DimensionsOf } from './dimensions.ts';
import { NONE, type Plan } from './plan.ts';
import { passesFilter, type ScannedEvent } from './question.ts';

/** An attempt with its events. */
export interface ToldAttempt extends Pick<Attempt, 'level' | 'converted' | 'over'> {
  readonly entry: ScannedEvent;
  /** The event that reached each step; null where none did. */
  readonly reached: readonly (ScannedEvent | null)[];
  /** Whether it may still convert. */
  readonly open: boolean;
}

/** A question that is asked of some columns. */
export class Asked {
  readonly plan: Plan;
  readonly columns: Columns;
  /** Of each event; milliseconds UTC. */
  readonly times: Float64Array;
  readonly #codes: Uint8Array;
  readonly #dimensionsOf: DimensionsOf;
  /** By the code of an event and by what it says: few of them differ. */
  readonly #dimensions: Dimensions[][] = [];
  readonly #steps: (readonly number[])[][] = [];

  constructor(plan: Plan, columns: Columns, dimensionsOf: DimensionsOf) {
    this.plan = plan;
    this.columns = columns;
    this.times = columns.times;
    this.#codes = columns.codes;
    this.#dimensionsOf = dimensionsOf;
  }

  /** Steps that an event may reach, in their order. */
  stepsOf(event: number): readonly number[] {
    const code = this.#codes[event]!;
    if (!this.plan.isFiltered[code]) return this.plan.steps[code]!;
    const said = this.columns.said[event]!;
    this.#steps[code] ??= [];
    this.#steps[code][said] ??= this.#filtered(event, code);
    return this.#steps[code][said];
  }

  /** Ranges of steps, by what was reached and what was not yet, in which an event voids an attempt. */
  voids(event: number): Plan['voids'][number] {
    return this.plan.voids[this.#codes[event]!]!;
  }

  /** Whether an event may reach a step or void an attempt. */
  matters(event: number): boolean {
    return this.stepsOf(event).length > 0 || this.voids(event).length > 0;
  }

  /** Whether an attempt may be entered by an event. */
  mayEnter(event: number): boolean {
    const { since, until } = this.plan.question;
    const at = this.times[event]!;
    return (since === null || at >= since) && (until === null || at <= until);
  }

  /** Whether an attempt may still convert: within its window, and within the gap to its next required step. */
  isOpen({ converted, over, entry, reached, standsAt }: Attempt): boolean {
    const { question, after, last } = this.plan;
    const { now, windowMs, steps, order } = question;
    if (converted || over || now - this.times[entry]! > windowMs) return false;
    if (order === 'any' || standsAt === last) return true;
    const { gapMs } = steps[after[standsAt]!]!;
    return gapMs === null || now - this.times[reached[standsAt]!]! <= gapMs;
  }

  dimensions(event: number): Dimensions {
    const code = this.#codes[event]!;
    const said = this.columns.said[event]!;
    this.#dimensions[code] ??= [];
    this.#dimensions[code][said] ??= this.#dimensionsOf(this.columns.texts[said]!, code);
    return this.#dimensions[code][said];
  }

  event(event: number): ScannedEvent {
    const id = this.columns.ids[event]!;
    const definition = eventByCode(this.#codes[event]!);
    return { id, definition, at: this.times[event]!, dimensions: this.dimensions(event) };
  }

  told(attempt: Attempt): ToldAttempt {
    const { entry, reached, level, converted, over } = attempt;
    const told = reached.map((event) => (event === NONE ? null : this.event(event)));
    return { entry: this.event(entry), reached: told, level, converted, over, open: this.isOpen(attempt) };
  }

  #filtered(event: number, code: number): readonly number[] {
    const { steps } = this.plan.question;
    const dimensions = this.dimensions(event);
    return this.plan.steps[code]!.filter((index) => passesFilter(steps[index]!, dimensions));
  }
}
