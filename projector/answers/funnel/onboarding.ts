import { eq } from 'drizzle-orm';
import { event } from '../../../drizzle/derived.ts';
import { EVENTS, type EventDefinition, eventParts } from '../../../projections/vocabulary.ts';
import type { Source } from '../source.ts';
import type { FunnelAnswer } from './answer.ts';
import { histogram } from './statistics.ts';
import type { StepAnswer } from './tally.ts';

const INSTALL = 0;

/** The milestones of an install, in the order in which most reach them. */
export const MILESTONES: readonly { readonly definition: EventDefinition; readonly optional: boolean }[] = [
  { definition: EVENTS.daemonStarted, optional: false },
  { definition: EVENTS.firstProjectAdded, optional: false },
  { definition: EVENTS.firstSessionSpawned, optional: false },
  { definition: EVENTS.firstAgentOutput, optional: false },
  { definition: EVENTS.firstPrObserved, optional: false },
  { definition: EVENTS.firstPrReviewed, optional: true },
  { definition: EVENTS.firstMerge, optional: false },
];

/** A milestone: whether it was reached, and when. */
export interface MilestoneAnswer extends Omit<StepAnswer, 'reached'> {
  /** 1 or 0; null for the daemon's first start where nothing says when it was. */
  readonly reached: number | null;
  readonly at: number | null;
}

export interface OnboardingAnswer extends Omit<FunnelAnswer, 'steps'> {
  readonly steps: readonly MilestoneAnswer[];
}

/** How far this install has come: milestones with their times, whatever their order. */
export function onboarding(source: Source, now: number): OnboardingAnswer {
  const rows = source.tables.select().from(event).where(eq(event.subject, INSTALL)).all();
  const at = new Map(rows.map((row) => [eventParts(row.id).definition, row.at]));
  const known = MILESTONES.flatMap(({ definition }) => at.get(definition) ?? []);
  const entry = known.length > 0 ? Math.min(...known) : null;
  const merged = at.get(EVENTS.firstMerge);
  const total = merged === undefined || entry === null ? [] : [merged - entry];
  const last = MILESTONES.findLastIndex(({ definition }) => at.has(definition));
  return {
    question: { name: 'onboarding', subject: 'install', steps: MILESTONES.map(describe), window_ms: null },
    now,
    as_of: source.asOf(),
    steps: MILESTONES.map(({ definition, optional }, index) => {
      const reachedAt = at.get(definition) ?? null;
      const sinceEntry = reachedAt === null || entry === null ? null : reachedAt - entry;
      const reached = reachedAt !== null ? 1 : definition === EVENTS.daemonStarted ? null : 0;
      return {
        events: [definition.name],
        optional,
        reached,
        at: reachedAt,
        converted_from_first: reached,
        converted_from_previous: index === 0 ? null : reached,
        open: Number(index === last && merged === undefined),
        dropped: 0,
        median_ms: sinceEntry,
        p90_ms: sinceEntry,
        mean_ms: sinceEntry,
      };
    }),
    attempts: Number(entry !== null),
    converted: Number(merged !== undefined),
    open: Number(entry !== null && merged === undefined),
    dropped: 0,
    total_time: {
      median_ms: total[0] ?? null,
      p90_ms: total[0] ?? null,
      mean_ms: total[0] ?? null,
      kaplan_meier_median_ms: null,
      histogram: histogram(total),
    },
    breakdown: [],
    trend: [],
  };
}

function describe({ definition, optional }: (typeof MILESTONES)[number]): object {
  return { events: [definition.name], where: {}, optional };
}
