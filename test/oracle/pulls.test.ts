import { expect, test } from '@jest/globals';
import { events, lines, OTHER, URL } from './asked.ts';
import { at } from './tiny.ts';

test('of rows with one time text the last one is the observation', () => {
  expect(
    lines((host) =>
      host
        .created('a-1', at('0'))
        .found(URL, 'a-1', at('5'))
        .pull(URL, 'a-1', at('5'), { ci: 'failing', review: 'approved' })
        .check(URL, 'a-1', 'c1', at('5'))
        .pull(URL, 'a-1', at('5'), { ci: 'failing', review: 'review_required' })
        .pull(URL, 'a-1', at('6'), { ci: 'passing', review: 'review_required' })
        .pull(URL, 'a-1', at('7'), { ci: 'passing', review: 'approved', state: 'closed' })
        .pull(URL, 'a-1', at('8'))
        .pull(URL, 'a-1', at('8'), { ci: 'passing', review: 'approved', state: 'draft' }),
    ),
  ).toEqual([
    '1 session.spawned',
    '2 pr.observed',
    '5 pr.ci_failed',
    '5 pr.review_requested',
    '6 pr.ci_passed',
    '7 pr.approved',
    '7 pr.closed_unmerged',
  ]);
});

test('a claim gives the PR to another session', () => {
  const found = events((host) =>
    host
      .created('a-1', at('0'))
      .created('a-2', at('1'))
      .claimed(URL, 'a-1', 'a-2', at('2'))
      .found(URL, 'a-1', at('3'))
      .claimed(URL, 'a-1', 'a-2', at('4'))
      .pull(URL, 'a-2', at('5'), { state: 'merged' })
      .pull(OTHER, 'a-2', at('5'), { state: 'merged' }),
  );
  const pulls = found.filter((event) => event.name.startsWith('ao.pr'));
  expect(pulls.map((event) => [event.position, event.name, event.session, event.dimensions.how])).toEqual([
    [4, 'ao.pr.observed', 'a-1#1', 'found'],
    [5, 'ao.pr.observed', 'a-2#2', 'claimed'],
    [6, 'ao.pr.merged', 'a-2#2', undefined],
  ]);
  expect(found.filter((event) => event.name.endsWith('first_pr_observed')).map((event) => event.position)).toEqual([4]);
});

test('a PR event belongs to the incarnation of its time', () => {
  const found = events((host) =>
    host
      .created('a-1', at('0'))
      .found(URL, 'a-1', at('1'))
      .created('a-1', at('2'))
      .pull(URL, 'a-1', at('3'), { ci: 'passing' }),
  );
  expect(found.filter((event) => event.subject === URL).map((event) => event.session)).toEqual(['a-1#1', 'a-1#3']);
});

test('a request for changes is answered once, by a new commit or a resolved thread', () => {
  const requested = { review: 'changes_requested' };
  expect(
    lines((host) =>
      host
        .created('a-1', at('0'))
        .found(URL, 'a-1', at('1'))
        .check(URL, 'a-1', 'c1', at('1'))
        .pull(URL, 'a-1', at('2'), requested)
        .check(URL, 'a-1', 'c1', at('3'))
        .thread(URL, 'a-1', false, at('4'))
        .pull(URL, 'a-1', at('4'), { ...requested, ci: 'pending' })
        .check(URL, 'a-1', 'c2', at('5'))
        .thread(URL, 'a-1', true, at('6'))
        .pull(URL, 'a-1', at('7'))
        .pull(URL, 'a-1', at('8'), requested)
        .check(URL, 'a-1', 'c2', at('9'))
        .pull(URL, 'a-1', at('10'), { review: 'approved' })
        .check(URL, 'a-1', 'c3', at('11'))
        .pull(URL, 'a-1', at('12'), requested)
        .thread(URL, 'a-1', true, at('13')),
    ).filter((line) => line.includes('revised') || line.includes('requested')),
  ).toEqual([
    '4 pr.changes_requested',
    '8 pr.revised',
    '11 pr.changes_requested',
    '15 pr.changes_requested',
    '16 pr.revised',
  ]);
});
