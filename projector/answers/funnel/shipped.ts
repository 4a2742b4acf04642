import { EVENTS, type EventDefinition } from '../../../projections/vocabulary.ts';
import type { FunnelQuestion, FunnelStep } from './question.ts';

const DAY_MS = 86_400_000;

const step = (event: EventDefinition, where: Record<string, string> = {}): FunnelStep => ({
  events: [event],
  where,
  optional: false,
});
const optional = (event: EventDefinition): FunnelStep => ({ ...step(event), optional: true });

/** A question without what each asking adds: bounds, breakdown, and the moment. */
export type ShippedFunnel = Pick<FunnelQuestion, 'name' | 'subject' | 'steps' | 'windowMs'>;

/** The funnels that come with the program, beside the milestones of onboarding. */
export const SHIPPED: Readonly<Record<'session' | 'pr', ShippedFunnel>> = {
  session: {
    name: 'session',
    subject: 'session',
    steps: [
      step(EVENTS.spawned, { session_kind: 'worker' }),
      optional(EVENTS.firstSignal),
      step(EVENTS.prObserved),
      optional(EVENTS.ciPassed),
      optional(EVENTS.approved),
      step(EVENTS.merged),
    ],
    windowMs: 30 * DAY_MS,
  },
  pr: {
    name: 'pr',
    subject: 'pr',
    steps: [
      step(EVENTS.prObserved, { how: 'found' }),
      optional(EVENTS.ciPassed),
      optional(EVENTS.approved),
      step(EVENTS.merged),
    ],
    windowMs: 30 * DAY_MS,
  },
};
