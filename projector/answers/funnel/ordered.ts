import type { Asked } from './asked.ts';
import { type Attempt, advance, endOf, enter, further, isVoidedBy, NONE, stepReachedBy } from './attempt.ts';

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
  const { isNamed } = asked.plan;
  const { codes } = asked.columns;
  const underWay: Attempt[] = [];
  let best: Attempt | null = null;
  for (let event = from; event < to; event++) {
    if (!isNamed[codes[event]!]) continue;
    if (asked.voids(event).length > 0) {
      remove(underWay, (attempt) => isVoidedBy(asked, attempt, event));
      if (best && isVoidedBy(asked, best, event)) endOf(best);
    }
    let isAnyFurther = false;
    for (const attempt of underWay) {
      const index = stepReachedBy(asked, attempt, event);
      if (index === NONE) continue;
      best = further(asked, best, advance(asked, attempt, index, event));
      isAnyFurther = true;
    }
    if (asked.stepsOf(event)[0] === 0 && asked.mayEnter(event)) {
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
  remove(underWay, (attempt, place) =>
    underWay.some((other, at) => {
      return at !== place && isAsGood(asked, other, attempt) && (at < place || !isAsGood(asked, attempt, other));
    }),
  );
}

function remove(underWay: Attempt[], isGone: (attempt: Attempt, place: number) => boolean): void {
  for (let place = underWay.length - 1; place >= 0; place--) {
    if (isGone(underWay[place]!, place)) underWay.splice(place, 1);
  }
}

/** Whether an attempt has passed the same steps as another and can reach whatever that can reach. */
function isAsGood({ plan, times }: Asked, one: Attempt, other: Attempt): boolean {
  const { standsAt } = one;
  if (one.bits !== other.bits || times[one.entry]! < times[other.entry]!) return false;
  return !plan.hasGapAfter[standsAt] || times[one.reached[standsAt]!]! >= times[other.reached[standsAt]!]!;
}
