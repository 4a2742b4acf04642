import type { Asked } from '../asked.ts';
import { type Attempt, advance, copyOf, endOf, enter } from '../attempt.ts';
import { byTime } from './by-time.ts';

/** How far an attempt has come, and whether an exclusion came upon it there. */
interface Level {
  readonly step: number;
  readonly attempt: Attempt;
  readonly isExcluded: boolean;
}

/**
 * The furthest attempt of one subject by PostHog's rules: an exclusion inside it removes the subject altogether, events of one
 * time with different steps are taken in step order, and strictly an event clears every level that it does not match.
 */
export function posthogAttempt(asked: Asked, from: number, to: number): Attempt | null {
  const levels = new Levels(asked);
  for (const moment of byMoment(asked, from, to)) {
    if (isOfOneKind(asked, moment)) {
      for (const event of moment) {
        levels.exclude(event);
        // From the last step down, so that no event takes an attempt two steps further.
        for (const step of asked.stepsOf(event).toReversed()) levels.reach(step, event);
        if (asked.plan.question.order === 'strict') levels.keep(asked.stepsOf(event));
      }
    } else {
      const pairs = moment.flatMap((event) => asked.stepsOf(event).map((step) => ({ step, event })));
      for (const { step, event } of pairs.sort((a, b) => a.step - b.step)) levels.reach(step, event);
    }
    if (levels.isAtEnd) break;
  }
  const { best } = levels;
  return best && !best.isExcluded ? endOf(best.attempt) : null;
}

class Levels {
  best: Level | null = null;
  readonly #asked: Asked;
  readonly #levels: (Level | null)[];

  constructor(asked: Asked) {
    this.#asked = asked;
    this.#levels = Array(asked.plan.question.steps.length).fill(null);
  }

  get isAtEnd(): boolean {
    return this.#levels.at(-1) !== null;
  }

  reach(step: number, event: number): void {
    const { times } = this.#asked;
    if (step === 0) {
      const before = this.#levels[0]?.attempt.entry;
      const isSameTime = before !== undefined && times[before] === times[event];
      if (!isSameTime && this.#asked.mayEnter(event)) {
        this.#put({ step, attempt: enter(this.#asked, event), isExcluded: false });
      }
      return;
    }
    const from = this.#before(step, event);
    const isPassed = from && this.#levels[step]?.attempt.entry === from.attempt.entry;
    if (!from || isPassed || from.attempt.reached.includes(event)) return;
    const attempt = advance(this.#asked, copyOf(from.attempt), step, event);
    this.#put({ step, attempt, isExcluded: from.isExcluded });
  }

  /** Marks the attempts that stand where the event may not come. */
  exclude(event: number): void {
    for (const { after, before } of this.#asked.voids(event)) {
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
  #before(step: number, event: number): Level | null {
    for (let index = step - 1; index >= 0; index--) {
      const level = this.#levels[index]!;
      if (level && this.#isInWindow(level, event)) return level;
      if (!this.#asked.plan.question.steps[index]!.optional) return null;
    }
    return null;
  }

  #isInWindow({ attempt }: Level, event: number): boolean {
    const { times, plan } = this.#asked;
    return times[event]! - times[attempt.entry]! <= plan.question.windowMs;
  }
}

/** Events in groups of one time, by time. */
function byMoment(asked: Asked, from: number, to: number): number[][] {
  const moments: number[][] = [];
  for (const event of byTime(asked, from, to)) {
    const moment = moments.at(-1);
    if (moment && asked.times[moment[0]!] === asked.times[event]) moment.push(event);
    else moments.push([event]);
  }
  return moments;
}

/** Whether all events of a time match the same steps and exclusions. */
function isOfOneKind(asked: Asked, moment: readonly number[]): boolean {
  const kinds = new Set(moment.map((event) => JSON.stringify([asked.stepsOf(event), asked.voids(event)])));
  return kinds.size === 1;
}
