import { describe, test } from '@jest/globals';
import { given, type Row } from '../support/spec.ts';
import { check, created, ended, found, pull, resolved, thread } from './rows.ts';

const PR = 'https://github.com/o/r/pull/7';
const OTHER = 'https://github.com/o/r/pull/8';
const T = '12:00:30';
const start = [created(1, 'web-1'), found(2, PR, 'web-1'), check(3, PR, 'c1')];
const requested = (seq: number, time?: string) => pull(seq, PR, 'web-1', { review: 'changes_requested' }, time);
const asked = (...rows: Row[]) => given(...start, requested(4), ...rows);

describe('a request for changes is answered', () => {
  test('by the first check of a commit not seen before', () => {
    asked(check(5, PR, 'c1'), check(6, PR, 'c2')).expectOnly('revised', ['6 pr.revised']);
  });

  test('by a thread that is resolved', () => {
    asked(resolved(5, PR)).expectOnly('revised', ['5 pr.revised']);
  });

  test('once', () => {
    asked(check(5, PR, 'c2'), resolved(6, PR), check(7, PR, 'c3')).expectOnly('revised', ['5 pr.revised']);
    asked(check(5, PR, 'c2'), requested(6), check(7, PR, 'c3')).expectOnly('revised', ['5 pr.revised']);
  });

  test('after the states of the PR have changed otherwise, and after its session has ended', () => {
    const other = pull(5, PR, 'web-1', { review: 'changes_requested', ci: 'pending' });
    asked(other, ended(6, 'web-1'), check(7, PR, 'c2')).expectOnly('revised', ['7 pr.revised']);
  });

  test('after the decision was withdrawn: that decides nothing', () => {
    asked(pull(5, PR, 'web-1', { review: 'none' }), check(6, PR, 'c2')).expectOnly('revised', ['6 pr.revised']);
    asked(pull(5, PR, 'web-1', { review: 'review_required' }), check(6, PR, 'c2')).expectOnly('revised', [
      '6 pr.revised',
    ]);
  });

  test('each time it is made anew', () => {
    const again = [pull(6, PR, 'web-1', { review: 'review_required' }), requested(7), check(8, PR, 'c3')];
    asked(check(5, PR, 'c2'), ...again).expectOnly('revised', ['5 pr.revised', '8 pr.revised']);
  });
});

describe('a request for changes is not answered', () => {
  test('by a commit that had been seen, nor by a thread that is added or opened again', () => {
    asked(check(5, PR, 'c1'), thread(6, PR), resolved(7, PR, false)).expectOnly('revised', []);
  });

  test('by what happens on another PR', () => {
    const other = [found(5, OTHER, 'web-1'), check(6, OTHER, 'c2'), resolved(7, OTHER)];
    asked(...other).expectOnly('revised', []);
    given(...start, ...other, requested(8), check(9, PR, 'c2')).expectOnly('revised', ['9 pr.revised']);
  });

  test('before it was made', () => {
    given(...start, check(4, PR, 'c2'), resolved(5, PR), requested(6)).expectOnly('revised', []);
  });

  test('after the next decision', () => {
    asked(pull(5, PR, 'web-1', { review: 'approved' }), check(6, PR, 'c2')).expectOnly('revised', []);
  });

  test('where there is none', () => {
    given(...start, check(4, PR, 'c2'), resolved(5, PR)).expectOnly('revised', []);
    given(...start, pull(4, PR, 'web-1', { review: 'approved' }), check(5, PR, 'c2')).expectOnly('revised', []);
  });
});

describe('where one observation takes several rows', () => {
  test('an answer to a request that did not hold is taken back', () => {
    given(
      ...start,
      requested(4, T),
      check(5, PR, 'c2'),
      pull(6, PR, 'web-1', { review: 'approved' }, T),
      check(7, PR, 'c3'),
    ).expectOnly('pr.', ['2 pr.observed how=found', '6 pr.approved']);
  });

  test('the request stands at its last row, so an answer comes after that', () => {
    given(...start, requested(4, T), check(5, PR, 'c2'), requested(6, T), check(7, PR, 'c3')).expectOnly('pr.', [
      '2 pr.observed how=found',
      '6 pr.changes_requested',
      '7 pr.revised',
    ]);
  });

  test('an earlier request is answered by the first new commit, whatever the later rows say', () => {
    const observed = (review: 'approved' | 'changes_requested' | 'none', seq: number) =>
      pull(seq, PR, 'web-1', { review }, T);
    asked(observed('none', 5), check(6, PR, 'c2'), observed('approved', 7), check(8, PR, 'c3')).expectOnly('revised', [
      '6 pr.revised',
    ]);
    asked(observed('approved', 5), check(6, PR, 'c2'), observed('none', 7), check(8, PR, 'c3')).expectOnly('revised', [
      '6 pr.revised',
    ]);
  });
});
