import { type Attempt, advance, type Chain, close, enter } from '../attempt.ts';
import { mayEnter, type Plan } from '../plan.ts';
import type { ScannedEvent } from '../question.ts';

export const WINDOW_FUNNEL_MODES = ['strict_increase', 'strict_deduplication', 'strict_order'] as const;
export type WindowFunnelMode = (typeof WINDOW_FUNNEL_MODES)[number];

/** An event with one of the steps whose condition it meets; -1 for none. */
interface Met {
  readonly event: ScannedEvent;
  readonly step: number;
}

/**
 * The level of one subject as ClickHouse's `windowFunnel(window)(time, step conditions)` tells it. An event that meets several
 * conditions counts once for each, so it may bring an attempt several steps further.
 */
export function windowFunnel(
  plan: Plan,
  events: readonly ScannedEvent[],
  modes: ReadonlySet<WindowFunnelMode>,
): Attempt | null {
  const { before, last, question } = plan;
  const isOrderStrict = modes.has('strict_order');
  const levels: (Chain | null)[] = Array(question.steps.length).fill(null);
  let best: Chain | null = null;
  for (const { event, step } of inOrder(plan, events)) {
    if (step === -1) {
      if (isOrderStrict && levels[0]) break;
      continue;
    }
    if (step === 0) {
      levels[0] = enter(plan, event);
      best ??= levels[0];
      continue;
    }
    if (modes.has('strict_deduplication') && levels[step]) break;
    const chain: Chain | null = levels[before[step]!]!;
    if (!chain) {
      if (isOrderStrict && levels[0]) break;
      continue;
    }
    if (event.at - chain.entry.at > question.windowMs) continue;
    if (modes.has('strict_increase') && chain.reached[before[step]!]!.at >= event.at) continue;
    const isFurthest: boolean = levels[step] === null;
    levels[step] = advance(plan, chain, step, event);
    if (isFurthest) best = levels[step];
    if (step === last) break;
  }
  return best && close(plan, best, true);
}

/** Events by time, those of one time by step. */
function inOrder(plan: Plan, events: readonly ScannedEvent[]): Met[] {
  return events
    .flatMap((event) => {
      const steps = plan.stepsOf(event).filter((step) => isCondition(plan, step, event));
      return steps.length > 0 ? steps.map((step) => ({ event, step })) : [{ event, step: -1 }];
    })
    .sort((a, b) => a.event.at - b.event.at || a.step - b.step);
}

/** Optional steps are no conditions, and that of the first step holds the bounds of the entry. */
function isCondition({ question }: Plan, step: number, event: ScannedEvent): boolean {
  return step === 0 ? mayEnter(question, event) : !question.steps[step]!.optional;
}
