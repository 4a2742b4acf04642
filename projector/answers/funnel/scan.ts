import { type FunnelQuestion, matches, type ScannedEvent } from './question.ts';

/** One way of a subject through the steps. */
export interface Attempt {
  readonly entry: ScannedEvent;
  /** The event that reached each step; null where none did. */
  readonly reached: readonly (ScannedEvent | null)[];
  /** Index of the furthest step reached. */
  readonly level: number;
  readonly converted: boolean;
}

interface Open {
  readonly entry: ScannedEvent;
  readonly reached: (ScannedEvent | null)[];
}

/**
 * The furthest attempt of one subject; among equals the one that was entered first. `events` are the subject's, in its order.
 *
 * Each event of the first step opens an attempt. Another step is reached when the nearest required step before it was reached
 * by an earlier event of the same attempt, within the window from the entry (inclusive). An event advances one attempt, the
 * newest that it can, by one step.
 */
export function scan(question: FunnelQuestion, events: readonly ScannedEvent[]): Attempt | null {
  const { steps } = question;
  const required = steps.map((_, index) => steps.findLastIndex((step, before) => before < index && !step.optional));
  const open: Open[] = [];
  let best: Attempt | null = null;
  for (const event of events) {
    for (let index = steps.length - 1; index >= 1; index--) {
      if (!matches(steps[index]!, event)) continue;
      const attempt = open.findLast((candidate) =>
        canReach(candidate, index, required[index]!, event, question.windowMs),
      );
      if (!attempt) continue;
      attempt.reached[index] = event;
      best = further(best, close(question, attempt));
      break;
    }
    if (matches(steps[0]!, event) && isEntered(question, event)) {
      const attempt = { entry: event, reached: [event, ...Array(steps.length - 1).fill(null)] };
      open.push(attempt);
      best = further(best, close(question, attempt));
    }
  }
  return best;
}

function canReach(attempt: Open, index: number, required: number, event: ScannedEvent, windowMs: number): boolean {
  const before = attempt.reached[required];
  return (
    attempt.reached[index] === null && before != null && before !== event && event.at - attempt.entry.at <= windowMs
  );
}

function isEntered({ since, until }: FunnelQuestion, { at }: ScannedEvent): boolean {
  return (since === null || at >= since) && (until === null || at <= until);
}

function close({ steps }: FunnelQuestion, { entry, reached }: Open): Attempt {
  const level = reached.findLastIndex((event) => event !== null);
  const last = steps.findLastIndex((step) => !step.optional);
  return { entry, reached: [...reached], level, converted: reached[last] !== null };
}

function further(best: Attempt | null, other: Attempt): Attempt {
  if (!best || other.level > best.level) return other;
  if (other.level < best.level || other.entry.at > best.entry.at) return best;
  // The same attempt may have passed another optional step since.
  return other;
}
