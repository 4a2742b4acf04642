import { type FunnelQuestion, passesFilter, type ScannedEvent } from './question.ts';

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

/** A question, made ready for the scan of many subjects. */
export interface Plan {
  readonly question: FunnelQuestion;
  /** By code of an event: the steps that it may reach, the last one first, so that no event takes an attempt two steps further. */
  readonly stepsOf: ReadonlyMap<number, readonly number[]>;
  /** Of each step the nearest required one before it, and the next required one after it; below 0 where there is none. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** The last required step. */
  readonly last: number;
}

export function plan(question: FunnelQuestion): Plan {
  const { steps } = question;
  const stepsOf = new Map<number, number[]>();
  steps.forEach(({ events }, index) => {
    for (const { code } of events) stepsOf.set(code, [index, ...(stepsOf.get(code) ?? [])]);
  });
  return {
    question,
    stepsOf,
    before: steps.map((_, index) => steps.findLastIndex((other, at) => at < index && !other.optional)),
    after: steps.map((_, index) => steps.findIndex((other, at) => at > index && !other.optional)),
    last: steps.findLastIndex((step) => !step.optional),
  };
}

/**
 * The furthest attempt of one subject; among equals the one that was entered first. `events` are the subject's, in its order.
 *
 * Each event of the first step opens an attempt. A required step is reached when the one before it was reached by an earlier
 * event of the attempt, within the window from the entry (inclusive). Per required step the attempt that was entered last is
 * remembered, so that a newer one takes over level by level. An optional step is passed on the way, before the next required
 * step, or not at all.
 */
export function scan(plan: Plan, events: readonly ScannedEvent[]): Attempt | null {
  const { question, stepsOf, before, after } = plan;
  const { steps, windowMs } = question;
  const levels: (Chain | null)[] = Array(steps.length).fill(null);
  let best: Attempt | null = null;
  const put = (level: number, chain: Chain) => {
    levels[level] = chain;
    best = further(best, close(plan, chain));
  };
  for (const event of events) {
    for (const index of stepsOf.get(event.definition.code) ?? []) {
      const step = steps[index]!;
      if (!passesFilter(step, event)) continue;
      if (index === 0) {
        const entered = { entry: event, reached: [event, ...Array(steps.length - 1).fill(null)] };
        if (isEntered(question, event) && takesOver(levels[0]!, entered)) put(0, entered);
        continue;
      }
      const chain = levels[before[index]!];
      if (!chain || event.at - chain.entry.at > windowMs || chain.reached[before[index]!] === event) continue;
      const advanced = { entry: chain.entry, reached: chain.reached.with(index, event) };
      if (!step.optional) {
        if (takesOver(levels[index]!, chain)) put(index, advanced);
      } else if (!chain.reached[index] && levels[after[index]!]?.entry !== chain.entry) put(before[index]!, advanced);
    }
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

function close({ last }: Plan, { entry, reached }: Chain): Attempt {
  const level = reached.findLastIndex((event) => event !== null);
  return { entry, reached, level, converted: reached[last] !== null };
}

function further(best: Attempt | null, other: Attempt): Attempt {
  if (!best || other.level > best.level) return other;
  if (other.level < best.level) return best;
  // The same attempt may have passed another optional step since.
  return other.entry === best.entry || other.entry.at < best.entry.at ? other : best;
}
