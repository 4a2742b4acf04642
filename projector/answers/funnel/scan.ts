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

interface Chain {
  readonly entry: ScannedEvent;
  readonly reached: readonly (ScannedEvent | null)[];
}

/**
 * The furthest attempt of one subject; among equals the one that was entered first. `events` are the subject's, in its order.
 *
 * Each event of the first step opens an attempt. A required step is reached when the one before it was reached by an earlier
 * event of the attempt, within the window from the entry (inclusive). Per required step the attempt that was entered last is
 * remembered, so that a newer one takes over level by level. An optional step is passed on the way, before the next required
 * step, or not at all.
 */
export function scan(question: FunnelQuestion, events: readonly ScannedEvent[]): Attempt | null {
  const { steps } = question;
  const levels: (Chain | null)[] = Array(steps.length).fill(null);
  let best: Attempt | null = null;
  const put = (level: number, chain: Chain) => {
    levels[level] = chain;
    best = further(best, close(question, chain));
  };
  for (const event of events) {
    // From the last step down, so that no event takes an attempt two steps further.
    for (let index = steps.length - 1; index >= 1; index--) {
      const step = steps[index]!;
      if (!matches(step, event)) continue;
      const before = steps.findLastIndex((other, at) => at < index && !other.optional);
      const chain = levels[before];
      if (!chain || event.at - chain.entry.at > question.windowMs || chain.reached[before] === event) continue;
      const advanced = { entry: chain.entry, reached: chain.reached.with(index, event) };
      if (!step.optional) {
        if (takesOver(levels[index]!, chain)) put(index, advanced);
      } else if (!chain.reached[index]) {
        const after = steps.findIndex((other, at) => at > index && !other.optional);
        if (after < 0 || levels[after]?.entry !== chain.entry) put(before, advanced);
      }
    }
    if (!matches(steps[0]!, event) || !isEntered(question, event)) continue;
    const entered = { entry: event, reached: [event, ...Array(steps.length - 1).fill(null)] };
    if (takesOver(levels[0]!, entered)) put(0, entered);
  }
  return best;
}

/** Whether an attempt has more time left than the one that stands in its place. */
function takesOver(present: Chain | null, { entry }: Chain): boolean {
  return !present || entry.at > present.entry.at;
}

function isEntered({ since, until }: FunnelQuestion, { at }: ScannedEvent): boolean {
  return (since === null || at >= since) && (until === null || at <= until);
}

function close({ steps }: FunnelQuestion, { entry, reached }: Chain): Attempt {
  const level = reached.findLastIndex((event) => event !== null);
  const last = steps.findLastIndex((step) => !step.optional);
  return { entry, reached, level, converted: reached[last] !== null };
}

function further(best: Attempt | null, other: Attempt): Attempt {
  if (!best || other.level > best.level) return other;
  if (other.level < best.level) return best;
  // The same attempt may have passed another optional step since.
  return other.entry === best.entry || other.entry.at < best.entry.at ? other : best;
}
