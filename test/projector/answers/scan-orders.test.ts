import { describe, expect, test } from '@jest/globals';
import { attempts, events, excluded, furthest, level, question, reached, withGap } from './letters.ts';

describe('strict', () => {
  const strict = (text: string) => question(text, { order: 'strict' });

  test.each([
    ['A > B', 'A@0 X@1 B@2', 1],
    ['A > B > C', 'A D B C', 1],
    ['A > B > C', 'A B C', 3],
    ['A > B > C', 'A A B C', 3],
    ['A > B > C', 'A B X C A B', 2],
    ['A > B? > C', 'A C', 2],
    ['A > B? > C', 'A B C', 3],
  ])('%s over %s comes to %d', (asked, happened, expected) => {
    const attempt = furthest(strict(asked), events(happened));
    expect(attempt!.reached.filter(Boolean)).toHaveLength(expected);
  });

  test('tries each event of the first step as an entry, also one that another attempt takes for a step', () => {
    expect(reached(furthest(strict('A > A > B'), events('A@0 A@1 A@2 B@3')))).toEqual([1, 2, 3]);
  });

  test('passes optional steps in their order alone', () => {
    expect(level(strict('A > B? > C? > D'), events('A C D'))).toBe(4);
    expect(level(strict('A > B? > C? > D'), events('A C B D'))).toBe(3);
  });

  test('is voided by an excluded event that would be its next step', () => {
    expect(level(question('A > B', { order: 'strict', exclude: excluded('B@1-2') }), events('A B'))).toBe(1);
  });

  test('ends with an event that is not the next step, however much time is left', () => {
    expect(furthest(strict('A > B'), events('A X'))).toMatchObject({ over: true });
    expect(furthest(strict('A > B'), events('A'))).toMatchObject({ over: false });
  });
});

describe('any order', () => {
  const any = (text: string) => question(text, { order: 'any' });

  test.each([
    ['A > B > C', 'C B A', 3],
    ['A > B > C', 'C@0 A@60 B@61', 2],
    ['A > B > C', 'A A A', 1],
    ['A > A', 'A', 1],
    ['A|B > A', 'A B', 2],
    ['A > A|B', 'A B', 2],
    ['A > B', 'X', 0],
  ])('%s over %s completes %d', (asked, happened, expected) => {
    expect(level(any(asked), events(happened))).toBe(expected);
  });

  test('tells which event completed how many', () => {
    expect(reached(furthest(any('A > B > C'), events('C@0 C@1 A@2 B@3')))).toEqual([0, 2, 3]);
  });

  test('has an event whose time went back in the window of those before it, as an ordered attempt has', () => {
    const happened = events('A@30 B@20');
    expect(level(question('A > B', { windowMs: 5_000 }), happened)).toBe(2);
    expect(level({ ...any('A > B'), windowMs: 5_000 }, happened)).toBe(2);
  });
});

describe('every entry', () => {
  const every = (text: string) => question(text, { entry: 'every' });

  test('ignores events of the first step while an attempt is under way', () => {
    expect(attempts(every('A > B'), events('A@0 A@1 B@2 B@3 A@4'))).toEqual([
      [0, 2],
      [4, null],
    ]);
  });

  test('enters anew once the window is over', () => {
    expect(attempts(every('A > B'), events('A@0 A@60 A@61 B@62'))).toEqual([
      [0, null],
      [61, 62],
    ]);
  });

  test('enters anew once an attempt was voided, also with the event that voided it', () => {
    const asked = (text: string) => ({ ...every('A > B'), exclude: excluded(text) });
    expect(attempts(asked('X@1-2'), events('A@0 X@1 B@2 A@3 B@4'))).toEqual([
      [0, null],
      [3, 4],
    ]);
    expect(attempts(asked('A@1-2'), events('A@0 A@1 B@2'))).toEqual([
      [0, null],
      [1, 2],
    ]);
  });

  test('strictly ends with a repeated entry, which enters anew', () => {
    expect(attempts({ ...every('A > B'), order: 'strict' }, events('A@0 A@1 B@2 X@3 A@4'))).toEqual([
      [0, null],
      [1, 2],
      [4, null],
    ]);
  });

  test('in any order has one window after the other', () => {
    expect(attempts({ ...every('A > B'), order: 'any' }, events('B@0 A@1 A@2 A@50 A@63 B@64'))).toEqual([
      [0, 1],
      [2, null],
      [63, 64],
    ]);
  });
});

describe('a gap', () => {
  const asked = withGap(question('A > B? > C'), 3, 10);

  test('is kept to its last millisecond', () => {
    expect(level(asked, events('A@0 C@10'))).toBe(3);
    expect(level(asked, events('A@0 C@10.001'))).toBe(1);
  });

  test('is counted from the nearest required step before', () => {
    expect(level(asked, events('A@0 B@5 C@12'))).toBe(2);
  });

  test('stops no attempt that was entered later', () => {
    expect(reached(furthest(withGap(question('A > B'), 2, 10), events('A@0 A@30 B@35')))).toEqual([30, 35]);
  });

  test('lets an attempt with less time in all go on where only that one keeps it', () => {
    const twice = withGap(question('A > B > C', { windowMs: 100_000 }), 3, 10);
    expect(reached(furthest(twice, events('A@50 B@80 A@60 B@40 C@85')))).toEqual([50, 80, 85]);
  });
});

describe('an excluded event', () => {
  const asked = (text: string, between: string) => question(text, { exclude: excluded(between) });

  test('voids the attempt that stands between its two steps', () => {
    expect(furthest(asked('A > B > C', 'X@1-2'), events('A X B'))).toMatchObject({ level: 0, over: true });
    expect(level(asked('A > B > C', 'X@1-2'), events('A B X C'))).toBe(3);
    expect(furthest(asked('A > B > C', 'X@2-3'), events('A B X C'))).toMatchObject({ level: 1, over: true });
    expect(level(asked('A > B > C', 'X@1-3'), events('A B C X'))).toBe(3);
  });

  test('voids that attempt alone, not the subject', () => {
    expect(reached(furthest(asked('A > B', 'X@1-2'), events('A@0 X@1 A@2 B@3')))).toEqual([2, 3]);
  });

  test('voids before it may be a step', () => {
    expect(level(asked('A > B', 'B@1-2'), events('A B'))).toBe(1);
  });

  test('does not void an attempt that passed an optional step, though a newer one that did not took over', () => {
    expect(reached(furthest(asked('A > B? > C', 'X@1-2'), events('A@0 B@1 A@2 X@3 C@4')))).toEqual([0, 1, 4]);
  });
});

test('one event passes one optional step: the first that it may', () => {
  expect(reached(furthest(question('A > B? > B? > C'), events('A@0 B@1 C@2')))).toEqual([0, 1, null, 2]);
  expect(reached(furthest(question('A > B? > B? > C'), events('A@0 B@1 B@2 C@3')))).toEqual([0, 1, 2, 3]);
});

test('an event that may reach the required step or an optional one before it reaches the required one', () => {
  expect(reached(furthest(question('A > B? > B'), events('A@0 B@1')))).toEqual([0, null, 1]);
});
