import { windowFrom } from './any.ts';
import { type Attempt, further } from './attempt.ts';
import { furthest } from './ordered.ts';
import { mayEnter, type Plan } from './plan.ts';
import type { ScannedEvent } from './question.ts';
import { walk } from './walk.ts';

/** The attempts of one subject, by the rules of the question. `events` are the subject's, in its order. */
export function scan(plan: Plan, events: readonly ScannedEvent[]): Attempt[] {
  const { order, entry } = plan.question;
  if (entry === 'every') return oneAfterTheOther(plan, events);
  const best = order === 'ordered' ? furthest(plan, events) : furthestOfEach(plan, events);
  return best ? [best] : [];
}

/** While an attempt is under way, none is entered. */
function oneAfterTheOther(plan: Plan, events: readonly ScannedEvent[]): Attempt[] {
  const attempts: Attempt[] = [];
  for (let place = 0; place < events.length; ) {
    if (enters(plan, events[place]!)) {
      const { attempt, next } = attemptFrom(plan, events, place);
      attempts.push(attempt);
      place = next;
    } else place += 1;
  }
  return attempts;
}

function furthestOfEach(plan: Plan, events: readonly ScannedEvent[]): Attempt | null {
  let best: Attempt | null = null;
  for (const [place, event] of events.entries()) {
    if (enters(plan, event)) best = further(best, attemptFrom(plan, events, place).attempt);
  }
  return best;
}

/** In any order a window opens with an event of any step. */
function enters(plan: Plan, event: ScannedEvent): boolean {
  const steps = plan.stepsOf(event);
  return (plan.question.order === 'any' ? steps.length > 0 : steps[0] === 0) && mayEnter(plan.question, event);
}

function attemptFrom(plan: Plan, events: readonly ScannedEvent[], place: number) {
  return plan.question.order === 'any' ? windowFrom(plan, events, place) : walk(plan, events, place);
}
