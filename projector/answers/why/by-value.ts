import { OTHER } from '../filter.ts';
import type { FunnelQuestion } from '../funnel/question.ts';
import type { Went } from './landmark.ts';

/** The attempts of each value that the question is broken down by, as the funnel does it; none where it is not. */
export function byValue(
  { by, attribute, top }: FunnelQuestion,
  all: readonly Went[],
): { readonly value: string | null; readonly attempts: readonly Went[] }[] {
  if (by === null) return [];
  const groups = new Map<string | null, Went[]>();
  for (const went of all) {
    const { entry, reached, level } = went.attempt;
    const event = attribute === 'first' ? entry : reached[attribute === 'last' ? level : attribute];
    if (!event) continue;
    const value = event.dimensions[by] ?? null;
    const group = groups.get(value);
    if (group) group.push(went);
    else groups.set(value, [went]);
  }
  const sorted = [...groups]
    .map(([value, attempts]) => ({ value, attempts }))
    .sort((a, b) => b.attempts.length - a.attempts.length || String(a.value).localeCompare(String(b.value)));
  const others = sorted.slice(top).flatMap(({ attempts }) => attempts);
  return others.length > 0 ? [...sorted.slice(0, top), { value: OTHER, attempts: others }] : sorted;
}
