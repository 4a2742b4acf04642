import { describe, expect, test } from '@jest/globals';
import { given } from '../support/spec.ts';
import { check, claimed, created, ended, found, project, pull, resolved, session, thread } from './rows.ts';

const PR = 'https://github.com/o/r/pull/7';
const OTHER = 'https://github.com/o/r/pull/8';
const born = created(1, 'web-1');
const open = found(2, PR, 'web-1');

describe('a PR is observed', () => {
  test('by its creation row', () => {
    given(born, open).expectOnly('pr.', ['2 pr.observed how=found']);
  });

  test('once, whatever else is said of it', () => {
    const rows = [pull(3, PR, 'web-1', { ci: 'pending' }), check(4, PR, 'c1'), thread(5, PR), resolved(6, PR)];
    given(born, open, ...rows).expectOnly('pr.', ['2 pr.observed how=found']);
  });

  test('also where no session is known that owns it', () => {
    const events = given(found(1, PR, 'web-9'), pull(2, PR, 'web-9', { ci: 'passing' })).events();
    expect(events.filter(({ subject }) => subject === 1).map(({ session: of }) => of)).toEqual([null, null]);
  });

  test('as its own subject, of the session and project that own it', () => {
    const event = given(born, open)
      .events()
      .find(({ subject }) => subject === 2);
    expect(event).toMatchObject({ subject: 2, session: 1, project: project('web'), dimensions: { how: 'found' } });
  });

  test('again by a session that claims it', () => {
    const events = given(born, open, created(3, 'api-1'), claimed(4, PR, 'api-1')).events();
    const observed = events.filter(({ subject }) => subject === 2);
    expect(observed.map(({ session: of, project: at, dimensions }) => [of, at, dimensions])).toEqual([
      [1, project('web'), { how: 'found' }],
      [3, project('api'), { how: 'claimed' }],
    ]);
  });

  test('not by a claim of a PR that no row has told of', () => {
    given(born, claimed(2, PR, 'web-1')).expectOnly('pr.', []);
  });

  test('one by one', () => {
    given(born, open, found(3, OTHER, 'web-1')).expectOnly('pr.', [
      '2 pr.observed how=found',
      '3 pr.observed how=found',
    ]);
  });
});

describe('CI passes and fails', () => {
  const ci = (...states: ('unknown' | 'pending' | 'passing' | 'failing')[]) =>
    given(born, open, ...states.map((state, index) => pull(3 + index, PR, 'web-1', { ci: state })));

  test('when the roll-up becomes so', () => {
    ci('pending', 'passing').expectOnly('ci', ['4 pr.ci_passed']);
    ci('pending', 'failing').expectOnly('ci', ['4 pr.ci_failed']);
  });

  test('each time it becomes so', () => {
    ci('failing', 'pending', 'failing', 'passing', 'unknown', 'passing').expectOnly('ci', [
      '3 pr.ci_failed',
      '5 pr.ci_failed',
      '6 pr.ci_passed',
      '8 pr.ci_passed',
    ]);
  });

  test('not while it stays so, and not when it is pending or unknown', () => {
    ci('passing', 'passing').expectOnly('ci', ['3 pr.ci_passed']);
    ci('pending', 'unknown', 'pending').expectOnly('ci', []);
  });

  test('not by check rows, which flap', () => {
    given(born, open, check(3, PR, 'c1'), check(4, PR, 'c2')).expectOnly('ci', []);
  });

  test('at once where the first observation says so', () => {
    given(born, found(2, PR, 'web-1', { ci: 'passing' })).expectOnly('ci', ['2 pr.ci_passed']);
    given(born, found(2, PR, 'web-1', { ci: 'failing' })).expectOnly('ci', ['2 pr.ci_failed']);
  });
});

describe('reviews are requested and decided', () => {
  const review = (...decisions: ('none' | 'approved' | 'changes_requested' | 'review_required')[]) =>
    given(born, open, ...decisions.map((decision, index) => pull(3 + index, PR, 'web-1', { review: decision })));

  test('when the decision becomes so', () => {
    review('review_required').expectOnly('pr.review', ['3 pr.review_requested']);
    review('changes_requested').expectOnly('changes', ['3 pr.changes_requested']);
    review('approved').expectOnly('approved', ['3 pr.approved']);
  });

  test('each time it becomes so', () => {
    review('approved', 'none', 'approved', 'changes_requested', 'review_required', 'changes_requested').expectOnly(
      'pr.',
      [
        '2 pr.observed how=found',
        '3 pr.approved',
        '5 pr.approved',
        '6 pr.changes_requested',
        '7 pr.review_requested',
        '8 pr.changes_requested',
      ],
    );
  });

  test('not while it stays so, and not when it is none', () => {
    review('none', 'review_required', 'review_required', 'none').expectOnly('pr.review', ['4 pr.review_requested']);
    review('approved', 'approved').expectOnly('approved', ['3 pr.approved']);
    review('changes_requested', 'changes_requested').expectOnly('changes', ['3 pr.changes_requested']);
  });

  test('not by review threads', () => {
    given(born, open, thread(3, PR), resolved(4, PR)).expectOnly('pr.', ['2 pr.observed how=found']);
  });
});

describe('a PR is merged or closed', () => {
  test('when its state becomes so', () => {
    given(born, open, pull(3, PR, 'web-1', { state: 'merged' })).expectOnly('merged', ['3 pr.merged']);
    given(born, open, pull(3, PR, 'web-1', { state: 'closed' })).expectOnly('pr.closed', ['3 pr.closed_unmerged']);
  });

  test('once a time: closed, opened again, merged', () => {
    const states = ['closed', 'draft', 'open', 'merged', 'merged'] as const;
    const rows = states.map((state, index) => pull(3 + index, PR, 'web-1', { state }));
    given(born, open, ...rows).expectOnly('pr.', ['2 pr.observed how=found', '3 pr.closed_unmerged', '6 pr.merged']);
  });

  test('not by the end of its session', () => {
    given(born, open, ended(3, 'web-1')).expectOnly('pr.', ['2 pr.observed how=found']);
  });

  test('after its session has ended too', () => {
    given(born, open, ended(3, 'web-1'), pull(4, PR, 'web-1', { state: 'merged' })).expectOnly('merged', [
      '4 pr.merged',
    ]);
  });

  test('with all that one row says, in the order of the vocabulary', () => {
    given(born, open, pull(3, PR, 'web-1', { state: 'merged', ci: 'passing', review: 'approved' })).expectOnly('pr.', [
      '2 pr.observed how=found',
      '3 pr.ci_passed',
      '3 pr.approved',
      '3 pr.merged',
    ]);
  });
});

test('PRs are told apart by their URLs alone', () => {
  given(
    born,
    open,
    found(3, OTHER, 'web-1'),
    pull(4, OTHER, 'web-1', { ci: 'passing' }),
    pull(5, PR, 'web-1'),
  ).expectOnly('pr.', ['2 pr.observed how=found', '3 pr.observed how=found', '4 pr.ci_passed']);
});

test('rows of a session change nothing of its PR', () => {
  given(born, open, session(3, 'web-1', 'active'), created(4, 'web-2')).expectOnly('pr.', ['2 pr.observed how=found']);
});
