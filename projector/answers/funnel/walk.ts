import type { Asked } from './asked.ts';
import { type Attempt, advance, endOf, enter, isInTime, isVoidedBy, stepReachedBy } from './attempt.ts';
import { NONE } from './plan.ts';

/** An attempt, and the place from which the next one may be entered. */
export interface Walked {
  readonly attempt: Attempt;
  readonly next: number;
}

/**
 * The one attempt that an event enters; the events of its subject end at a place. It ends when it converts, with the first event
 * beyond its window, when an excluded event voids it and, strictly, with any event that is not its next step. An event that ends
 * it without being a step of it may enter the next attempt.
 */
export function walk(asked: Asked, entry: number, to: number): Walked {
  const { times, plan } = asked;
  const { windowMs, order } = plan.question;
  const isStrict = order === 'strict';
  const attempt = enter(asked, entry);
  for (let event = entry + 1; event < to; event++) {
    if (!isStrict && !asked.matters(event)) continue;
    if (times[event]! - times[entry]! > windowMs) return { attempt, next: event };
    if (isVoidedBy(asked, attempt, event)) return { attempt: endOf(attempt), next: event };
    const index = isStrict ? nextStep(asked, attempt, event) : stepReachedBy(asked, attempt, event);
    if (index !== NONE) advance(asked, attempt, index, event);
    else if (isStrict) return { attempt: endOf(attempt), next: event };
    if (attempt.converted) return { attempt, next: event + 1 };
  }
  return { attempt, next: to };
}

/** Strictly the next step is the next required one or an optional one before it, and of those that an event may reach the first. */
function nextStep(asked: Asked, attempt: Attempt, event: number): number {
  const required = asked.plan.after[attempt.standsAt]!;
  const reachable = asked.stepsOf(event).filter((index) => index > attempt.level && index <= required);
  return reachable.find((index) => isInTime(asked, attempt, index, event)) ?? NONE;
}
