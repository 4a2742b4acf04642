import { type Attempt, advance, type Chain, close, enter } from '../attempt.ts';
import { mayEnter, type Plan } from '../plan.ts';
import type { ScannedEvent } from '../question.ts';

/** How far an attempt has come, and whether an exclusion came upon it there. */
interface Level {
  readonly step: number;
  readonly chain: Chain;
  readonly isExcluded: boolean;
}

/**
 * The furthest attempt of one subject by PostHog's rules: an exclusion inside it removes the subject altogether, events of one
 * time with different steps are taken in step order, and strictly an event clears every level that it does not match.
 */
export function posthogAttempt(plan: Plan, events: readonly ScannedEvent[]): Attempt | null {
  const levels = new Levels(plan);
  for (const moment of byMoment(events)) {
    if (isOfOneKind(plan, moment)) {
      for (const event of moment) {
        levels.exclude(event);
        // From the last step down, so that no event takes an attempt two steps further.
        for (const step of plan.stepsOf(event).toReversed()) levels.reach(step, event);
        if (plan.question.order === 'strict') levels.keep(plan.stepsOf(event));
      }
    } else {
      const pairs = moment.flatMap((event) => plan.stepsOf(event).map((step) => ({ step, event })));
      for (const { step, event } of pairs.sort((a, b) => a.step - b.step)) levels.reach(step, event);
    }
    if (levels.isAtEnd) break;
  }
  const { best } = levels;
  return best && !best.isExcluded ? close(plan, best.chain, true) : null;
}

class Levels {
  best: Level | null = null;
  readonly #plan: Plan;
  readonly #levels: (Level | null)[];

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#levels = Array(plan.question.steps.length).fill(null);
  }

  get isAtEnd(): boolean {
    return this.#levels.at(-1) !== null;
  }

  reach(step: number, event: ScannedEvent): void {
    if (step === 0) {
      const isSameTime = this.#levels[0]?.chain.entry.at === event.at;
      if (!isSameTime && mayEnter(this.#plan.question, event)) {
        this.#put({ step, chain: enter(this.#plan, event), isExcluded: false });
      }
      return;
    }
    const from = this.#before(step, event);
    const isPassed = from && this.#levels[step]?.chain.entry === from.chain.entry;
    if (!from || isPassed || from.chain.reached.includes(event)) return;
    this.#put({ step, chain: advance(this.#plan, from.chain, step, event), isExcluded: from.isExcluded });
  }

  /** Marks the attempts that stand where the event may not come. */
  exclude(event: ScannedEvent): void {
    for (const { after, before } of this.#plan.voids(event)) {
      for (let step = before; step > after; step--) {
        const from = this.#before(step, event);
        if (!from) continue;
        this.#levels[from.step] = { ...from, isExcluded: true };
        if (this.best?.step === from.step && this.#isInWindow(this.best, event)) {
          this.best = { ...this.best, isExcluded: true };
        }
      }
    }
  }

  keep(steps: readonly number[]): void {
    for (const step of this.#levels.keys()) if (!steps.includes(step)) this.#levels[step] = null;
  }

  /** An excluded attempt may prove to be the furthest, and then goes no further. */
  #put(level: Level): void {
    if (!level.isExcluded) this.#levels[level.step] = level;
    const { best } = this;
    if (!best || level.step > best.step || (level.step === best.step && best.isExcluded)) this.best = level;
  }

  /** The level from which a step is reached: that of the step before it, or of one before that where those between are optional. */
  #before(step: number, event: ScannedEvent): Level | null {
    for (let index = step - 1; index >= 0; index--) {
      const level = this.#levels[index]!;
      if (level && this.#isInWindow(level, event)) return level;
      if (!this.#plan.question.steps[index]!.optional) return null;
    }
    return null;
  }

  #isInWindow({ chain }: Level, { at }: ScannedEvent): boolean {
    return at - chain.entry.at <= this.#plan.question.windowMs;
  }
}

/** Events in groups of one time, by time. */
function byMoment(events: readonly ScannedEvent[]): ScannedEvent[][] {
  const moments: ScannedEvent[][] = [];
  for (const event of events.toSorted((a, b) => a.at - b.at)) {
    const moment = moments.at(-1);
    if (moment?.at(0)?.at === event.at) moment.push(event);
    else moments.push([event]);
  }
  return moments;
}

/** Whether all events of a time match the same steps and exclusions. */
function isOfOneKind(plan: Plan, moment: readonly ScannedEvent[]): boolean {
  const kinds = new Set(moment.map((event) => JSON.stringify([plan.stepsOf(event), plan.voids(event)])));
  return kinds.size === 1;
}
