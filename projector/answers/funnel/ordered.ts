import type { Asked } from './asked.ts';
import { type Attempt, advance, endOf, enter, further, isVoidedBy, stepReachedBy } from './attempt.ts';
import { NONE } from './plan.ts';

/**
 * The furthest attempt of one subject, whose events stand from a place on, in its order.
 *
 * Each event of the first step opens an attempt. A required step is reached when the one before it was reached by an earlier
 * event of the attempt, in time. An optional step is passed on the way, before the next required step, or not at all. An excluded
 * event voids the attempts that stand between its two steps. A newer attempt takes over level by level: where two stand at one
 * step and have passed the same steps before, the one that has less time left gives way. So about as many attempts are under way
 * as there are steps.
 */
export function furthest(asked: Asked, from: number, to: number): Attempt | null {
  const mayVoid = asked.plan.question.exclude.length > 0;
  const underWay: Attempt[] = [];
  let best: Attempt | null = null;
  for (let event = from; event < to; event++) {
    if (mayVoid && asked.voids(event).length > 0) {
      for (let place = underWay.length - 1; place >= 0; place--) {
        if (isVoidedBy(asked, underWay[place]!, event)) underWay.splice(place, 1);
      }
      if (best && isVoidedBy(asked, best, event)) endOf(best);
    }
    const steps = asked.stepsOf(event);
    let isAnyFurther = false;
    for (let place = 0; place < underWay.length; place++) {
      const attempt = underWay[place]!;
      const index = stepReachedBy(asked, attempt, event, steps);
      if (index === NONE) continue;
      best = further(asked, best, advance(asked, attempt, index, event));
      isAnyFurther = true;
    }
    if (steps[0] === 0 && asked.mayEnter(event)) {
      const entered = enter(asked, event);
      underWay.push(entered);
      best = further(asked, best, entered);
      isAnyFurther = true;
    }
    if (isAnyFurther && underWay.length > 1) removeTheTakenOver(asked, underWay);
  }
  return best;
}

/** Of those that are as good as one another the first stays. To be as good is transitive, so they can go one by one. */
function removeTheTakenOver(asked: Asked, underWay: Attempt[]): void {
  for (let place = underWay.length - 1; place >= 0; place--) {
    if (isTakenOver(asked, underWay, place)) underWay.splice(place, 1);
  }
}

function isTakenOver(asked: Asked, underWay: readonly Attempt[], place: number): boolean {
  const attempt = underWay[place]!;
  for (let at = 0; at < underWay.length; at++) {
    const other = underWay[at]!;
    if (at !== place && isAsGood(asked, other, attempt) && (at < place || !isAsGood(asked, attempt, other)))
      return true;
  }
  return false;
}

/** Whether an attempt has passed the same steps as another and can reach whatever that can reach. */
function isAsGood({ plan, times }: Asked, one: Attempt, other: Attempt): boolean {
  const { standsAt } = one;
  if (one.bits !== other.bits || times[one.entry]! < times[other.entry]!) return false;
  return !plan.hasGapAfter[standsAt] || times[one.reached[standsAt]!]! >= times[other.reached[standsAt]!]!;
}
