import { eventParts } from '../../../projections/vocabulary.ts';
import type { Filter } from '../filter.ts';
import { MILESTONES } from '../funnel/onboarding.ts';
import { indexOfStep } from '../funnel/step-index.ts';
import { lastBefore } from '../lookups.ts';
import type { Explaining } from './explaining.ts';
import type { Explanation } from './explanation.ts';
import { ruleOf } from './rules.ts';
import type { ExplainedStep, MissedStep } from './step.ts';

const INSTALL = 0;

/** The row by which this install reached a milestone, or that it has not. */
export function explainMilestone(
  { source, rows }: Explaining,
  { now }: Filter,
  stepText: string,
): Explanation<ExplainedStep, MissedStep> {
  const index = indexOfStep(
    MILESTONES.map(({ definition }) => [definition.name]),
    stepText,
  );
  const { definition, optional } = MILESTONES[index]!;
  const reached = lastBefore(source, { subject: INSTALL }, definition, Number.MAX_SAFE_INTEGER);
  const missed: MissedStep = { what: 'open', why: NOT_REACHED, near: null, count: 1, beside: [] };
  return {
    now,
    as_of: source.asOf(),
    answer: { funnel: 'onboarding', step: index + 1, events: [definition.name], optional, reached: reached.length },
    rule: ruleOf(definition),
    rows: reached.map(({ id }) => {
      const { stream, position } = eventParts(id);
      return rows.read({ stream, position, role: 'reached by this install' });
    }),
    why_not: reached.length > 0 ? [] : [missed],
    breakdown: [],
  };
}

const NOT_REACHED = 'No row says it yet; a milestone has no time limit.';
