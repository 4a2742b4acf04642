import { type FunnelQuestion, passesFilter, type ScannedEvent } from './question.ts';

/** A question, made ready for the scan of many subjects. */
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
  /** Steps that an event may reach, in their order. */
  stepsOf(event: ScannedEvent): readonly number[];
  /** Ranges of steps, by what was reached and what was not yet, in which an event voids an attempt. */
  voids(event: ScannedEvent): readonly { readonly after: number; readonly before: number }[];
  /** Whether an event may reach a step or void an attempt. */
  matters(event: ScannedEvent): boolean;
}

const NOTHING: readonly never[] = [];

export function plan(question: FunnelQuestion): Plan {
  const { steps, exclude } = question;
  const byCode = new Map<number, number[]>();
  steps.forEach(({ events }, index) => {
    for (const { code } of events) byCode.set(code, [...(byCode.get(code) ?? []), index]);
  });
  const isFiltered = (index: number) => Object.keys(steps[index]!.where).length > 0;
  const filtered = new Set([...byCode].filter(([, indexes]) => indexes.some(isFiltered)).map(([code]) => code));
  const excluded = new Map<number, { after: number; before: number }[]>();
  for (const { events, after, before } of exclude) {
    for (const { code } of events) excluded.set(code, [...(excluded.get(code) ?? []), { after, before }]);
  }
  const stepsOf = (event: ScannedEvent): readonly number[] => {
    const { code } = event.definition;
    const indexes = byCode.get(code) ?? NOTHING;
    return filtered.has(code) ? indexes.filter((index) => passesFilter(steps[index]!, event)) : indexes;
  };
  const voids = ({ definition }: ScannedEvent) => excluded.get(definition.code) ?? NOTHING;
  const required = steps.flatMap(({ optional }, index) => (optional ? [] : [index]));
  const before = steps.map((_, index) => required.findLast((other) => other < index) ?? -1);
  return {
    question,
    before,
    after: steps.map((_, index) => required.find((other) => other > index) ?? steps.length),
    hasGapAfter: steps.map((_, index) => steps.some(({ gapMs }, other) => gapMs !== null && before[other] === index)),
    last: required.at(-1)!,
    stepsOf,
    voids,
    matters: (event) => stepsOf(event).length > 0 || voids(event).length > 0,
  };
}

/** Whether an attempt may be entered by an event. */
export function mayEnter({ since, until }: FunnelQuestion, { at }: ScannedEvent): boolean {
  return (since === null || at >= since) && (until === null || at <= until);
}
