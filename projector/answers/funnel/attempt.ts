import type { Plan } from './plan.ts';
import type { ScannedEvent } from './question.ts';

/** One way of a subject through the steps. */
export interface Attempt {
  readonly entry: ScannedEvent;
  /** The event that reached each step; null where none did. */
  readonly reached: readonly (ScannedEvent | null)[];
  /** Index of the furthest step reached. */
  readonly level: number;
  readonly converted: boolean;
  /** Whether it can go no further, however much time it has left: it was voided, or strictly ended. */
  readonly over: boolean;
}

/** What was reached so far by an attempt under way. */
export interface Chain {
  readonly entry: ScannedEvent;
  readonly reached: readonly (ScannedEvent | null)[];
  /** The same as bits, the first step lowest. */
  readonly bits: number;
  /** The last required step reached. */
  readonly standsAt: number;
}

/** An attempt that this event enters. */
export function enter({ question }: Plan, event: ScannedEvent): Chain {
  const reached: (ScannedEvent | null)[] = Array(question.steps.length).fill(null);
  reached[0] = event;
  return { entry: event, reached, bits: 1, standsAt: 0 };
}

export function advance({ question }: Plan, chain: Chain, index: number, event: ScannedEvent): Chain {
  return {
    entry: chain.entry,
    reached: chain.reached.with(index, event),
    bits: chain.bits | (1 << index),
    standsAt: question.steps[index]!.optional ? chain.standsAt : index,
  };
}

export function close({ last }: Plan, { entry, reached }: Chain, over = false): Attempt {
  const level = reached.findLastIndex((event) => event !== null);
  return { entry, reached, level, converted: reached[last] !== null, over };
}

/** Whether an event comes in time to reach a step: within the window from the entry, and the gap from the required step before. */
export function isInTime({ question }: Plan, { entry, reached, standsAt }: Chain, index: number, { at }: ScannedEvent) {
  const { gapMs } = question.steps[index]!;
  if (at - entry.at > question.windowMs) return false;
  return gapMs === null || at - reached[standsAt]!.at <= gapMs;
}

/**
 * The step that an event reaches; -1 where it reaches none. An optional step stops nobody: the next required step comes first, then
 * the first optional one on the way to it that was not passed yet.
 */
export function stepReachedBy(plan: Plan, chain: Chain, event: ScannedEvent): number {
  const required = plan.after[chain.standsAt]!;
  let optional = -1;
  for (const index of plan.stepsOf(event)) {
    if (index <= chain.standsAt || chain.reached[index] || !isInTime(plan, chain, index, event)) continue;
    if (index > required) break;
    if (index === required) return index;
    if (optional < 0) optional = index;
  }
  return optional;
}

/** Whether an event voids what has come so far: it stands between the two steps of an exclusion. */
export function isVoidedBy(plan: Plan, { reached }: Pick<Chain, 'reached'>, event: ScannedEvent): boolean {
  return plan.voids(event).some(({ after, before }) => reached[after] && !reached.slice(before).some(Boolean));
}

/** The attempt that came further; among equals the one that was entered first. */
export function further(best: Attempt | null, other: Attempt): Attempt {
  if (!best || other.level > best.level) return other;
  if (other.level < best.level) return best;
  // The same attempt may have passed another optional step since.
  return other.entry === best.entry || other.entry.at < best.entry.at ? other : best;
}
