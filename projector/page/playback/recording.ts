import type { EventAnswer } from '../../answers/events.ts';
import type { FunnelAnswer } from '../../answers/funnel/answer.ts';
import type { ReachedSubject } from '../../answers/funnel/ask.ts';
import { ask, askLines, type Query } from '../api.ts';
import type { Shown } from '../view.ts';
import type { Way } from './filling.ts';
import type { Span } from './span.ts';

/** The funnels that can be chosen; the address may ask a question of its own. */
export const FUNNELS = ['session', 'pr', 'review', 'attention'];

/** So many events at either end are looked at for the earliest and the latest. */
const AT_AN_END = 100;

/** What is played. */
export interface Recording {
  /** The funnel that was chosen; null for a question of its own. */
  readonly name: string | null;
  readonly funnel: FunnelAnswer;
  /** One for each attempt of the funnel. */
  readonly ways: readonly Way[];
  /** From the first event to the last. */
  readonly span: Span;
}

/** Asks for what is played: of events the first and the last alone. Null where there are none. */
export async function recordingOf({
  route,
  filters,
  signal,
}: Pick<Shown, 'route' | 'filters' | 'signal'>): Promise<Recording | null> {
  const question = route.params.get('question');
  const name = question === null ? (route.params.get('funnel') ?? FUNNELS[0]!) : null;
  const words = name === null ? ['funnel'] : ['funnel', name];
  const asked: Query = { ...filters, question };
  const events = (which: Query) =>
    askLines<EventAnswer>(['events'], { ...filters, ...which, limit: String(AT_AN_END) }, signal);
  const [funnel, attempts, first, last] = await Promise.all([
    ask<FunnelAnswer>(words, asked, signal),
    askLines<ReachedSubject>(words, { ...asked, subjects: '1' }, signal),
    events({ oldest: '' }),
    events({}),
  ]);
  if (first.length === 0) return null;
  const ways = attempts.map(({ steps }) => steps.map((step) => step?.at ?? null));
  return {
    name,
    funnel,
    ways,
    span: spanOf([...first.map(({ at }) => at), ...last.map(({ at }) => at), ...ways.flat()]),
  };
}

/** Events come in the order of their rows, so the one that comes first is not always the earliest. */
function spanOf(times: readonly (number | null)[]): Span {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const at of times) {
    if (at === null) continue;
    from = Math.min(from, at);
    to = Math.max(to, at);
  }
  return { from, to };
}
