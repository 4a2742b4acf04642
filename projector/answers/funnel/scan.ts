import { windowFrom } from './any.ts';
import type { Asked } from './asked.ts';
import { type Attempt, further } from './attempt.ts';
import { furthest } from './ordered.ts';
import { walk } from './walk.ts';

/**
 * The rules by which the events of one subject make attempts: ours, or those of another tool. Its events stand in the columns from
 * one place up to another, in its order.
 */
export type Rules = (asked: Asked, from: number, to: number) => Attempt[];

/** The attempts of one subject, by the rules of the question. */
export const scan: Rules = (asked, from, to) => {
  const { order, entry } = asked.plan.question;
  if (entry === 'every') return oneAfterTheOther(asked, from, to);
  const best = order === 'ordered' ? furthest(asked, from, to) : furthestOfEach(asked, from, to);
  return best ? [best] : [];
};

/** While an attempt is under way, none is entered. */
function oneAfterTheOther(asked: Asked, from: number, to: number): Attempt[] {
  const attempts: Attempt[] = [];
  for (let event = from; event < to; ) {
    if (enters(asked, event)) {
      const { attempt, next } = attemptFrom(asked, event, to);
      attempts.push(attempt);
      event = next;
    } else event += 1;
  }
  return attempts;
}

function furthestOfEach(asked: Asked, from: number, to: number): Attempt | null {
  let best: Attempt | null = null;
  for (let event = from; event < to; event++) {
    if (enters(asked, event)) best = further(asked, best, attemptFrom(asked, event, to).attempt);
  }
  return best;
}

/** In any order a window opens with an event of any step. */
function enters(asked: Asked, event: number): boolean {
  const steps = asked.stepsOf(event);
  return (asked.plan.question.order === 'any' ? steps.length > 0 : steps[0] === 0) && asked.mayEnter(event);
}

function attemptFrom(asked: Asked, event: number, to: number) {
  return asked.plan.question.order === 'any' ? windowFrom(asked, event, to) : walk(asked, event, to);
}
