import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { FunnelQuestion, ScannedEvent } from '../../projector/answers/funnel/question.ts';
import { level, steps } from '../projector/answers/letters.ts';
import { answered, scanned } from '../projector/answers/scanning.ts';
import { matches } from './oracle.ts';
import { questions, stream } from './streams.ts';

const RUNS = 500;
const ALL_ORDERS = ['ordered', 'strict', 'any'] as const;

function forAll<T extends [unknown, ...unknown[]]>(
  arbitraries: { [K in keyof T]: fc.Arbitrary<T[K]> },
  check: (...values: T) => void,
) {
  fc.assert(fc.property(...arbitraries, check), { numRuns: RUNS, seed: 7_001 });
}

const asked = (order: FunnelQuestion['order'], entry: FunnelQuestion['entry'] = 'first') =>
  questions('required', { order, entry });

/** Where all steps are required, the level is how many of them were reached. */
const allRequired = (question: FunnelQuestion): FunnelQuestion => ({
  ...question,
  steps: question.steps.map((step) => ({ ...step, optional: false })),
});

const clock = fc.boolean().chain(stream);

test.each(ALL_ORDERS)('a wider window never lowers a level: %s', (order) => {
  forAll([asked(order), clock, fc.nat(60_000)], (question, events, more) => {
    const wider = { ...question, windowMs: question.windowMs + more };
    expect(level(wider, events)).toBeGreaterThanOrEqual(level(question, events));
  });
});

test.each(['ordered', 'strict'] as const)('a trailing step never raises a count: %s', (order) => {
  const trailing = fc.constantFrom('A', 'B|C', 'E');
  forAll([asked(order).map(allRequired), clock, trailing], (question, events, last) => {
    const longer = { ...question, steps: [...question.steps, ...steps(last)] };
    expect(Math.min(level(longer, events), question.steps.length)).toBeLessThanOrEqual(level(question, events));
  });
});

test('what happens strictly also happens in order, and what happens in order also happens in any order', () => {
  forAll([asked('ordered').map(allRequired), clock], (question, events) => {
    const strict = level({ ...question, order: 'strict' }, events);
    const ordered = level(question, events);
    const any = level({ ...question, order: 'any' }, events);
    expect([strict, ordered, any]).toEqual([strict, ordered, any].toSorted((a, b) => a - b));
  });
});

describe.each(['first', 'every'] as const)('entry %s', (entry) => {
  test.each(['ordered', 'any'] as const)('events that match no step and void nothing change nothing: %s', (order) => {
    forAll([asked(order, entry), clock], (question, events) => {
      const { steps, exclude } = question;
      const matter = (event: ScannedEvent) =>
        steps.some((step) => matches(step, event)) ||
        exclude.some((excluded) => excluded.events.includes(event.definition));
      expect(scanned(question, events.filter(matter))).toEqual(scanned(question, events));
    });
  });

  test.each(ALL_ORDERS)('an answer does not depend on which subject is which: %s', (order) => {
    const broken = asked(order, entry).map(
      (question): FunnelQuestion => ({ ...question, by: 'name', interval: 'day' }),
    );
    const subjects = fc.array(stream(false), { maxLength: 5 });
    const shuffled = subjects.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    forAll([broken, shuffled], (question, [before, after]) => {
      expect(answered(question, after)).toEqual(answered(question, before));
    });
  });
});
