import * as v from 'valibot';
import { projectTest } from '../answers/filter.ts';
import type { QuestionJson } from '../answers/funnel/question-json.ts';
import { Subjects } from '../answers/subjects.ts';
import { type WhyAnswer, why as whyOf } from '../answers/why/why.ts';
import { checked } from './checked.ts';
import { type Filters, filterOf } from './filters.ts';
import { type FunnelName, questionOf } from './funnel.ts';
import type { Tables } from './tables.ts';

const STEP = v.union([v.number(), v.string()], 'the number of a step, or the name of its event');

/**
 * Which failures and waits go together with stopping at a step of a funnel; never a cause.
 *
 * @param question the name of a funnel that ships, or one as in its JSON
 * @param step by its number from 1 on, or by the name of its event
 *
 * @example
 * why(tables, 'session', 'ao.session.spawned', { since: '90d' }).goes_together;
 */
export function why(
  tables: Tables,
  question: FunnelName | QuestionJson,
  step: number | string,
  filters: Filters = {},
): WhyAnswer {
  const filter = filterOf(filters);
  const asked = questionOf(question, filter);
  const name = String(checked(STEP, step, 'The step'));
  return tables.answer((source) => whyOf(source, asked, name, projectTest(filter, new Subjects(source))));
}
