import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { FunnelQuestion, ScannedEvent } from '../../../../projector/answers/funnel/question.ts';
import {
  SEMANTICS,
  type SemanticsName,
  semanticsOf,
} from '../../../../projector/answers/funnel/semantics/semantics.ts';
import { level, question, spaced } from '../letters.ts';
import { scanned } from '../scanning.ts';

const SECOND = 1_000;

const stream = (...after: number[]) =>
  fc
    .array(fc.tuple(fc.constantFrom(...'AAABCDE'), fc.constantFrom(...after)), { minLength: 1, maxLength: 25 })
    .map(spaced);
/** Many at one time, or within two seconds of each other. */
const dense = stream(0, 0, 1, 2, 7, 20, 45);
/** Never at one time, nor within two seconds. */
const sparse = stream(3, 7, 20, 45);

const distinct = fc.constantFrom('A > B', 'A > B > C', 'A > C > B > D', 'A > B|E > C > D');
const windowMs = fc.constantFrom(0, 1, 10, 30, 60, 100, 1_000).map((seconds) => seconds * SECOND);

function levelBy(tool: SemanticsName, asked: FunnelQuestion, happened: readonly ScannedEvent[]): number {
  return Math.max(0, ...scanned(asked, happened, semanticsOf(tool).scan).map((attempt) => attempt.level + 1));
}

test.each(['clickhouse', 'posthog'] as const)(
  'where no two events have one time, %s comes as far as ours in steps of their own',
  (tool) => {
    fc.assert(
      fc.property(distinct, sparse, windowMs, (text, happened, window) => {
        const asked = question(text, { windowMs: window });
        expect(levelBy(tool, asked, happened)).toBe(level(asked, happened));
      }),
      { numRuns: 500, seed: 20260715 },
    );
  },
);

test('where no two events are within two seconds, Mixpanel’s attempts are ours of every entry', () => {
  const repeated = fc.constantFrom('A > B > A', 'A > A > B', 'A > B > B > C');
  fc.assert(
    fc.property(fc.oneof(distinct, repeated), sparse, windowMs, (text, happened, window) => {
      const asked = question(text, { windowMs: window, entry: 'every' });
      const ours = scanned(asked, happened);
      const theirs = scanned(asked, happened, semanticsOf('mixpanel').scan);
      expect(theirs.map(({ reached }) => reached)).toEqual(ours.map(({ reached }) => reached));
    }),
    { numRuns: 500, seed: 20260716 },
  );
});

test.each(SEMANTICS)('by the rules of %s, events that match no step change nothing', (tool) => {
  fc.assert(
    fc.property(distinct, dense, windowMs, (text, happened, window) => {
      const asked = question(text, { windowMs: window });
      const matching = happened.filter(({ definition }) =>
        asked.steps.some((step) => step.events.includes(definition)),
      );
      expect(levelBy(tool, asked, happened)).toBe(levelBy(tool, asked, matching));
    }),
    { numRuns: 300, seed: 20260717 },
  );
});

test.each(SEMANTICS)('by the rules of %s, a strict order never brings a subject further', (tool) => {
  fc.assert(
    fc.property(distinct, dense, windowMs, (text, happened, window) => {
      const asked = question(text, { windowMs: window });
      const strict = levelBy(tool, { ...asked, order: 'strict' }, happened);
      expect(strict).toBeLessThanOrEqual(levelBy(tool, asked, happened));
    }),
    { numRuns: 300, seed: 20260718 },
  );
});

test.each(['clickhouse', 'posthog'] as const)('by the rules of %s, a wider window never lowers a level', (tool) => {
  fc.assert(
    fc.property(distinct, dense, windowMs, windowMs, (text, happened, a, b) => {
      const [narrow, wide] = [Math.min(a, b), Math.max(a, b)];
      expect(levelBy(tool, question(text, { windowMs: wide }), happened)).toBeGreaterThanOrEqual(
        levelBy(tool, question(text, { windowMs: narrow }), happened),
      );
    }),
    { numRuns: 300, seed: 20260719 },
  );
});

test('every step that Mixpanel counts is reached by an event of its own, two seconds early at most', () => {
  fc.assert(
    fc.property(distinct, dense, windowMs, (text, happened, window) => {
      const asked = question(text, { windowMs: window, entry: 'every' });
      const attempts = scanned(asked, happened, semanticsOf('mixpanel').scan);
      const used = attempts.flatMap(({ reached }) => reached.flatMap((event) => event?.id ?? []));
      expect(new Set(used).size).toBe(used.length);
      for (const { entry, reached } of attempts) {
        reached.forEach((event, index) => {
          if (!event) return;
          expect(asked.steps[index]!.events).toContain(event.definition);
          expect(event.at - entry.at).toBeLessThanOrEqual(window);
          if (index > 0) expect(event.at - reached[index - 1]!.at).toBeGreaterThanOrEqual(-2 * SECOND);
        });
      }
    }),
    { numRuns: 300, seed: 20260720 },
  );
});
