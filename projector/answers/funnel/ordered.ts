import { type Attempt, advance, type Chain, close, enter, further, isVoidedBy, stepReachedBy } from './attempt.ts';
import { mayEnter, type Plan } from './plan.ts';
import type { ScannedEvent } from './question.ts';

/**
 * The furthest attempt of one subject. `events` are the subject's, in its order.
 *
 * Each event of the first step opens an attempt. A required step is reached when the one before it was reached by an earlier
 * event of the attempt, in time. An optional step is passed on the way, before the next required step, or not at all. An excluded
 * event voids the attempts that stand between its two steps. A newer attempt takes over level by level: where two stand at one
 * step and have passed the same steps before, the one that has less time left gives way. So about as many attempts are under way
 * as there are steps.
 */
export function furthest(plan: Plan, events: readonly ScannedEvent[]): Attempt | null {
  let underWay: Chain[] = [];
  let best: Attempt | null = null;
  for (const event of events) {
    if (plan.voids(event).length > 0) {
      underWay = underWay.filter((chain) => !isVoidedBy(plan, chain, event));
      if (best && isVoidedBy(plan, best, event)) best = { ...(best as Attempt), over: true };
    }
    const steps = plan.stepsOf(event);
    if (steps.length === 0) continue;
    let isAnyFurther = false;
    for (const [place, chain] of underWay.entries()) {
      const index = stepReachedBy(plan, chain, event);
      if (index < 0) continue;
      underWay[place] = advance(plan, chain, index, event);
      best = further(best, close(plan, underWay[place]));
      isAnyFurther = true;
    }
    if (steps[0] === 0 && mayEnter(plan.question, event)) {
      const entered = enter(plan, event);
      underWay.push(entered);
      best = further(best, close(plan, entered));
      isAnyFurther = true;
    }
    if (isAnyFurther && underWay.length > 1) underWay = withoutTheTakenOver(plan, underWay);
  }
  return best;
}

/** Of those that are as good as one another the first stays. */
function withoutTheTakenOver(plan: Plan, underWay: readonly Chain[]): Chain[] {
  return underWay.filter((chain, place) => {
    for (const [at, other] of underWay.entries()) {
      if (at !== place && isAsGood(plan, other, chain) && (at < place || !isAsGood(plan, chain, other))) return false;
    }
    return true;
  });
}

/** Whether an attempt has passed the same steps as another and can reach whatever that can reach. */
function isAsGood({ hasGapAfter }: Plan, one: Chain, other: Chain): boolean {
  const { standsAt } = one;
  if (one.bits !== other.bits || one.entry.at < other.entry.at) return false;
  return !hasGapAfter[standsAt] || one.reached[standsAt]!.at >= other.reached[standsAt]!.at;
}
