import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { FunnelAnswer } from '../../../projector/answers/funnel/answer.ts';
import type { FunnelQuestion, ScannedEvent } from '../../../projector/answers/funnel/question.ts';
import { events, question, spaced } from './letters.ts';
import { answered } from './scanning.ts';

const AS_OF = { change_log: 9, telemetry: 4, at: 1 };
const SECOND = 1_000;

/** The answer over subjects, each told by its events. */
function ask(asked: FunnelQuestion, ...subjects: (string | readonly ScannedEvent[])[]): FunnelAnswer {
  return answered(
    asked,
    subjects.map((subject) => (typeof subject === 'string' ? events(subject) : subject)),
  );
}

const counts = ({ attempts, converted, open, dropped }: FunnelAnswer) => ({ attempts, converted, open, dropped });
const at = (seconds: number) => ({ now: seconds * SECOND });

describe('an attempt that has not converted', () => {
  const asked = (now: number) => ask(question('A > B > C', at(now)), 'A@0 B@5');

  test('is open to the window’s end, that millisecond included, and dropped after it', () => {
    expect(counts(asked(60))).toEqual({ attempts: 1, converted: 0, open: 1, dropped: 0 });
    expect(counts(asked(60.001))).toEqual({ attempts: 1, converted: 0, open: 0, dropped: 1 });
  });

  test('is told at the step that it came to', () => {
    expect(asked(60).steps.map(({ open, dropped }) => [open, dropped])).toEqual([
      [0, 0],
      [1, 0],
      [0, 0],
    ]);
    expect(asked(61).steps.map(({ open, dropped }) => [open, dropped])).toEqual([
      [0, 0],
      [0, 1],
      [0, 0],
    ]);
  });

  test('is open where it was entered after the moment that is asked about', () => {
    expect(counts(ask(question('A > B', at(0)), 'A@10'))).toMatchObject({ open: 1, dropped: 0 });
  });
});

test('an attempt that has converted stays so, whatever the moment', () => {
  expect(counts(ask(question('A > B', at(3_600)), 'A@0 B@5'))).toEqual({
    attempts: 1,
    converted: 1,
    open: 0,
    dropped: 0,
  });
});

describe('each step tells', () => {
  const told = ask(question('A > B? > C > D'), 'A B C D', 'A C', 'A B', 'A', 'X');

  test('how many reached it', () => {
    expect(told.steps.map(({ reached }) => reached)).toEqual([4, 2, 2, 1]);
    expect(told.steps.map(({ optional }) => optional)).toEqual([false, true, false, false]);
    expect(told.attempts).toBe(4);
  });

  test('its conversion from the first and from the nearest required step before', () => {
    expect(told.steps.map((step) => step.converted_from_first)).toEqual([1, 0.5, 0.5, 0.25]);
    expect(told.steps.map((step) => step.converted_from_previous)).toEqual([null, 0.5, 0.5, 0.5]);
  });

  test('nothing where nobody came', () => {
    const nobody = ask(question('A > B'), 'X');
    expect(nobody.steps.map((step) => [step.reached, step.converted_from_first, step.converted_from_previous])).toEqual(
      [
        [0, null, null],
        [0, null, null],
      ],
    );
    expect(counts(nobody)).toEqual({ attempts: 0, converted: 0, open: 0, dropped: 0 });
  });

  test('the time from the nearest required step before', () => {
    const { steps } = ask(question('A > B? > C'), 'A@0 B@10 C@30', 'A@0 C@50');
    expect(steps.map(({ median_ms }) => median_ms)).toEqual([null, 10 * SECOND, 40 * SECOND]);
  });

  test('no negative time where times went back', () => {
    expect(ask(question('A > B'), 'A@30 B@20').steps[1]).toMatchObject({ median_ms: 0, mean_ms: 0 });
  });
});

describe('the total time', () => {
  test('is from the entry to the last required step', () => {
    const { total_time: total } = ask(question('A > B > C?'), 'A@0 B@10 C@50', 'A@0 B@30');
    expect(total).toMatchObject({ median_ms: 20 * SECOND, mean_ms: 20 * SECOND });
    expect(total.histogram.reduce((sum, { count }) => sum + count, 0)).toBe(2);
  });

  test('has a Kaplan-Meier median where attempts are open, which those hold back', () => {
    const subjects = ['A@0 B@10', 'A@0 B@20', 'A@0', 'A@30'];
    expect(ask(question('A > B', at(59)), ...subjects).total_time.kaplan_meier_median_ms).toBe(20 * SECOND);
    expect(ask(question('A > B', at(59)), ...subjects, 'A@50').total_time.kaplan_meier_median_ms).toBe(20 * SECOND);
    expect(ask(question('A > B', at(59)), ...subjects, 'A@20').total_time.kaplan_meier_median_ms).toBeNull();
    expect(ask(question('A > B', at(3_600)), ...subjects).total_time.kaplan_meier_median_ms).toBeNull();
  });
});

describe('a breakdown', () => {
  const worker = (happened: string, harness: string | null) =>
    events(happened).map((event) => ({ ...event, dimensions: { harness } }));
  const asked = question('A > B', { by: 'harness' });

  test('tells the steps of each value of the entry, the greatest first', () => {
    const told = ask(asked, worker('A B', 'codex'), worker('A', 'aider'), worker('A B', 'aider'), worker('A', null));
    expect(told.breakdown.map(({ value, steps }) => [value, ...steps.map(({ reached }) => reached)])).toEqual([
      ['aider', 2, 1],
      ['codex', 1, 1],
      [null, 1, 0],
    ]);
  });

  test('takes the value that the entry has, not that of a later event', () => {
    const [entry, next] = worker('A B', 'codex');
    const { breakdown } = ask(asked, [entry!, { ...next!, dimensions: { harness: 'aider' } }]);
    expect(breakdown.map(({ value }) => value)).toEqual(['codex']);
  });

  test('is left out where nobody asked for it', () => {
    expect(ask(question('A > B'), worker('A B', 'codex')).breakdown).toEqual([]);
  });
});

test('says what was asked, when, and at what positions', () => {
  const told = ask(question('A > B?', { by: 'harness', since: 5 }), 'A');
  expect(told).toMatchObject({ now: 3_600 * SECOND, as_of: AS_OF, trend: [] });
  expect(told.question).toMatchObject({
    ...{
      name: 'letters',
      subject: 'session',
      order: 'ordered',
      entry: 'first',
      window_ms: 60_000,
      since: 5,
      until: null,
    },
    by: 'harness',
    steps: [
      { events: ['ao.daemon.started'], where: {}, optional: false },
      { events: ['ao.onboarding.first_project_added'], where: {}, optional: true },
    ],
  });
});

describe('whatever happened', () => {
  const happened = fc
    .array(fc.tuple(fc.constantFrom(...'AABCD'), fc.nat(40)), { minLength: 1, maxLength: 12 })
    .map((pairs) => spaced(pairs).map((event) => ({ ...event, dimensions: { harness: 'codex' } })));
  const asked = fc.record({
    text: fc.constantFrom('A > B', 'A > B? > C', 'A > B > C? > D', 'A > B > C > D?'),
    now: fc.nat(400),
  });
  const whatever = fc.tuple(fc.array(happened, { maxLength: 12 }), asked);
  const forAll = (check: (told: FunnelAnswer) => void) =>
    fc.assert(
      fc.property(whatever, ([subjects, { text, now }]) => {
        check(ask(question(text, { ...at(now), by: 'harness' }), ...subjects));
      }),
      { numRuns: 300, seed: 20260629 },
    );

  test('converted, open and dropped are all attempts', () => {
    forAll(({ attempts, converted, open, dropped }) => expect(converted + open + dropped).toBe(attempts));
  });

  test('the open and dropped of all steps are those of the funnel', () => {
    forAll(({ steps, open, dropped }) => {
      expect(steps.reduce((sum, step) => sum + step.open, 0)).toBe(open);
      expect(steps.reduce((sum, step) => sum + step.dropped, 0)).toBe(dropped);
    });
  });

  test('fewer reach each required step than the one before, and those that reach the last have converted', () => {
    forAll(({ steps, converted, attempts }) => {
      const required = steps.filter(({ optional }) => !optional).map(({ reached }) => reached);
      expect(required).toEqual(required.toSorted((a, b) => b - a));
      expect(required[0]).toBe(attempts);
      expect(required.at(-1)).toBe(converted);
    });
  });

  test('the histogram counts whoever converted', () => {
    forAll(({ total_time: { histogram }, converted }) => {
      expect(histogram.reduce((sum, { count }) => sum + count, 0)).toBe(converted);
    });
  });

  test('the parts of a breakdown make up the whole', () => {
    forAll(({ steps, breakdown }) => {
      steps.forEach(({ reached }, index) => {
        expect(breakdown.reduce((sum, part) => sum + part.steps[index]!.reached, 0)).toBe(reached);
      });
    });
  });
});
