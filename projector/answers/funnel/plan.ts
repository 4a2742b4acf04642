import { type FunnelQuestion, passesFilter, type ScannedEvent } from './question.ts';

/** A question, made ready for the scan of many subjects. */
export interface Plan {
  readonly question: FunnelQuestion;
  /** Of each step the nearest required one before it, and the next required one after it; -1 where there is none. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** The last required step: who reaches it has converted. */
  readonly last: number;
  /** Steps that an event may reach, the last one first, so that no event takes an attempt two steps further. */
  stepsOf(event: ScannedEvent): readonly number[];
  /** Ranges of steps, by what was reached and what was not yet, in which an event voids an attempt. */
  voids(event: ScannedEvent): readonly { readonly after: number; readonly before: number }[];
}

const NOTHING: readonly never[] = [];

export function plan(question: FunnelQuestion): Plan {
  const { steps, exclude } = question;
  const byCode = new Map<number, number[]>();
  steps.forEach(({ events }, index) => {
    for (const { code } of events) byCode.set(code, [index, ...(byCode.get(code) ?? [])]);
  });
  const isFiltered = (index: number) => Object.keys(steps[index]!.where).length > 0;
  const filtered = new Set([...byCode].filter(([, indexes]) => indexes.some(isFiltered)).map(([code]) => code));
  const excluded = new Map<number, { after: number; before: number }[]>();
  for (const { events, after, before } of exclude) {
    for (const { code } of events) excluded.set(code, [...(excluded.get(code) ?? []), { after, before }]);
  }
  return {
    question,
    before: steps.map((_, index) => steps.findLastIndex((other, at) => at < index && !other.optional)),
    after: steps.map((_, index) => steps.findIndex((other, at) => at > index && !other.optional)),
    last: steps.findLastIndex((step) => !step.optional),
    stepsOf: (event) => {
      const { code } = event.definition;
      const indexes = byCode.get(code) ?? NOTHING;
      return filtered.has(code) ? indexes.filter((index) => passesFilter(steps[index]!, event)) : indexes;
    },
    voids: ({ definition }) => excluded.get(definition.code) ?? NOTHING,
  };
}

/** Whether an attempt may be entered by an event. */
export function mayEnter({ since, until }: FunnelQuestion, { at }: ScannedEvent): boolean {
  return (since === null || at >= since) && (until === null || at <= until);
}
