import type { Asked } from './asked.ts';
import { NONE } from './plan.ts';

/** One way of a subject through the steps; events are told by their places. It is changed as it goes on. */
export interface Attempt {
  readonly entry: number;
  /** The event that reached each step; {@link NONE} where none did. */
  readonly reached: number[];
  /** The same as bits, the first step lowest. */
  bits: number;
  /** The last required step reached. */
  standsAt: number;
  /** Index of the furthest step reached. */
  level: number;
  converted: boolean;
  /** Whether it can go no further, however much time it has left: it was voided, or strictly ended. */
  over: boolean;
}

/** An attempt that this event enters. */
export function enter({ plan }: Asked, event: number): Attempt {
  const reached = plan.noneReached.slice();
  reached[0] = event;
  return { entry: event, reached, bits: 1, standsAt: 0, level: 0, converted: plan.last === 0, over: false };
}

/** Takes an attempt to a step. */
export function advance({ plan }: Asked, attempt: Attempt, index: number, event: number): Attempt {
  attempt.reached[index] = event;
  attempt.bits |= 1 << index;
  if (!plan.question.steps[index]!.optional) attempt.standsAt = index;
  if (index > attempt.level) attempt.level = index;
  if (index === plan.last) attempt.converted = true;
  return attempt;
}

/** The same attempt, to be taken further on its own. */
export function copyOf(attempt: Attempt): Attempt {
  return { ...attempt, reached: attempt.reached.slice() };
}

export function endOf(attempt: Attempt): Attempt {
  attempt.over = true;
  return attempt;
}

/** Whether an event comes in time to reach a step: within the window from the entry, and the gap from the required step before. */
export function isInTime({ plan, times }: Asked, { entry, reached, standsAt }: Attempt, index: number, event: number) {
  const at = times[event]!;
  if (at - times[entry]! > plan.question.windowMs) return false;
  const { gapMs } = plan.question.steps[index]!;
  return gapMs === null || at - times[reached[standsAt]!]! <= gapMs;
}

/**
 * The step that an event reaches; {@link NONE} where it reaches none. An optional step stops nobody: the next required step comes
 * first, then the first optional one on the way to it that was not passed yet.
 */
export function stepReachedBy(asked: Asked, attempt: Attempt, event: number, steps = asked.stepsOf(event)): number {
  const required = asked.plan.after[attempt.standsAt]!;
  let optional = NONE;
  for (const index of steps) {
    if (index <= attempt.standsAt || attempt.reached[index] !== NONE || !isInTime(asked, attempt, index, event))
      continue;
    if (index > required) break;
    if (index === required) return index;
    if (optional === NONE) optional = index;
  }
  return optional;
}

/** Whether an event voids what has come so far: it stands between the two steps of an exclusion. */
export function isVoidedBy(asked: Asked, { reached }: Pick<Attempt, 'reached'>, event: number): boolean {
  for (const { after, before } of asked.voids(event)) {
    if (reached[after] !== NONE && reached.every((place, index) => index < before || place === NONE)) return true;
  }
  return false;
}

/** The attempt that came further; among equals the one that was entered first. */
export function further({ times }: Asked, best: Attempt | null, other: Attempt): Attempt {
  if (!best || other.level > best.level) return other;
  if (other.level < best.level) return best;
  return times[other.entry]! < times[best.entry]! ? other : best;
}
