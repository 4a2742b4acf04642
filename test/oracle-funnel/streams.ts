import fc from 'fast-check';
import type { Exclusion, FunnelQuestion, FunnelStep, ScannedEvent } from '../../projector/answers/funnel/question.ts';
import { definition, question } from '../projector/answers/letters.ts';

const SECOND = 1_000;
const LETTERS = 'ABCD';
/** Matches no step; only strictly it matters. */
const STRANGER = 'E';

/** Events of a subject, close together: many ties, many entries, and times that jump back where `back` allows it. */
export function stream(back: boolean): fc.Arbitrary<ScannedEvent[]> {
  const step = fc.constantFrom(0, 0, 0, 1, 1, 2, 5, 9, 30, ...(back ? [-1, -4, -20] : []));
  const event = fc.record({
    letter: fc.constantFrom(...'AAABBCD', STRANGER),
    step,
    how: fc.constantFrom('found', 'claimed', null),
  });
  return fc.array(event, { minLength: 1, maxLength: 12 }).map((list) => {
    let at = 100 * SECOND;
    return list.map(({ letter, step: seconds, how }, index) => {
      at += seconds * SECOND;
      return { id: index + 1, definition: definition(letter), at, dimensions: { how } };
    });
  });
}

const span = fc.constantFrom(0, 1, 2, 5, 10, 40).map((seconds) => seconds * SECOND);
const letters = fc.uniqueArray(fc.constantFrom(...LETTERS), { minLength: 1, maxLength: 2 });
const where = fc.constantFrom({}, {}, {}, { how: ['found'] }, { how: ['found', 'claimed'] });

const stepOf = (isFirst: boolean): fc.Arbitrary<FunnelStep> =>
  fc.record({
    events: (isFirst ? fc.constantFrom(['A'], ['A'], ['A', 'B']) : letters).map((list) => list.map(definition)),
    where,
    optional: isFirst ? fc.constant(false) : fc.constantFrom(false, false, true),
    gapMs: isFirst ? fc.constant(null) : fc.option(span, { freq: 2 }),
  });

const exclusion = (places: readonly number[]): fc.Arbitrary<Exclusion> =>
  fc
    .record({
      events: letters.map((list) => list.map(definition)),
      between: fc.uniqueArray(fc.constantFrom(...places), { minLength: 2, maxLength: 2 }),
    })
    .map(({ events, between }) => ({ events, after: Math.min(...between), before: Math.max(...between) }));

const bound = fc.option(
  fc.nat(30).map((seconds) => (95 + seconds) * SECOND),
  { freq: 1, nil: null },
);

/** Any question about letters of an order and entry; where `exclusions` says so, they stand between required steps alone. */
export function questions(
  exclusions: 'anywhere' | 'required',
  { order, entry }: Pick<FunnelQuestion, 'order' | 'entry'>,
): fc.Arbitrary<FunnelQuestion> {
  return fc
    .tuple(stepOf(true), fc.array(stepOf(false), { minLength: 1, maxLength: 4 }))
    .filter(([, rest]) => rest.some(({ optional }) => !optional))
    .chain(([first, rest]) => {
      const steps = [first, ...rest];
      const places = [...steps.keys()].filter((index) => exclusions === 'anywhere' || !steps[index]!.optional);
      return fc.record({
        order: fc.constant(order),
        entry: fc.constant(entry),
        windowMs: span.filter((ms) => ms > 0),
        exclude: fc.oneof(fc.constant([]), fc.array(exclusion(places), { maxLength: 2 })),
        since: bound,
        until: bound,
        now: fc.nat(100).map((seconds) => (100 + seconds) * SECOND),
        steps: fc.constant(steps),
      });
    })
    .map((parts) => question('A > B', order === 'any' ? inAnyOrder(parts) : parts));
}

/** In any order there is nothing between two steps: no gap, no exclusion. */
function inAnyOrder(parts: Partial<FunnelQuestion>): Partial<FunnelQuestion> {
  return { ...parts, exclude: [], steps: parts.steps!.map((step) => ({ ...step, gapMs: null })) };
}
