import { type Attempt, advance, type Chain, close, enter, isInTime } from './attempt.ts';
import { mayEnter, type Plan } from './plan.ts';
import type { ScannedEvent } from './question.ts';

/** Every attempt of one subject, in order. `events` are all events of the subject: whichever is not the next step ends an attempt. */
export function strictAttempts(plan: Plan, events: readonly ScannedEvent[]): Attempt[] {
  const attempts: Attempt[] = [];
  let chain: Chain | null = null;
  const end = (over: boolean) => {
    if (chain) attempts.push(close(plan, chain, over));
    chain = null;
  };
  for (const event of events) {
    const next: Chain | null = chain && nextStep(plan, chain, event);
    if (next) {
      chain = next;
      if (next.reached[plan.last]) end(false);
      continue;
    }
    end(true);
    if (plan.stepsOf(event).includes(0) && mayEnter(plan.question, event)) chain = enter(plan, event);
  }
  end(false);
  return attempts;
}

/** The attempt, one step further: the next required one, or an optional one before it. */
function nextStep(plan: Plan, chain: Chain, event: ScannedEvent): Chain | null {
  const at = chain.reached.findLastIndex((reached) => reached !== null);
  const required = plan.after[at]!;
  const reachable = plan.stepsOf(event).filter((index) => index > at && index <= required);
  const index = reachable.at(-1);
  return index !== undefined && isInTime(plan, chain, index, event) ? advance(chain, index, event) : null;
}
