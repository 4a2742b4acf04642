import { CODES } from '../../../projections/vocabulary.ts';
import type { FunnelQuestion } from './question.ts';

/** Stands where no event is, among places of events. */
export const NONE = -1;

/** A question, made ready for the scan of many subjects. What depends on an event is told by its code. */
export interface Plan {
  readonly question: FunnelQuestion;
  /** Of each step the nearest required one before it; -1 where there is none. */
  readonly before: readonly number[];
  /** Of each step the next required one after it; the number of steps where there is none. */
  readonly after: readonly number[];
  /** Of each step whether a gap is counted from it. */
  readonly hasGapAfter: readonly boolean[];
  /** The last required step: who reaches it has converted. */
  readonly last: number;
  /** What the steps are reached by before any is. */
  readonly noneReached: readonly number[];
  /** Steps that name an event, in their order. */
  readonly steps: readonly (readonly number[])[];
  /** Whether any of these asks for dimensions. */
  readonly isFiltered: Uint8Array;
  /** Ranges of steps, by what was reached and what was not yet, in which an event voids an attempt. */
  readonly voids: readonly (readonly { readonly after: number; readonly before: number }[])[];
  /** Whether a step or an exclusion names an event. */
  readonly isNamed: Uint8Array;
}

export function plan(question: FunnelQuestion): Plan {
  const { steps, exclude } = question;
  const codes = Array.from({ length: CODES }, (_, code) => code);
  const named = (code: number) => (one: Pick<FunnelQuestion['steps'][number], 'events'>) =>
    one.events.some((event) => event.code === code);
  const isStepOf = codes.map((code) => [...steps.keys()].filter((index) => named(code)(steps[index]!)));
  const voids = codes.map((code) => exclude.filter(named(code)));
  const required = [...steps.keys()].filter((index) => !steps[index]!.optional);
  const before = steps.map((_, index) => required.findLast((other) => other < index) ?? -1);
  const asksForMore = (index: number) => Object.keys(steps[index]!.where).length > 0;
  return {
    question,
    before,
    after: steps.map((_, index) => required.find((other) => other > index) ?? steps.length),
    hasGapAfter: steps.map((_, index) => steps.some(({ gapMs }, other) => gapMs !== null && before[other] === index)),
    last: required.at(-1)!,
    noneReached: steps.map(() => NONE),
    steps: isStepOf,
    isFiltered: Uint8Array.from(isStepOf, (indexes) => Number(indexes.some(asksForMore))),
    voids,
    isNamed: Uint8Array.from(codes, (code) => Number(isStepOf[code]!.length > 0 || voids[code]!.length > 0)),
  };
}
