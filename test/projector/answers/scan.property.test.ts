import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { FunnelQuestion, ScannedEvent } from '../../../projector/answers/funnel/question.ts';
import { events, furthest, level, question, spaced } from './letters.ts';

const SECOND = 1_000;

/** Events of a subject in order of time, with many ties and re-entries. */
const stream = fc
  .array(fc.tuple(fc.constantFrom(...'AAABCDE'), fc.constantFrom(0, 0, 1, 7, 20, 45)), { minLength: 1, maxLength: 25 })
  .map(spaced);

const windowMs = fc.constantFrom(0, 1, 10, 30, 60, 100, 1_000).map((seconds) => seconds * SECOND);

/** Steps that are each of its own, the first required, others perhaps not. */
const distinct = fc
  .tuple(
    fc.constantFrom('A > B', 'A > B > C', 'A > C > B > D', 'A > B > C > D > E'),
    fc.array(fc.boolean(), { maxLength: 4 }),
  )
  .map(([text, optional]) =>
    text
      .split(' > ')
      .map((step, index) => (index > 0 && optional[index - 1] ? `${step}?` : step))
      .join(' > '),
  );

/** Steps that may be repeated, all required. */
const repeated = fc
  .array(fc.constantFrom(...'ABC'), { minLength: 1, maxLength: 4 })
  .map((rest) => ['A', ...rest].join(' > '));

function withWindow(text: string, window: number): FunnelQuestion {
  return question(text, { windowMs: window });
}

describe('a wider window', () => {
  test('never lowers a level', () => {
    fc.assert(
      fc.property(distinct, stream, windowMs, windowMs, (text, happened, a, b) => {
        const [narrow, wide] = [Math.min(a, b), Math.max(a, b)];
        expect(level(withWindow(text, wide), happened)).toBeGreaterThanOrEqual(
          level(withWindow(text, narrow), happened),
        );
      }),
      { numRuns: 500, seed: 20260622 },
    );
  });

  // An event goes to one attempt alone, the one that it brings furthest, though that one may have less time left.
  test('never lowers a level where a step is repeated', () => {
    const happened = events('A@0 B@1 A@50 B@55 B@56 C@100');
    const levels = [54, 60].map((seconds) => level(withWindow('A > B > B > C', seconds * SECOND), happened));
    expect(levels).toEqual([4, 4]);
  });

  // The newest attempt is not the one with the most time left where times went back.
  test('never lowers a level where times went back', () => {
    const happened = events('A@100 A@0 B@50 C@120');
    const levels = [30, 60].map((seconds) => level(withWindow('A > B > C', seconds * SECOND), happened));
    expect(levels).toEqual([3, 3]);
  });
});

describe('a trailing step', () => {
  const reaches = (asked: FunnelQuestion, happened: readonly ScannedEvent[]) =>
    asked.steps.map((_, index) => Number((furthest(asked, happened)?.reached[index] ?? null) !== null));

  test.each([
    ['of its own', distinct.filter((text) => !text.includes('?')), fc.constantFrom('F', 'E|F')],
    ['that repeats others', repeated, fc.constantFrom('A', 'B', 'C')],
  ] as const)('%s never raises a count', (_, texts, trailing) => {
    fc.assert(
      fc.property(texts, trailing, stream, windowMs, (text, last, happened, window) => {
        const before = reaches(withWindow(text, window), happened);
        const after = reaches(withWindow(`${text} > ${last}`, window), happened);
        for (const [index, count] of before.entries()) expect(after[index]).toBeLessThanOrEqual(count);
      }),
      { numRuns: 300, seed: 20260623 },
    );
  });

  test('never raises how many convert, optional steps or not', () => {
    const converts = (text: string, window: number, happened: readonly ScannedEvent[]) =>
      Number(furthest(withWindow(text, window), happened)?.converted ?? false);
    fc.assert(
      fc.property(distinct, stream, windowMs, (text, happened, window) => {
        expect(converts(`${text} > F|A`, window, happened)).toBeLessThanOrEqual(converts(text, window, happened));
      }),
      { numRuns: 300, seed: 20260624 },
    );
  });
});

test('events that match no step change nothing', () => {
  fc.assert(
    fc.property(fc.oneof(distinct, repeated), stream, windowMs, (text, happened, window) => {
      const asked = withWindow(text, window);
      const matching = happened.filter(({ definition }) =>
        asked.steps.some((step) => step.events.includes(definition)),
      );
      expect(furthest(asked, happened)).toEqual(furthest(asked, matching));
    }),
    { numRuns: 300, seed: 20260625 },
  );
});

test('an optional step changes nothing of who converts, nor of how many required steps are reached', () => {
  fc.assert(
    fc.property(distinct, stream, windowMs, (text, happened, window) => {
      const required = text.split(' > ').filter((step) => !step.endsWith('?'));
      fc.pre(required.length > 1);
      const all = withWindow(text, window);
      const attempt = furthest(all, happened);
      const reached = attempt?.reached.filter((event, index) => event !== null && !all.steps[index]!.optional) ?? [];
      expect(reached).toHaveLength(level(withWindow(required.join(' > '), window), happened));
    }),
    { numRuns: 300, seed: 20260626 },
  );
});

test('the level is what the best single entry comes to on its own', () => {
  const required = distinct.map((text) => text.replaceAll('?', ''));
  fc.assert(
    fc.property(required, stream, windowMs, (text, happened, window) => {
      const asked = withWindow(text, window);
      const alone = happened.map((entry, index) => onItsOwn(asked, entry, happened.slice(index)));
      expect(level(asked, happened)).toBe(Math.max(...alone));
    }),
    { numRuns: 500, seed: 20260627 },
  );
});

/** Steps that one entry comes to, greedily. */
function onItsOwn(
  { steps, windowMs: window }: FunnelQuestion,
  entry: ScannedEvent,
  happened: readonly ScannedEvent[],
): number {
  let next = 0;
  for (const event of happened) {
    if (next === steps.length || event.at - entry.at > window) break;
    if (steps[next]!.events.includes(event.definition)) next += 1;
    if (next === 0) return 0;
  }
  return next;
}

test('every step of an attempt is reached by an event of its own, after the required one before it, within the window', () => {
  fc.assert(
    fc.property(fc.oneof(distinct, repeated), stream, windowMs, (text, happened, window) => {
      const asked = withWindow(text, window);
      const attempt = furthest(asked, happened);
      if (!attempt) return;
      let before = -1;
      attempt.reached.forEach((event, index) => {
        if (!event) return;
        const place = happened.indexOf(event);
        expect(asked.steps[index]!.events).toContain(event.definition);
        expect(place).toBeGreaterThan(before);
        expect(event.at - attempt.entry.at).toBeLessThanOrEqual(window);
        if (!asked.steps[index]!.optional) before = place;
      });
      const ids = attempt.reached.flatMap((event) => event?.id ?? []);
      expect(new Set(ids).size).toBe(ids.length);
    }),
    { numRuns: 300, seed: 20260628 },
  );
});
