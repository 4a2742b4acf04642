import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ToldAttempt } from '../../projector/answers/funnel/asked.ts';
import type { FunnelQuestion, FunnelStep, ScannedEvent } from '../../projector/answers/funnel/question.ts';
import { scanned } from '../projector/answers/scanning.ts';
import { allAttempts, furthestOf, hasConverted, levelOf, type Way } from './oracle.ts';
import { questions, stream } from './streams.ts';

const RUNS = 2_000;

/** Times that go on, and times that jump back now and then. An exclusion at an optional step is told exactly only where they go on. */
const CLOCKS = [
  ['goes on', 'anywhere', stream(false)],
  ['jumps back', 'required', stream(true)],
] as const;

type Check = (question: FunnelQuestion, events: ScannedEvent[]) => void;

function forAll(
  asked: fc.Arbitrary<FunnelQuestion>,
  happened: fc.Arbitrary<ScannedEvent[]>,
  seed: number,
  check: Check,
) {
  fc.assert(fc.property(asked, happened, check), { numRuns: RUNS, seed });
}

/** An attempt that is too late for one optional step might else pass another by the same event, and so come further than a newer one. */
function tellsOptionalStepsApart({ steps }: FunnelQuestion): boolean {
  const optional = steps.filter((step) => step.optional);
  const shared = (step: FunnelStep) =>
    optional.some((other) => other !== step && other.events.some((event) => step.events.includes(event)));
  return optional.every((step) => step.gapMs === null || !shared(step));
}

const ids = (reached: Way['reached']) => reached.map((event) => event?.id ?? null);

function told({ entry, reached, converted, over }: ToldAttempt) {
  return { entry: entry.id, reached: ids(reached), converted, over: over && !converted };
}

function expected(question: FunnelQuestion, way: Way) {
  const converted = hasConverted(question, way);
  return { entry: way.entry.id, reached: ids(way.reached), converted, over: way.over && !converted };
}

describe.each(CLOCKS)('where the clock %s', (_, exclusions, happened) => {
  test.each(['ordered', 'strict', 'any'] as const)('every attempt is the oracle’s: %s', (order) => {
    forAll(questions(exclusions, { order, entry: 'every' }), happened, 6_001, (question, events) => {
      expect(scanned(question, events).map(told)).toEqual(
        allAttempts(question, events).map((way) => expected(question, way)),
      );
    });
  });

  test.each(['strict', 'any'] as const)(
    'the one attempt of a subject is the furthest, and of those the earliest: %s',
    (order) => {
      forAll(questions(exclusions, { order, entry: 'first' }), happened, 6_002, (question, events) => {
        const [first] = furthestOf(allAttempts(question, events)).sort((a, b) => a.entry.at - b.entry.at);
        expect(scanned(question, events).map(told)).toEqual(first ? [expected(question, first)] : []);
      });
    },
  );

  test('the one attempt of a subject is one of the furthest, walked from its entry: ordered', () => {
    const clear = questions(exclusions, { order: 'ordered', entry: 'first' }).filter(tellsOptionalStepsApart);
    forAll(clear, happened, 6_003, (question, events) => {
      const furthest = furthestOf(allAttempts(question, events));
      const [attempt] = scanned(question, events);
      const way = furthest.find(({ entry }) => entry === attempt?.entry);
      expect([attempt?.level, attempt?.entry]).toEqual([furthest[0] && levelOf(furthest[0]), way?.entry]);
      if (!attempt || !way) return;
      // A newer attempt may have taken over before an optional step was passed.
      const shown = way.reached.map((event, index) =>
        question.steps[index]!.optional ? (attempt.reached[index] ? event : null) : event,
      );
      const { over, ...rest } = told(attempt);
      const { over: isOver, ...walked } = expected(question, { ...way, reached: shown });
      expect(rest).toEqual(walked);
      if (ids(shown).join() === ids(way.reached).join()) expect(over).toBe(isOver);
    });
  });
});

test('of the attempts that come as far, the one that came so far first is told, and of those that one event brought so far the newest', () => {
  const required = questions('required', { order: 'ordered', entry: 'first' }).filter(({ steps }) =>
    steps.every(({ optional }) => !optional),
  );
  forAll(required, stream(false), 6_004, (question, events) => {
    const furthest = furthestOf(allAttempts(question, events));
    const arrival = (way: Way) => events.indexOf(way.reached[levelOf(way)]!);
    const first = Math.min(...furthest.map(arrival));
    const newest = furthest.filter((way) => arrival(way) === first).at(-1);
    expect(scanned(question, events).map(({ entry }) => entry.at)).toEqual(newest ? [newest.entry.at] : []);
  });
});
