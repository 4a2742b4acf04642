import type { Asked } from '../asked.ts';
import { type Attempt, advance, copyOf, endOf, enter } from '../attempt.ts';
import { NONE } from '../plan.ts';

export const WINDOW_FUNNEL_MODES = ['strict_increase', 'strict_deduplication', 'strict_order'] as const;
export type WindowFunnelMode = (typeof WINDOW_FUNNEL_MODES)[number];

/** An event with one of the steps whose condition it meets; {@link NONE} where it meets none. */
interface Met {
  readonly event: number;
  readonly step: number;
}

/**
 * The level of one subject as ClickHouse's `windowFunnel(window)(time, step conditions)` tells it. An event that meets several
 * conditions counts once for each, so it may bring an attempt several steps further.
 */
export function windowFunnel(
  asked: Asked,
  from: number,
  to: number,
  modes: ReadonlySet<WindowFunnelMode>,
): Attempt | null {
  const { times, plan } = asked;
  const { before, last, question } = plan;
  const isOrderStrict = modes.has('strict_order');
  const levels: (Attempt | null)[] = Array(question.steps.length).fill(null);
  let best: Attempt | null = null;
  for (const { event, step } of inOrder(asked, from, to)) {
    if (step === NONE) {
      if (isOrderStrict && levels[0]) break;
      continue;
    }
    if (step === 0) {
      levels[0] = enter(asked, event);
      best ??= levels[0];
      continue;
    }
    if (modes.has('strict_deduplication') && levels[step]) break;
    const attempt: Attempt | null = levels[before[step]!]!;
    if (!attempt) {
      if (isOrderStrict && levels[0]) break;
      continue;
    }
    if (times[event]! - times[attempt.entry]! > question.windowMs) continue;
    if (modes.has('strict_increase') && times[attempt.reached[before[step]!]!]! >= times[event]!) continue;
    const isFurthest: boolean = levels[step] === null;
    levels[step] = advance(asked, copyOf(attempt), step, event);
    if (isFurthest) best = levels[step];
    if (step === last) break;
  }
  return best && endOf(best);
}

/** Events by time, those of one time by step. */
function inOrder(asked: Asked, from: number, to: number): Met[] {
  const met: Met[] = [];
  for (let event = from; event < to; event++) {
    const steps = asked.stepsOf(event).filter((step) => isCondition(asked, step, event));
    met.push(...(steps.length > 0 ? steps : [NONE]).map((step) => ({ event, step })));
  }
  return met.sort((a, b) => asked.times[a.event]! - asked.times[b.event]! || a.step - b.step);
}

/** Optional steps are no conditions, and that of the first step holds the bounds of the entry. */
function isCondition(asked: Asked, step: number, event: number): boolean {
  return step === 0 ? asked.mayEnter(event) : !asked.plan.question.steps[step]!.optional;
}
