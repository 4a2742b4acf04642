import type { Asked } from '../asked.ts';
import { type Attempt, advance, endOf, enter, isVoidedBy } from '../attempt.ts';
import { byTime } from './by-time.ts';

/** Two consecutive steps so close together count in either order. */
const EITHER_ORDER_MS = 2_000;

/**
 * Every attempt of one subject by Mixpanel's rules, one after the other: the window runs from the first event of step 1, and
 * later ones do not reset it.
 */
export function mixpanelAttempts(asked: Asked, from: number, to: number): Attempt[] {
  const { times, plan } = asked;
  const attempts: Attempt[] = [];
  let attempt: Attempt | null = null;
  /** Events since the attempt before ended. */
  let past: number[] = [];
  const end = () => {
    if (attempt) attempts.push(endOf(attempt));
    attempt = null;
    past = [];
  };
  for (const event of byTime(asked, from, to)) {
    if (attempt && times[event]! - times[(attempt as Attempt).entry]! > plan.question.windowMs) end();
    if (attempt && isVoidedBy(asked, attempt, event)) end();
    const next: Attempt | null = attempt ? step(asked, attempt, event) : entered(asked, event);
    past.push(event);
    if (!next) continue;
    attempt = withEarlier(asked, next, past);
    if (attempt.converted) end();
  }
  end();
  return attempts;
}

function entered(asked: Asked, event: number): Attempt | null {
  return asked.stepsOf(event).includes(0) && asked.mayEnter(event) ? enter(asked, event) : null;
}

/** The attempt with its next step, where that is what the event is. */
function step(asked: Asked, attempt: Attempt, event: number): Attempt | null {
  const next = nextStep(asked, attempt);
  return asked.stepsOf(event).includes(next) ? advance(asked, attempt, next, event) : null;
}

/** Adds the steps that came shortly before the ones that they should follow. */
function withEarlier(asked: Asked, attempt: Attempt, past: readonly number[]): Attempt {
  const { times, plan } = asked;
  for (;;) {
    const next = nextStep(asked, attempt);
    if (next === plan.question.steps.length) return attempt;
    const latest = times[attempt.reached[plan.before[next]!]!]!;
    const earlier = past.findLast(
      (event) =>
        latest - times[event]! <= EITHER_ORDER_MS &&
        asked.stepsOf(event).includes(next) &&
        !attempt.reached.includes(event),
    );
    if (earlier === undefined) return attempt;
    advance(asked, attempt, next, earlier);
  }
}

/** The next required step; the number of steps after the last. */
function nextStep({ plan }: Asked, { level }: Attempt): number {
  return plan.after[level]!;
}
