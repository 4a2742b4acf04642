import { type Attempt, advance, type Chain, close, enter, isInTime } from './attempt.ts';
import { mayEnter, type Plan } from './plan.ts';
import type { ScannedEvent } from './question.ts';

/**
 * Every attempt of one subject, one after the other: while one is under way, events of the first step enter none. It ends when
 * it converts, when its window is over, or when an excluded event voids it.
 */
export function everyAttempt(plan: Plan, events: readonly ScannedEvent[]): Attempt[] {
  const { question, last } = plan;
  const attempts: Attempt[] = [];
  let chain: Chain | null = null;
  const end = (over: boolean) => {
    if (chain) attempts.push(close(plan, chain, over));
    chain = null;
  };
  for (const event of events) {
    if (chain && event.at - (chain as Chain).entry.at > question.windowMs) end(false);
    if (chain && isVoided(plan, chain, event)) end(true);
    if (chain) {
      const next = step(plan, chain, event);
      if (next) chain = next;
      if (next?.reached[last]) end(false);
    } else if (plan.stepsOf(event).includes(0) && mayEnter(question, event)) chain = enter(plan, event);
  }
  end(false);
  return attempts;
}

function isVoided(plan: Plan, { reached }: Chain, event: ScannedEvent): boolean {
  return plan.voids(event).some(({ after, before }) => reached[after] && !reached.slice(before).some(Boolean));
}

/** The attempt with the step that an event reaches, or null. */
function step(plan: Plan, chain: Chain, event: ScannedEvent): Chain | null {
  const { reached } = chain;
  for (const index of plan.stepsOf(event)) {
    if (index === 0 || reached[index] || !reached[plan.before[index]!]) continue;
    const isOnTheWay = !reached[plan.after[index]!];
    if (isOnTheWay && isInTime(plan, chain, index, event)) return advance(chain, index, event);
  }
  return null;
}
