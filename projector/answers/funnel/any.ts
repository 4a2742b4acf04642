import type { Attempt } from './attempt.ts';
import { mayEnter, type Plan } from './plan.ts';
import type { ScannedEvent } from './question.ts';

/**
 * The window of one subject with the most distinct steps, wherever they stand in it; among equals the first. What is reached is
 * not the steps of the question but so many of them: `reached[k]` is the event that completed k + 1.
 */
export function mostInAnyOrder(plan: Plan, events: readonly ScannedEvent[]): Attempt | null {
  const inTime = byTime(plan, events);
  let best: Attempt | null = null;
  for (let from = 0; from < inTime.length && !best?.converted; from++) {
    if (!mayEnter(plan.question, inTime[from]!)) continue;
    const { attempt } = complete(plan, inTime, from);
    if (!best || attempt.level > best.level) best = attempt;
  }
  return best;
}

/** Windows one after the other, each from the first event of a step after the one before. */
export function everyInAnyOrder(plan: Plan, events: readonly ScannedEvent[]): Attempt[] {
  const inTime = byTime(plan, events);
  const attempts: Attempt[] = [];
  for (let from = 0; from < inTime.length; ) {
    if (!mayEnter(plan.question, inTime[from]!)) {
      from += 1;
      continue;
    }
    const { attempt, next } = complete(plan, inTime, from);
    attempts.push(attempt);
    from = next;
  }
  return attempts;
}

function byTime(plan: Plan, events: readonly ScannedEvent[]): ScannedEvent[] {
  return events.filter((event) => plan.stepsOf(event).length > 0).sort((a, b) => a.at - b.at);
}

/** How many steps are completed in the window from an event on, each by an event of its own; and the first event after that. */
function complete(plan: Plan, inTime: readonly ScannedEvent[], from: number): { attempt: Attempt; next: number } {
  const { steps, windowMs } = plan.question;
  const entry = inTime[from]!;
  const taken: (ScannedEvent | null)[] = Array(steps.length).fill(null);
  const reached: ScannedEvent[] = [];
  let next = from;
  for (; next < inTime.length && reached.length < steps.length; next++) {
    const event = inTime[next]!;
    if (event.at - entry.at > windowMs) break;
    if (assign(plan, taken, event, new Set())) reached.push(event);
  }
  const missing = Array<null>(steps.length - reached.length).fill(null);
  const attempt = {
    entry,
    reached: [...reached, ...missing],
    level: reached.length - 1,
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
