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
}

/** An attempt that this event enters. */
export function enter({ question }: Plan, event: ScannedEvent): Chain {
  const reached: (ScannedEvent | null)[] = Array(question.steps.length).fill(null);
  reached[0] = event;
  return { entry: event, reached };
}

export function advance({ entry, reached }: Chain, index: number, event: ScannedEvent): Chain {
  return { entry, reached: reached.with(index, event) };
}

export function close({ last }: Plan, { entry, reached }: Chain, over = false): Attempt {
  const level = reached.findLastIndex((event) => event !== null);
  return { entry, reached, level, converted: reached[last] !== null, over };
}

/** Whether an event comes in time to reach a step: within the window from the entry, and the gap from the step before. */
export function isInTime({ question, before }: Plan, { entry, reached }: Chain, index: number, { at }: ScannedEvent) {
  const { gapMs } = question.steps[index]!;
  if (at - entry.at > question.windowMs) return false;
  return gapMs === null || at - reached[before[index]!]!.at <= gapMs;
}

/** The attempt that came further; among equals the one that was entered first. */
export function further(best: Attempt | null, other: Attempt): Attempt {
  if (!best || other.level > best.level) return other;
  if (other.level < best.level) return best;
  // The same attempt may have passed another optional step since, or have been voided.
  return other.entry === best.entry || other.entry.at < best.entry.at ? other : best;
}
