import { describe, expect, test } from '@jest/globals';
import type { FunnelQuestion } from '../../../../projector/answers/funnel/question.ts';
import type { WindowFunnelMode } from '../../../../projector/answers/funnel/semantics/clickhouse.ts';
import {
  notesOn,
  SEMANTICS,
  type SemanticsName,
  semanticsOf,
} from '../../../../projector/answers/funnel/semantics/semantics.ts';
import { definition, events, question } from '../letters.ts';
import { scanned } from '../scanning.ts';

/** The step that the furthest attempt came to; 0 for none. */
function level(tool: SemanticsName, asked: FunnelQuestion, happened: string, modes: WindowFunnelMode[] = []): number {
  const attempts = scanned(asked, events(happened), semanticsOf(tool, modes).scan);
  return Math.max(0, ...attempts.map((attempt) => attempt.level + 1));
}

const without = (letter: string, after: number, before: number) => ({
  exclude: [{ events: [definition(letter)], after, before }],
});

describe.each(SEMANTICS)('by the rules of %s', (tool) => {
  test.each([
    ['A > B', 'A@0 X@1 B@2', 2],
    ['A > B > C', 'A B C', 3],
    ['A > B > C', 'A D B C', 3],
    ['A > B > C', 'A A B B C C', 3],
    ['A > B > C', 'B@0 B@10 C@20 C@30 A@40 A@50', 1],
    ['A > B > C', 'A@0 A@30 B@45 C@75', tool === 'mixpanel' ? 2 : 3],
    ['A > B', 'A@0 B@60', 2],
    ['A > B', 'A@0 B@60.001', 1],
    ['A > B', 'B', 0],
  ])('%s over %s comes to %d', (asked, happened, expected) => {
    expect(level(tool, question(asked), happened)).toBe(expected);
  });

  test('bounds are those of the entry', () => {
    const asked = question('A > B > C', { since: 5_000, until: 15_000 });
    expect(level(tool, asked, 'A@0 B@10 C@20')).toBe(0);
    expect(level(tool, asked, 'A@0 A@10 B@30 C@40')).toBe(3);
  });

  test('an attempt that has time left is not open', () => {
    const [attempt] = scanned(question('A > B', { now: 1_000 }), events('A@0'), semanticsOf(tool).scan);
    expect(attempt).toMatchObject({ converted: false, over: true });
  });

  test('a question of required steps in order, within a window, has no notes', () => {
    expect(notesOn(semanticsOf(tool), question('A > B'))).toEqual([]);
  });

  test('a gap between steps is said to be unknown', () => {
    const [first, second] = question('A > B').steps;
    const asked = question('A > B', { steps: [first!, { ...second!, gapMs: 5_000 }] });
    expect(level(tool, asked, 'A@0 B@30')).toBe(2);
    expect(notesOn(semanticsOf(tool), asked)).toEqual([expect.stringContaining('no gap')]);
  });
});

describe('ClickHouse', () => {
  test('takes events of one time in the order of the steps', () => {
    expect(level('clickhouse', question('A > B'), 'B@5 A@5')).toBe(2);
  });

  test('counts an event for every condition that it meets', () => {
    expect(level('clickhouse', question('A > A > B'), 'A B')).toBe(3);
  });

  test('strict_increase: a step at the time of the one before it does not follow it', () => {
    expect(level('clickhouse', question('A > B'), 'A@5 B@5', ['strict_increase'])).toBe(1);
    expect(level('clickhouse', question('A > B'), 'A@5 B@5.001', ['strict_increase'])).toBe(2);
  });

  test('strict_deduplication: a step that was reached before ends the search', () => {
    expect(level('clickhouse', question('A > B > C'), 'A B B C', ['strict_deduplication'])).toBe(2);
    expect(level('clickhouse', question('A > B > C'), 'A A B C', ['strict_deduplication'])).toBe(3);
    expect(level('clickhouse', question('A > B > C'), 'A B A B C', ['strict_deduplication'])).toBe(2);
  });

  test('strict_order: what is no step, or comes too early, ends the search', () => {
    expect(level('clickhouse', question('A > B > C'), 'A D B C', ['strict_order'])).toBe(1);
    expect(level('clickhouse', question('A > B > C'), 'A C B C', ['strict_order'])).toBe(1);
    expect(level('clickhouse', question('A > B > C'), 'D C A B C', ['strict_order'])).toBe(3);
  });

  test('a question in strict order is asked in that mode', () => {
    expect(level('clickhouse', question('A > B > C', { order: 'strict' }), 'A B D C')).toBe(2);
  });

  test('leaves optional steps out, and exclusions, and says so', () => {
    const asked = question('A > B? > C', without('X', 0, 2));
    const [attempt] = scanned(asked, events('A X B C'), semanticsOf('clickhouse').scan);
    expect(attempt!.reached.map((event) => event?.id ?? null)).toEqual([1, null, 4]);
    expect(notesOn(semanticsOf('clickhouse'), asked)).toHaveLength(2);
  });
});

describe('PostHog', () => {
  test('takes events of one time in the order of the steps', () => {
    expect(level('posthog', question('A > B'), 'B@5 A@5')).toBe(2);
  });

  test('one event reaches one step', () => {
    expect(level('posthog', question('A > A > B'), 'A B')).toBe(1);
    expect(level('posthog', question('A > A > B'), 'A A B')).toBe(3);
    expect(level('posthog', question('A > A > B'), 'A@0 B@0')).toBe(1);
  });

  test.each([
    ['A > B', 'A@5 A@5 B@6', [1, 3]],
    ['A > B > C', 'A B B C', [1, 2, 4]],
  ])('a step of an attempt is reached once: %s over %s by the events %j', (asked, happened, ids) => {
    const attempts = scanned(question(asked), events(happened), semanticsOf('posthog').scan);
    expect(attempts[0]!.reached.map((event) => event?.id ?? null)).toEqual(ids);
  });

  test('an exclusion inside the furthest attempt removes the subject', () => {
    const asked = question('A > B > C', without('X', 0, 1));
    expect(level('posthog', asked, 'A X B')).toBe(0);
    expect(level('posthog', asked, 'A B X C')).toBe(3);
    expect(level('posthog', asked, 'A X B A B C')).toBe(3);
  });

  test('an attempt that came as far without one counts before it', () => {
    const asked = question('A > B > C', without('X', 0, 1));
    expect(level('posthog', asked, 'A X A')).toBe(1);
    expect(level('posthog', asked, 'A X B C A B')).toBe(2);
  });

  test('an exclusion outside it does not', () => {
    const asked = question('A > B > C', without('X', 1, 2));
    expect(level('posthog', asked, 'A X B C')).toBe(3);
    expect(level('posthog', asked, 'A B C X')).toBe(3);
    expect(level('posthog', asked, 'A@0 B@1 X@62')).toBe(2);
    expect(level('posthog', question('A > B', without('X', 0, 1)), 'A@0 A@50 X@70')).toBe(1);
  });

  test('strictly, an event clears the levels that it does not match', () => {
    const asked = question('A > B > C', { order: 'strict' });
    expect(level('posthog', asked, 'A D B C')).toBe(1);
    expect(level('posthog', asked, 'A B D C')).toBe(2);
    expect(level('posthog', asked, 'A D A B C')).toBe(3);
  });

  test('passes optional steps on the way', () => {
    const attempts = scanned(question('A > B? > C'), events('A C'), semanticsOf('posthog').scan);
    expect(attempts[0]!.reached.map((event) => event?.id ?? null)).toEqual([1, null, 2]);
  });

  test('an attempt keeps what it reached when a newer one is entered', () => {
    expect(level('posthog', question('A > B > C'), 'A@0 B@10 A@30 C@55')).toBe(3);
  });
});

describe('Mixpanel', () => {
  test('consecutive steps within two seconds count in either order', () => {
    expect(level('mixpanel', question('A > B'), 'B@0 A@2')).toBe(2);
    expect(level('mixpanel', question('A > B'), 'B@0 A@2.001')).toBe(1);
    expect(level('mixpanel', question('A > B > C'), 'C@0 B@1.5 A@3')).toBe(3);
    expect(level('mixpanel', question('A > B > C'), 'C@0 A@1 B@2.5')).toBe(2);
  });

  test('one event reaches one step', () => {
    expect(level('mixpanel', question('A > A'), 'A')).toBe(1);
    expect(level('mixpanel', question('A > A'), 'A A')).toBe(2);
  });

  test('a new attempt is entered after the window of the one before', () => {
    expect(level('mixpanel', question('A > B > C'), 'A@0 A@30 B@45 A@70 B@71 C@75')).toBe(3);
  });

  test('counts every attempt where every entry is asked for', () => {
    const asked = question('A > B', { entry: 'every' });
    const attempts = scanned(asked, events('A@0 A@10 B@20 A@30 A@100 B@110'), semanticsOf('mixpanel').scan);
    expect(attempts.map((attempt) => [attempt.entry.at, attempt.level])).toEqual([
      [0, 1],
      [30_000, 0],
      [100_000, 1],
    ]);
  });

  test('an event that reached a step of one attempt reaches none of the next', () => {
    const asked = question('A > B', { entry: 'every' });
    const attempts = scanned(asked, events('A@0 B@1 A@2'), semanticsOf('mixpanel').scan);
    expect(attempts.map((attempt) => attempt.level)).toEqual([1, 0]);
  });

  test('an exclusion voids the attempt, which is said to be our rule', () => {
    const asked = question('A > B', without('X', 0, 1));
    expect(level('mixpanel', asked, 'A X B')).toBe(1);
    expect(notesOn(semanticsOf('mixpanel'), asked)).toHaveLength(1);
  });
});
