import type { Scan } from '../ask.ts';
import { type Attempt, further } from '../attempt.ts';
import type { Plan } from '../plan.ts';
import type { FunnelQuestion, ScannedEvent } from '../question.ts';
import { scan } from '../scan.ts';
import { type WindowFunnelMode, windowFunnel } from './clickhouse.ts';
import { mixpanelAttempts } from './mixpanel.ts';
import { posthogAttempt } from './posthog.ts';

export const SEMANTICS = ['clickhouse', 'posthog', 'mixpanel'] as const;
export type SemanticsName = (typeof SEMANTICS)[number];

/** The rules by which another tool would answer a question. */
export interface Semantics {
  readonly name: SemanticsName;
  readonly scan: Scan;
  /** What becomes of parts of the question that the tool does not know; of these parts alone. */
  readonly notes: Readonly<Partial<Record<Part, string>>>;
}

/** What a question may hold beside required steps in order within a window, once a subject. */
type Part = 'optional' | 'gap' | 'exclude' | 'strict' | 'any' | 'every';

const HOLDS: Readonly<Record<Part, (question: FunnelQuestion) => boolean>> = {
  optional: ({ steps }) => steps.some(({ optional }) => optional),
  gap: ({ steps }) => steps.some(({ gapMs }) => gapMs !== null),
  exclude: ({ exclude }) => exclude.length > 0,
  strict: ({ order }) => order === 'strict',
  any: ({ order }) => order === 'any',
  every: ({ entry }) => entry === 'every',
};

/** @param modes of ClickHouse's `windowFunnel`; a question in strict order has `strict_order` whether or not it is among them */
export function semanticsOf(name: SemanticsName, modes: readonly WindowFunnelMode[] = []): Semantics {
  switch (name) {
    case 'clickhouse':
      return {
        name,
        scan: (plan, events) => once(windowFunnel(plan, events, modesOf(plan.question, modes))),
        notes: {
          optional: 'windowFunnel knows no optional steps; they were left out',
          gap: 'windowFunnel knows no gap between steps; the window alone holds',
          exclude: 'windowFunnel knows no exclusions; they void nothing',
          any: 'windowFunnel knows no free order; the steps were taken in their order',
          every: 'windowFunnel answers once a subject; attempts were not counted',
        },
      };
    case 'posthog':
      return {
        name,
        scan: (plan, events) =>
          plan.question.order === 'any' ? ours(plan, events) : once(posthogAttempt(plan, events)),
        notes: {
          gap: 'PostHog knows no gap between steps; the window alone holds',
          any: 'PostHog’s free order is taken to be ours',
          every: 'PostHog answers once a subject; attempts were not counted',
        },
      };
    case 'mixpanel':
      return {
        name,
        scan: (plan, events) => {
          if (plan.question.order === 'any') return ours(plan, events);
          const attempts = mixpanelAttempts(plan, events);
          return plan.question.entry === 'every' ? attempts : once(attempts.reduce(further, null as Attempt | null));
        },
        notes: {
          optional: 'Mixpanel knows no optional steps; they were left out',
          gap: 'Mixpanel knows no gap between steps; the window alone holds',
          exclude: 'what Mixpanel does at an exclusion is taken to be ours: it voids the attempt',
          strict: 'Mixpanel knows no strict order; the steps were taken in order, whatever came between',
          any: 'Mixpanel’s free order is taken to be ours',
        },
      };
  }
}

/** What must be said beside an answer: how the tool takes the parts of the question that it does not know. */
export function notesOn({ notes }: Semantics, question: FunnelQuestion): string[] {
  return Object.entries(notes).flatMap(([part, note]) => (HOLDS[part as Part](question) ? [note] : []));
}

/** Whether a step takes part in the answer. */
export function isKnownStep({ notes }: Semantics, { steps }: FunnelQuestion, index: number): boolean {
  return notes.optional === undefined || !steps[index]!.optional;
}

function modesOf({ order }: FunnelQuestion, modes: readonly WindowFunnelMode[]): ReadonlySet<WindowFunnelMode> {
  return new Set(order === 'strict' ? [...modes, 'strict_order'] : modes);
}

function once(attempt: Attempt | null): Attempt[] {
  return attempt ? [attempt] : [];
}

/** Our attempts, none of them open: no other tool tells open from dropped. */
function ours(plan: Plan, events: readonly ScannedEvent[]): Attempt[] {
  return scan(plan, events).map((attempt) => ({ ...attempt, over: true }));
}
