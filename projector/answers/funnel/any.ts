import type { Plan } from './plan.ts';
import type { ScannedEvent } from './question.ts';
import type { Walked } from './walk.ts';

/**
 * The window that opens with the event at a place, and how many steps are completed in it, wherever they stand, each by an event of
 * its own. What is reached is not the steps of the question but so many of them: `reached[k]` is the event that completed k + 1.
 */
export function windowFrom(plan: Plan, events: readonly ScannedEvent[], from: number): Walked {
  const { steps, windowMs, entry: entries } = plan.question;
  const entry = events[from]!;
  const taken: (ScannedEvent | null)[] = Array(steps.length).fill(null);
  const completed: ScannedEvent[] = [];
  let next = from;
  for (; next < events.length && completed.length < steps.length; next++) {
    const event = events[next]!;
    if (!plan.matters(event)) continue;
    if (event.at - entry.at <= windowMs) {
      if (assign(plan, taken, event, new Set())) completed.push(event);
    } else if (entries === 'every') break;
  }
  const missing = Array<null>(steps.length - completed.length).fill(null);
  const attempt = {
    entry,
    reached: [...completed, ...missing],
    level: completed.length - 1,
    converted: missing.length === 0,
    over: false,
  };
  return { attempt, next };
}

/** Finds a step for an event, moving the events that have one to others where they must; whether there was one. */
function assign(plan: Plan, taken: (ScannedEvent | null)[], event: ScannedEvent, seen: Set<number>): boolean {
  for (const index of plan.stepsOf(event)) {
    if (seen.has(index)) continue;
    seen.add(index);
    const other = taken[index];
    if (other && !assign(plan, taken, other, seen)) continue;
    taken[index] = event;
    return true;
  }
  return false;
}
