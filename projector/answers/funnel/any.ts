import type { Asked } from './asked.ts';
import { NONE } from './plan.ts';

import type { Walked } from './walk.ts';

/**
 * The window that opens with an event, and how many steps are completed in it, wherever they stand, each by an event of its own;
 * the events of its subject end at a place. What is reached is not the steps of the question but so many of them: `reached[k]` is
 * the event that completed k + 1.
 */
export function windowFrom(asked: Asked, entry: number, to: number): Walked {
  const { plan, times } = asked;
  const { steps, windowMs, entry: entries } = plan.question;
  const taken = [...plan.noneReached];
  const completed: number[] = [];
  let next = entry;
  for (; next < to && completed.length < steps.length; next++) {
    if (!asked.matters(next)) continue;
    if (times[next]! - times[entry]! <= windowMs) {
      if (assign(asked, taken, next, new Set())) completed.push(next);
    } else if (entries === 'every') break;
  }
  const level = completed.length - 1;
  const attempt = {
    ...{ entry, reached: [...completed, ...plan.noneReached.slice(completed.length)], level },
    ...{ bits: 0, standsAt: level, converted: completed.length === steps.length, over: false },
  };
  return { attempt, next };
}

/** Finds a step for an event, moving the events that have one to others where they must; whether there was one. */
function assign(asked: Asked, taken: number[], event: number, seen: Set<number>): boolean {
  for (const index of asked.stepsOf(event)) {
    if (seen.has(index)) continue;
    seen.add(index);
    const other = taken[index]!;
    if (other !== NONE && !assign(asked, taken, other, seen)) continue;
    taken[index] = event;
    return true;
  }
  return false;
}
