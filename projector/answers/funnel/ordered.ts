import { type Attempt, advance, type Chain, close, enter, further, isInTime } from './attempt.ts';
import { mayEnter, type Plan } from './plan.ts';
import type { ScannedEvent } from './question.ts';

/**
 * The furthest attempt of one subject. `events` are the subject's, in its order.
 *
 * Each event of the first step opens an attempt. A required step is reached when the one before it was reached by an earlier
 * event of the attempt, in time. Per required step the attempt that was entered last is remembered, so that a newer one takes
 * over level by level: it has more time left, and reached the step later. An optional step is passed on the way, before the
 * next required step, or not at all. An excluded event voids the attempts that stand between its two steps.
 */
export function furthest(plan: Plan, events: readonly ScannedEvent[]): Attempt | null {
  const { question, before, after } = plan;
  const { steps } = question;
  const levels: (Chain | null)[] = Array(steps.length).fill(null);
  let best: Attempt | null = null;
  const put = (level: number, chain: Chain) => {
    levels[level] = chain;
    best = further(best, close(plan, chain));
  };
  for (const event of events) {
    for (const range of plan.voids(event)) {
      for (const entry of standingIn(levels, range)) {
        best = voided(best, entry);
        levels.forEach((chain, level) => {
          if (chain?.entry === entry) levels[level] = null;
        });
      }
    }
    for (const index of plan.stepsOf(event)) {
      if (index === 0) {
        const entered = enter(plan, event);
        if (mayEnter(question, event) && takesOver(levels[0]!, entered)) put(0, entered);
        continue;
      }
      const from = before[index]!;
      const chain = levels[from];
      if (!chain || chain.reached[from] === event || !isInTime(plan, chain, index, event)) continue;
      const isFirst = !chain.reached[index] && levels[after[index]!]?.entry !== chain.entry;
      if (!steps[index]!.optional) {
        if (takesOver(levels[index]!, chain)) put(index, advance(chain, index, event));
      } else if (isFirst) put(from, advance(chain, index, event));
    }
  }
  return best;
}

function voided(best: Attempt | null, entry: ScannedEvent): Attempt | null {
  return best?.entry === entry && !best.converted ? { ...best, over: true } : best;
}

/** Whether an attempt has more time left than the one that stands in its place. */
function takesOver(present: Chain | null, { entry }: Chain): boolean {
  return !present || entry.at > present.entry.at;
}

/** Entries of the attempts that have reached the one step of a range and none from the other on. */
function standingIn(levels: readonly (Chain | null)[], { after, before }: { after: number; before: number }) {
  const entries = new Set(levels.flatMap((chain) => (chain ? [chain.entry] : [])));
  return [...entries].filter((entry) => {
    const { reached } = levels.findLast((chain) => chain?.entry === entry)!;
    return reached[after] && !reached.slice(before).some(Boolean);
  });
}
