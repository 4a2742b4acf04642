import { reachedBy } from '../answers/funnel/ask.ts';
import { SHIPPED } from '../answers/funnel/shipped.ts';
import type { Source } from '../answers/source.ts';

/** A step of a funnel, and when it was reached each time, in milliseconds UTC, the earliest first. */
export interface FillingStep {
  readonly event: string;
  readonly at: readonly number[];
}

/** How the session funnel fills as time goes by: at its end the numbers are those of the answer. */
export function fillingOf(source: Source, now: number): FillingStep[] {
  const question = { ...SHIPPED.session, now };
  return question.steps.map(({ events: [event] }, index) => {
    const reached = [...reachedBy(source, question, index)].map(({ steps }) => steps[index]!.at);
    return { event: event!.name, at: reached.sort((a, b) => a - b) };
  });
}

/** How often each step was reached up to a time. */
export function reachedAt(steps: readonly FillingStep[], time: number): number[] {
  return steps.map(({ at }) => {
    const later = at.findIndex((reached) => reached > time);
    return later < 0 ? at.length : later;
  });
}
