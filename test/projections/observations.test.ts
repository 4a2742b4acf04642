import { describe, test } from '@jest/globals';
import { given } from '../support/spec.ts';
import { check, created, found, pull, resolved, session, thread } from './rows.ts';

const PR = 'https://github.com/o/r/pull/7';
const OTHER = 'https://github.com/o/r/pull/8';
const T = '12:00:30.5';
const born = created(1, 'web-1');

describe('of rows of one PR with one time the last one holds', () => {
  test('so the unknown state of a PR just found was never observed', () => {
    given(
      born,
      found(2, PR, 'web-1', {}, T),
      pull(3, PR, 'web-1', { ci: 'passing', review: 'review_required' }, T),
    ).expectOnly('pr.', ['2 pr.observed how=found', '3 pr.ci_passed', '3 pr.review_requested']);
  });

  test('and what the earlier ones derived is taken back', () => {
    given(
      born,
      found(2, PR, 'web-1'),
      pull(3, PR, 'web-1', { review: 'changes_requested', ci: 'failing' }, T),
      pull(4, PR, 'web-1', { review: 'approved', state: 'closed' }, T),
      pull(5, PR, 'web-1', { review: 'review_required' }, T),
    ).expectOnly('pr.', ['2 pr.observed how=found', '5 pr.review_requested']);
  });

  test('and what they all say stands at the last', () => {
    given(
      born,
      found(2, PR, 'web-1'),
      pull(3, PR, 'web-1', { ci: 'passing' }, T),
      pull(4, PR, 'web-1', { ci: 'passing', review: 'approved' }, T),
    ).expectOnly('pr.', ['2 pr.observed how=found', '4 pr.ci_passed', '4 pr.approved']);
  });

  test('so a state that it had before is not reached anew', () => {
    given(
      born,
      found(2, PR, 'web-1', { ci: 'passing' }),
      pull(3, PR, 'web-1', { ci: 'unknown' }, T),
      pull(4, PR, 'web-1', { ci: 'passing' }, T),
    ).expectOnly('ci', ['2 pr.ci_passed']);
  });

  test('and a closed PR that was opened again goes on as it was', () => {
    given(
      born,
      found(2, PR, 'web-1', { state: 'closed', ci: 'passing', review: 'approved' }),
      pull(3, PR, 'web-1', {}, T),
      pull(4, PR, 'web-1', { ci: 'passing', review: 'approved' }, T),
    ).expectOnly('pr.', ['2 pr.observed how=found', '2 pr.ci_passed', '2 pr.approved', '2 pr.closed_unmerged']);
  });
});

describe('one observation', () => {
  const first = pull(3, PR, 'web-1', { ci: 'passing' }, T);

  test('is neither joined nor broken by rows of another kind, another PR, or a session', () => {
    const between = [
      check(4, PR, 'c1', T),
      thread(5, PR, T),
      resolved(6, PR, false, T),
      found(7, OTHER, 'web-1', {}, T),
    ];
    const rows = [found(2, PR, 'web-1'), first, ...between, session(8, 'web-1', 'active', T)];
    given(born, ...rows, pull(9, PR, 'web-1', { ci: 'failing' }, T)).expectOnly('ci', ['9 pr.ci_failed']);
  });

  test('ends where the time is another, by one nanosecond or in another form', () => {
    const next = (time: string) => given(born, found(2, PR, 'web-1'), first, pull(4, PR, 'web-1', {}, time));
    next(T).expectOnly('ci', []);
    next('12:00:30.500000001').expectOnly('ci', ['3 pr.ci_passed']);
    next('12:00:30.50').expectOnly('ci', ['3 pr.ci_passed']);
  });

  test('cannot come back to a time once another has come between', () => {
    given(
      born,
      found(2, PR, 'web-1'),
      first,
      pull(4, PR, 'web-1', { ci: 'failing' }, '12:00:31'),
      pull(5, PR, 'web-1', {}, T),
    ).expectOnly('ci', ['3 pr.ci_passed', '4 pr.ci_failed']);
  });
});
