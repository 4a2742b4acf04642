import { type Attempt, endOf, further } from '../attempt.ts';
import type { FunnelQuestion } from '../question.ts';
import { type Rules, scan } from '../scan.ts';
import { type WindowFunnelMode, windowFunnel } from './clickhouse.ts';
import { mixpanelAttempts } from './mixpanel.ts';
import { posthogAttempt } from './posthog.ts';

export const SEMANTICS = ['clickhouse', 'posthog', 'mixpanel'] as const;
export type SemanticsName = (typeof SEMANTICS)[number];

/** The rules by which another tool would answer a question. */
export interface Semantics {
  readonly name: SemanticsName;
  readonly scan: Rules;
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
        scan: (asked, from, to) => once(windowFunnel(asked, from, to, modesOf(asked.plan.question, modes))),
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
        scan: (asked, from, to) =>
          asked.plan.question.order === 'any' ? ours(asked, from, to) : once(posthogAttempt(asked, from, to)),
        notes: {
          gap: 'PostHog knows no gap between steps; the window alone holds',
          any: 'PostHog’s free order is taken to be ours',
          every: 'PostHog answers once a subject; attempts were not counted',
        },
      };
    case 'mixpanel':
      return {
        name,
        scan: (asked, from, to) => {
          const { order, entry } = asked.plan.question;
          if (order === 'any') return ours(asked, from, to);
          const attempts = mixpanelAttempts(asked, from, to);
          if (entry === 'every') return attempts;
          return once(attempts.reduce<Attempt | null>((best, other) => further(asked, best, other), null));
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
const ours: Rules = (asked, from, to) => scan(asked, from, to).map(endOf);
