import type { QuestionJson } from '../../answers/funnel/question-json.ts';
import type { Query } from '../api.ts';
import type { Filters, Route } from '../view.ts';

/** The funnels that ship, by what they are about. */
export const SHIPPED: readonly (readonly [name: string, title: string])[] = [
  ['session', 'Sessions'],
  ['pr', 'PRs'],
  ['review', 'Reviews'],
  ['attention', 'Attention'],
  ['onboarding', 'Onboarding'],
];

/** Which funnel the address asks for, and how the server is asked for it. */
export interface AskedFunnel {
  /** One that ships; null for a question of one's own. */
  readonly name: string | null;
  /** The question of one's own, as it stands in the address; null for one that ships. */
  readonly question: string | null;
  readonly query: Query;
}

export function askedFunnel({ params }: Pick<Route, 'params'>, filters: Filters): AskedFunnel {
  const question = params.get('question');
  if (question !== null) return { name: null, question, query: { ...filters, question } };
  const name = params.get('funnel') ?? SHIPPED[0]![0];
  if (name === 'onboarding') return { name, question, query: { now: filters.now } };
  return { name, question, query: { ...filters, by: params.get('by'), interval: params.get('interval') } };
}

/** What the address says of a funnel that ships, and not of a question of one's own. */
export const NONE_SHIPPED: Query = { funnel: null, by: null, interval: null };

/** What stands behind `funnel` where the server is asked: the name of one that ships, or nothing. */
export function nameWords({ name }: AskedFunnel): string[] {
  return name === null ? [] : [name];
}

/** The question that a text holds; null where it holds none that could be shown, let alone be asked. */
export function readQuestion(text: string): QuestionJson | null {
  try {
    const read = JSON.parse(text);
    return Array.isArray(read?.steps) ? read : null;
  } catch {
    return null;
  }
}

/** What the address says so that an option of the question is another one. */
export function withOption({ question }: AskedFunnel, option: 'by' | 'interval', value: string | null): Query {
  if (question === null) return { [option]: value };
  return { question: JSON.stringify({ ...readQuestion(question), [option]: value }) };
}
