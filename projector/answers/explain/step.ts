import { EVENTS, type EventDefinition, eventParts } from '../../../projections/vocabulary.ts';
import { EXIT, ProjectorError } from '../../errors.ts';
import { type Breakdown, breakdown, dimensionOf, type Filter, projectTest } from '../filter.ts';
import { attemptsOf } from '../funnel/ask.ts';
import type { ToldAttempt } from '../funnel/asked.ts';
import { type Plan, plan } from '../funnel/plan.ts';
import type { FunnelQuestion } from '../funnel/question.ts';
import { SHIPPED } from '../funnel/shipped.ts';
import { indexOfStep } from '../funnel/step-index.ts';
import { eventAt } from '../lookups.ts';
import type { Explaining } from './explaining.ts';
import type { Explanation, WhyNot } from './explanation.ts';
import { ruleOf } from './rules.ts';

export interface ExplainedStep {
  readonly funnel: string;
  /** From 1 on. */
  readonly step: number;
  readonly events: readonly string[];
  readonly optional: boolean;
  /** As the funnel prints it, and the length of `rows`. */
  readonly reached: number;
}

/** Those that reached the required step before and not this one, in one state. */
export interface MissedStep extends WhyNot {
  readonly what: 'open' | 'dropped' | 'passed_by';
  readonly count: number;
  /** How many of them have each failure or wait, most first. */
  readonly beside: Breakdown;
}

type Reached = { readonly key: number; readonly attempt: ToldAttempt };

/** The rows behind the number of a funnel's step, and what became of those that did not reach it. */
export function explainStep(
  context: Explaining,
  filter: Filter,
  funnel: string,
  stepText: string,
): Explanation<ExplainedStep, MissedStep> {
  const { source, subjects, rows } = context;
  const { since, until, now, by } = filter;
  const question: FunnelQuestion = { ...shipped(funnel), since, until, by: null, now };
  const index = indexOfStep(
    question.steps.map(({ events }) => events.map(({ name }) => name)),
    stepText,
  );
  const step = question.steps[index]!;
  const planned = plan(question);
  const all = [...attemptsOf(source, planned, projectTest(filter, subjects))];
  const named = (key: number) => {
    const { raw, subject } = subjects.named(question.subject, key);
    return raw ?? subject;
  };
  const reached = all.flatMap(({ attempt }) => attempt.reached[index] ?? []);
  return {
    now,
    as_of: source.asOf(since),
    answer: {
      funnel,
      step: index + 1,
      events: step.events.map(({ name }) => name),
      optional: step.optional,
      reached: reached.length,
    },
    rule: `${reachedWhen(planned, index)} ${step.events.map(ruleOf).join(' ')}`,
    rows: all.flatMap(({ key, attempt }) => {
      const event = attempt.reached[index];
      if (!event) return [];
      const { stream, position } = eventParts(event.id);
      return [rows.read({ stream, position, role: `reached by ${named(key)}` })];
    }),
    why_not: missed(context, planned, index, all),
    breakdown: by === null ? [] : breakdown(reached.map(({ id }) => dimensionOf(subjects, eventAt(source, id)!, by))),
  };
}

function shipped(name: string) {
  if (Object.hasOwn(SHIPPED, name)) return SHIPPED[name as keyof typeof SHIPPED];
  const expected = `one of the funnels ${Object.keys(SHIPPED).join(', ')}, onboarding`;
  throw new ProjectorError(
    {
      code: 'funnel_unknown',
      message: `${JSON.stringify(name)} is not ${expected}.`,
      expected,
      found: JSON.stringify(name),
      remedy: 'Write, for example, `ao-projector explain funnel session 3` or `explain funnel session pr.observed`.',
    },
    EXIT.usage,
  );
}

function reachedWhen({ question: { steps, windowMs, subject }, before }: Plan, index: number): string {
  const days = windowMs / 86_400_000;
  const who = subject === 'session' ? 'A session' : 'A PR';
  if (index === 0) {
    const where = Object.entries(steps[0]!.where).map(([dimension, values]) => `${dimension} = ${values.join(' or ')}`);
    return `${who} enters with the event${where.length > 0 ? `, where ${where.join(' and ')}` : ''}.`;
  }
  const after = steps[before[index]!]!.events.map(({ name }) => name).join(' or ');
  const onTheWay = steps[index]!.optional ? ' and the next required step is not reached yet' : '';
  return `${who} reaches it with the first such event after ${after}, within ${days} days of its entry${onTheWay}.`;
}

const SENTENCES = {
  open: 'They may still reach it: their time is not over.',
  dropped: 'Their time is over.',
  passed_by: 'They went further without it: the step is optional.',
} as const;

function missed(context: Explaining, planned: Plan, index: number, all: readonly Reached[]): MissedStep[] {
  const before = planned.before[index]!;
  if (before < 0) return [];
  const missing = all.filter(({ attempt }) => attempt.reached[before] && !attempt.reached[index]);
  const beside = troubles(context, planned.question);
  return (['open', 'dropped', 'passed_by'] as const).flatMap((what) => {
    const group = missing.filter(({ attempt }) => stateOf(index, attempt) === what);
    if (group.length === 0) return [];
    const names = group.flatMap(({ key }) => beside.get(key) ?? []);
    return [{ what, why: SENTENCES[what], near: null, count: group.length, beside: breakdown(names) }];
  });
}

function stateOf(index: number, attempt: ToldAttempt): MissedStep['what'] {
  if (attempt.level > index || attempt.converted) return 'passed_by';
  return attempt.open ? 'open' : 'dropped';
}

/** What may hold a session or a PR up: failures, waits, ends, and what is asked of a PR. */
const TROUBLES: readonly EventDefinition[] = [
  ...Object.values(EVENTS).filter(({ category, subjectKind }) => {
    return category === 'failure' && (subjectKind === 'session' || subjectKind === 'pr');
  }),
  ...[EVENTS.waitingEntered, EVENTS.killed, EVENTS.ciFailed, EVENTS.changesRequested, EVENTS.closedUnmerged],
];

/** The names of the troubles of each subject. */
function troubles({ source }: Explaining, { subject }: FunnelQuestion): Map<number, string[]> {
  const key = subject === 'session' ? 'session' : 'subject';
  const codes = TROUBLES.map(({ code }) => code).join(', ');
  // The index holds all that is asked for, in the order of the groups.
  const rows = source.derived
    .prepare<[], [number, string]>(
      `SELECT ${key}, json_group_array(DISTINCT id % 64) FROM event INDEXED BY event_${key}
       WHERE id % 64 IN (${codes}) AND ${key} IS NOT NULL GROUP BY ${key}`,
    )
    .raw();
  const names = new Map(TROUBLES.map(({ code, name }) => [code, name]));
  const read = (found: string) => (JSON.parse(found) as number[]).map((code) => names.get(code)!);
  return new Map(rows.all().map(([of, found]) => [of, read(found)]));
}
