import { EVENTS, type EventDefinition } from '../../../projections/vocabulary.ts';
import { DAY_MS, DEFAULTS, type FunnelQuestion, type FunnelStep, type Where } from './question.ts';

const step = (event: EventDefinition, where: Where = {}): FunnelStep => ({
  events: [event],
  where,
  optional: false,
  gapMs: null,
});
const optional = (event: EventDefinition): FunnelStep => ({ ...step(event), optional: true });

/** A question without the moment at which it is asked. */
export type ShippedFunnel = Omit<FunnelQuestion, 'now'>;

/** The funnels that come with the program, beside the milestones of onboarding. */
export const SHIPPED = {
  session: {
    ...DEFAULTS,
    name: 'session',
    subject: 'session',
    steps: [
      step(EVENTS.spawned, { session_kind: ['worker'] }),
      optional(EVENTS.firstSignal),
      step(EVENTS.prObserved),
      optional(EVENTS.ciPassed),
      optional(EVENTS.approved),
      step(EVENTS.merged),
    ],
    windowMs: 30 * DAY_MS,
  },
  pr: {
    ...DEFAULTS,
    name: 'pr',
    subject: 'pr',
    steps: [
      step(EVENTS.prObserved, { how: ['found'] }),
      optional(EVENTS.ciPassed),
      optional(EVENTS.approved),
      step(EVENTS.merged),
    ],
    windowMs: 30 * DAY_MS,
  },
  review: {
    ...DEFAULTS,
    name: 'review',
    subject: 'pr',
    steps: [step(EVENTS.changesRequested), step(EVENTS.revised), step(EVENTS.approved), step(EVENTS.merged)],
    windowMs: 14 * DAY_MS,
  },
  attention: {
    ...DEFAULTS,
    name: 'attention',
    subject: 'session',
    steps: [step(EVENTS.waitingEntered), step(EVENTS.waitingExited)],
    entry: 'every',
    windowMs: 7 * DAY_MS,
  },
} as const satisfies Readonly<Record<string, ShippedFunnel>>;
