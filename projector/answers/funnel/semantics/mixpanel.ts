import { type Attempt, advance, type Chain, close, enter, isVoidedBy } from '../attempt.ts';
import { mayEnter, type Plan } from '../plan.ts';
import type { ScannedEvent } from '../question.ts';

/** Two consecutive steps so close together count in either order. */
const EITHER_ORDER_MS = 2_000;

/**
 * Every attempt of one subject by Mixpanel's rules, one after the other: the window runs from the first event of step 1, and
 * later ones do not reset it.
 */
export function mixpanelAttempts(plan: Plan, events: readonly ScannedEvent[]): Attempt[] {
  const attempts: Attempt[] = [];
  let chain: Chain | null = null;
  /** Events since the attempt before ended. */
  let past: ScannedEvent[] = [];
  const end = () => {
    if (chain) attempts.push(close(plan, chain, true));
    chain = null;
    past = [];
  };
  for (const event of events.toSorted((a, b) => a.at - b.at)) {
    if (chain && event.at - (chain as Chain).entry.at > plan.question.windowMs) end();
    if (chain && isVoidedBy(plan, chain, event)) end();
    const next: Chain | null = chain ? step(plan, chain, event) : entered(plan, event);
    past.push(event);
    if (!next) continue;
    chain = withEarlier(plan, next, past);
    if (chain.reached[plan.last]) end();
  }
  end();
  return attempts;
}

function entered(plan: Plan, event: ScannedEvent): Chain | null {
  return plan.stepsOf(event).includes(0) && mayEnter(plan.question, event) ? enter(plan, event) : null;
}

/** The attempt with its next step, where that is what the event is. */
function step(plan: Plan, chain: Chain, event: ScannedEvent): Chain | null {
  const next = nextStep(plan, chain);
  return plan.stepsOf(event).includes(next) ? advance(plan, chain, next, event) : null;
}

/** Adds the steps that came shortly before the ones that they should follow. */
function withEarlier(plan: Plan, chain: Chain, past: readonly ScannedEvent[]): Chain {
  let reached = chain;
  for (;;) {
    const next = nextStep(plan, reached);
    if (next === plan.question.steps.length) return reached;
    const latest = reached.reached[plan.before[next]!]!;
    const earlier = past.findLast(
      (event) =>
        latest.at - event.at <= EITHER_ORDER_MS &&
        plan.stepsOf(event).includes(next) &&
        !reached.reached.includes(event),
    );
    if (!earlier) return reached;
    reached = advance(plan, reached, next, earlier);
  }
}

/** The next required step; the number of steps after the last. */
function nextStep({ after }: Plan, { reached }: Chain): number {
  return after[reached.findLastIndex((event) => event !== null)]!;
}
