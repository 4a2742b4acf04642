import { type Filter, projectTest } from '../answers/filter.ts';
import type { FunnelAnswer } from '../answers/funnel/answer.ts';
import { ask } from '../answers/funnel/ask.ts';
import { type OnboardingAnswer, onboarding } from '../answers/funnel/onboarding.ts';
import type { FunnelQuestion } from '../answers/funnel/question.ts';
import { describe, invalid, parseQuestion, type QuestionJson } from '../answers/funnel/question-json.ts';
import { SHIPPED } from '../answers/funnel/shipped.ts';
import { Subjects } from '../answers/subjects.ts';
import { checked } from './checked.ts';
import { type Filters, filterOf, filtersOf, MOMENT, momentOf } from './filters.ts';
import type { Tables } from './tables.ts';

/** A funnel that ships, beside `onboarding`. */
export type FunnelName = keyof typeof SHIPPED;

const ONBOARDING = filtersOf(MOMENT);

/**
 * How far this install has come: milestones with their times. Only `now` may be said beside it.
 *
 * @example
 * funnel(tables, 'onboarding').steps.map(({ events, at }) => [events, at]);
 */
export function funnel(tables: Tables, question: 'onboarding', filters?: Pick<Filters, 'now'>): OnboardingAnswer;
/**
 * How far sessions and PRs come. The question is the name of a funnel that ships, or one as in its JSON; `since`, `until` and
 * `by` take the place of its own.
 *
 * @example
 * funnel(tables, 'session', { by: 'harness', since: '30d' });
 * funnel(tables, { steps: [{ events: ['ao.pr.observed'] }, { events: ['ao.pr.merged'] }] });
 */
export function funnel(tables: Tables, question: FunnelName | QuestionJson, filters?: Filters): FunnelAnswer;
export function funnel(
  tables: Tables,
  question: 'onboarding' | FunnelName | QuestionJson,
  filters: Filters = {},
): FunnelAnswer | OnboardingAnswer {
  if (question === 'onboarding') {
    const { now } = checked(ONBOARDING, filters, 'The filters');
    return tables.answer((source) => onboarding(source, momentOf(now)));
  }
  const filter = filterOf(filters);
  const asked = questionOf(question, filter);
  return tables.answer((source) => ask(source, asked, projectTest(filter, new Subjects(source))));
}

/**
 * The question with what the filter changes; checked before and after, so that an error names what is wrong itself.
 *
 * @internal
 */
export function questionOf(question: FunnelName | QuestionJson, { since, until, by, now }: Filter): FunnelQuestion {
  const base = describe(typeof question === 'string' ? shipped(question, now) : parseQuestion(question, now));
  const { since: from, until: to, by: counted, ...rest } = base as QuestionJson;
  return parseQuestion({ ...rest, since: since ?? from, until: until ?? to, by: by ?? counted }, now);
}

function shipped(name: string, now: number): FunnelQuestion {
  if (Object.hasOwn(SHIPPED, name)) return { ...SHIPPED[name as FunnelName], now };
  throw invalid('the name', `${Object.keys(SHIPPED).join(', ')}, onboarding, or a question`, name);
}
