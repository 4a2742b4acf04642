import { type Attempt, advance, type Chain, close, enter, isInTime, isVoidedBy, stepReachedBy } from './attempt.ts';
import type { Plan } from './plan.ts';
import type { ScannedEvent } from './question.ts';

/** An attempt, and the place in the subject's events from which the next one may be entered. */
export interface Walked {
  readonly attempt: Attempt;
  readonly next: number;
}

/**
 * The one attempt that the event at a place enters. It ends when it converts, with the first event beyond its window, when an
 * excluded event voids it and, strictly, with any event that is not its next step. An event that ends it without being a step of
 * it may enter the next attempt.
 */
export function walk(plan: Plan, events: readonly ScannedEvent[], from: number): Walked {
  const { question, last } = plan;
  const isStrict = question.order === 'strict';
  let chain = enter(plan, events[from]!);
  for (let place = from + 1; place < events.length; place++) {
    const event = events[place]!;
    if (!isStrict && !plan.matters(event)) continue;
    if (event.at - chain.entry.at > question.windowMs) return { attempt: close(plan, chain), next: place };
    if (isVoidedBy(plan, chain, event)) return { attempt: close(plan, chain, true), next: place };
    const index = isStrict ? nextStep(plan, chain, event) : stepReachedBy(plan, chain, event);
    if (index >= 0) chain = advance(plan, chain, index, event);
    else if (isStrict) return { attempt: close(plan, chain, true), next: place };
    if (chain.reached[last]) return { attempt: close(plan, chain), next: place + 1 };
  }
  return { attempt: close(plan, chain), next: events.length };
}

/** Strictly the next step is the next required one or an optional one before it, and of those that an event may reach the first. */
function nextStep(plan: Plan, chain: Chain, event: ScannedEvent): number {
  const at = chain.reached.findLastIndex((reached) => reached !== null);
  const required = plan.after[chain.standsAt]!;
  const reachable = plan.stepsOf(event).filter((index) => index > at && index <= required);
  return reachable.find((index) => isInTime(plan, chain, index, event)) ?? -1;
}
