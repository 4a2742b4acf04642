import { describe, expect, test } from '@jest/globals';
import { SHIPPED } from '../../../projector/answers/funnel/shipped.ts';
import { definition, events, furthest, level, question, reached, steps } from './letters.ts';

describe('known answers', () => {
  test.each([
    ['A > B', 'A@0 X@1 B@2', 2],
    ['A > B > C', 'A B C', 3],
    ['A > B > C', 'A D B C', 3],
    ['A > B > C', 'A A B B C C', 3],
    ['A > B > C', 'B B C C A A', 1],
    ['A > B > C', 'A@0 A@30 B@45 C@75', 3],
    ['A > B > C', 'A C B', 2],
    ['A > B > C', 'B C', 0],
    ['A > B > C', 'A B A B C', 3],
    ['A > B', 'A', 1],
  ])('%s over %s comes to %d', (asked, happened, expected) => {
    expect(level(question(asked), events(happened))).toBe(expected);
  });

  test('a subject without events has no attempt', () => {
    expect(furthest(question('A > B'), [])).toBeNull();
  });
});

describe('the window', () => {
  test('reaches from the entry to its last millisecond', () => {
    expect(level(question('A > B'), events('A@0 B@60'))).toBe(2);
    expect(level(question('A > B'), events('A@0 B@60.001'))).toBe(1);
  });

  test('is the whole funnel’s, not each step’s', () => {
    expect(level(question('A > B > C'), events('A@0 B@40 C@80'))).toBe(2);
  });

  test('begins anew with each entry, and the newest takes over level by level', () => {
    expect(reached(furthest(question('A > B > C'), events('A@0 A@30 B@45 C@75')))).toEqual([30, 45, 75]);
    expect(reached(furthest(question('A > B > C'), events('A@0 B@10 A@30 C@55')))).toEqual([0, 10, 55]);
    expect(level(question('A > B > C'), events('A@0 B@10 A@30 C@75'))).toBe(2);
  });
});

describe('a step', () => {
  test('is reached by any of its events', () => {
    expect(level(question('A > B|C > D'), events('A C D'))).toBe(3);
    expect(level(question('A > B|C > D'), events('A B D'))).toBe(3);
    expect(level(question('A > B|C > D'), events('A E D'))).toBe(1);
  });

  test('is reached by an event with the dimensions that it asks for alone', () => {
    const [first, second] = steps('A > B');
    const asked = question('A > B', { steps: [first!, { ...second!, where: { how: ['found'] } }] });
    const [entry, next] = events('A B');
    const withHow = (how: string | null) => [entry!, { ...next!, dimensions: { how } }];
    expect(
      [withHow('found'), withHow('claimed'), withHow(null), [entry!, next!]].map((of) => level(asked, of)),
    ).toEqual([2, 1, 1, 1]);
  });

  test('may repeat an earlier event, and one event reaches one step', () => {
    expect(level(question('A > A'), events('A'))).toBe(1);
    expect(level(question('A > A'), events('A A'))).toBe(2);
    expect(level(question('A > A > A'), events('A A'))).toBe(2);
    expect(level(question('A > B > B'), events('A B'))).toBe(2);
    expect(level(question('A > B > B'), events('A B B'))).toBe(3);
  });

  test('is reached at the time of the one before it, if it comes after it', () => {
    expect(level(question('A > B'), events('A@5 B@5'))).toBe(2);
    expect(level(question('A > B'), events('B@5 A@5'))).toBe(1);
  });

  test('is reached first by the first event that can', () => {
    expect(reached(furthest(question('A > B'), events('A@0 B@1 B@2')))).toEqual([0, 1]);
  });
});

describe('an optional step', () => {
  test('shows who passed it on the way', () => {
    expect(reached(furthest(question('A > B? > C'), events('A@0 B@1 C@2')))).toEqual([0, 1, 2]);
  });

  test('stops nobody', () => {
    expect(reached(furthest(question('A > B? > C'), events('A@0 C@2')))).toEqual([0, null, 2]);
    expect(reached(furthest(question('A > B? > C? > D'), events('A@0 C@1 D@2')))).toEqual([0, null, 1, 2]);
  });

  test('has no order among its neighbours', () => {
    expect(reached(furthest(question('A > B? > C? > D'), events('A@0 C@1 B@2 D@3')))).toEqual([0, 2, 1, 3]);
  });

  test('is not reached before the required one before it', () => {
    expect(reached(furthest(question('A > B > C? > D'), events('A@0 C@1 B@2 D@3')))).toEqual([0, 2, null, 3]);
  });

  test('at the end is no condition of having converted', () => {
    expect(furthest(question('A > B > C?'), events('A B'))).toMatchObject({ level: 1, converted: true });
    expect(furthest(question('A > B > C?'), events('A B C'))).toMatchObject({ level: 2, converted: true });
  });

  test('does not make up for a required one', () => {
    expect(furthest(question('A > B? > C'), events('A B'))).toMatchObject({ level: 1, converted: false });
  });
});

describe('the attempt that counts', () => {
  test('is the furthest', () => {
    expect(reached(furthest(question('A > B > C'), events('A@0 B@1 C@2 A@100 B@101')))).toEqual([0, 1, 2]);
    expect(reached(furthest(question('A > B > C'), events('A@0 B@1 A@100 B@101 C@102')))).toEqual([100, 101, 102]);
  });

  test('is the earliest of the furthest', () => {
    expect(reached(furthest(question('A > B'), events('A@0 A@100')))).toEqual([0, null]);
    expect(reached(furthest(question('A > B'), events('A@0 B@1 A@100 B@101')))).toEqual([0, 1]);
  });

  // Two entries of one millisecond are told apart by the order of the events; the later one is taken.
  test('is the first in the order of the events where both were entered at one time', () => {
    expect(furthest(question('A > B'), events('A@5 A@5'))!.entry.id).toBe(1);
  });

  test('was entered within the bounds, both inclusive, whenever it went on', () => {
    const within = (since: number | null, until: number | null) =>
      reached(furthest(question('A > B', { since, until }), events('A@10 A@20 A@30 B@40')));
    expect(within(null, null)).toEqual([30, 40]);
    expect(within(null, 20_000)).toEqual([20, 40]);
    expect(within(null, 19_999)).toEqual([10, 40]);
    expect(within(30_001, null)).toEqual([]);
    expect(within(30_000, 30_000)).toEqual([30, 40]);
  });
});

describe('events whose time went back', () => {
  test('have their place in the order all the same, and last no negative time against the window', () => {
    expect(level(question('A > B'), events('A@30 B@20'))).toBe(2);
  });
});

describe('the funnels that ship', () => {
  test('step from the events that the rules name', () => {
    const names = (which: 'session' | 'pr') =>
      SHIPPED[which].steps.map(({ events: [event], optional }) => `${event!.name}${optional ? '?' : ''}`);
    expect(names('session')).toEqual([
      ...['ao.session.spawned', 'ao.session.first_signal?', 'ao.pr.observed', 'ao.pr.ci_passed?', 'ao.pr.approved?'],
      'ao.pr.merged',
    ]);
    expect(names('pr')).toEqual(['ao.pr.observed', 'ao.pr.ci_passed?', 'ao.pr.approved?', 'ao.pr.merged']);
    expect([SHIPPED.session.windowMs, SHIPPED.pr.windowMs]).toEqual([30 * 86_400_000, 30 * 86_400_000]);
  });

  test('ask for workers, and for PRs that were found', () => {
    expect(SHIPPED.session.steps.map(({ where }) => where)).toEqual([{ session_kind: ['worker'] }, {}, {}, {}, {}, {}]);
    expect(SHIPPED.pr.steps.map(({ where }) => where)).toEqual([{ how: ['found'] }, {}, {}, {}]);
  });
});

test('letters are events, each of its own', () => {
  expect(new Set([...'ABCDEX'].map(definition)).size).toBe(6);
});

describe('an optional step', () => {
  test.each([
    ['before the next required step', 'A@0 B@1 C@2', [0, 1, 2]],
    ['not at all', 'A@0 C@2', [0, null, 2]],
    ['after the next required step, which is too late', 'A@0 C@2 B@3', [0, null, 2]],
    ['too late, and the required step once more', 'A@0 C@2 B@3 C@4', [0, null, 2]],
    ['twice, of which the first counts', 'A@0 B@1 B@2 C@3', [0, 1, 3]],
  ])('is passed %s', (_, happened, expected) => {
    expect(reached(furthest(question('A > B? > C'), events(happened)))).toEqual(expected);
  });

  test('is passed in any order with those beside it', () => {
    expect(reached(furthest(question('A > B? > C? > D'), events('A@0 C@1 B@2 D@3')))).toEqual([0, 2, 1, 3]);
  });
});
