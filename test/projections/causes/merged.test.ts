import { describe, test } from '@jest/globals';
import { given, type Row } from '../../support/spec.ts';
import {
  chatted,
  check,
  claimed,
  created,
  ended,
  found,
  hook,
  idle,
  pull,
  resolved,
  session,
  started,
  thread,
} from '../rows.ts';

const PR = 'https://github.com/o/r/pull/7';
const OTHER = 'https://github.com/o/r/pull/8';
const T = '12:00:03';
const start = [created(1, 'web-1'), found(2, PR, 'web-1')];
const merged = pull(3, PR, 'web-1', { state: 'merged' }, T);
const end = ended(9, 'web-1');
const between = (...rows: Row[]) => given(...start, merged, ...rows, end);

test('an end right after its PR was merged is a merge, on every host', () => {
  for (const host of [1, 19, 20, 82])
    given(...start, merged, ended(9, 'web-1', undefined, { host })).expectCauses({ 9: 'merged' });
});

test('also where the PR was merged when it was first seen', () => {
  given(created(1, 'web-1'), found(2, PR, 'web-1', { state: 'merged' }), end).expectCauses({ 9: 'merged' });
});

test('before any other cause that would hold', () => {
  given(...start, merged, started('12:00:08'), hook('12:00:09'), end, idle(10, 'web-1')).expectCauses({ 9: 'merged' });
});

describe('the merge stays the last word', () => {
  test('where chats, checks and threads follow', () => {
    between(chatted(4, 'web-1'), check(5, PR, 'c1'), thread(6, PR), resolved(7, PR)).expectCauses({ 9: 'merged' });
  });

  test('where rows of other sessions and their PRs follow', () => {
    const others = [created(4, 'web-2'), found(5, OTHER, 'web-2'), session(6, 'web-2', 'active'), ended(7, 'web-2')];
    between(...others).expectCauses({ 7: 'unknown', 9: 'merged' });
  });

  test('where other PRs of it are merged or closed', () => {
    const others = [found(4, OTHER, 'web-1', { state: 'closed' }), found(5, 'pr/9', 'web-1', { state: 'merged' })];
    given(...start, ...others, pull(6, PR, 'web-1', { state: 'merged' }), end).expectCauses({ 9: 'merged' });
  });

  test('where the PR goes on after the end', () => {
    given(...start, merged, end, pull(10, PR, 'web-1', { state: 'merged', ci: 'passing' })).expectCauses({
      9: 'merged',
    });
    given(...start, merged, end, pull(10, PR, 'web-1')).expectCauses({ 9: 'merged' });
  });

  test('where another session claims it', () => {
    given(
      ...start,
      created(3, 'web-2'),
      pull(4, PR, 'web-1', { state: 'merged' }),
      claimed(5, PR, 'web-2'),
      end,
    ).expectCauses({ 9: 'merged' });
  });
});

describe('the merge is not the last word', () => {
  test('where a row of the session follows', () => {
    between(idle(4, 'web-1')).expectCauses({ 9: 'unknown' });
  });

  test('where a state row of the PR follows', () => {
    between(pull(4, PR, 'web-1', { state: 'merged', ci: 'passing' })).expectCauses({ 9: 'unknown' });
    between(pull(4, PR, 'web-1', { state: 'open' })).expectCauses({ 9: 'unknown' });
  });

  test('where a row of another PR of it follows', () => {
    const other = found(2, OTHER, 'web-1', { state: 'closed' });
    given(
      created(1, 'web-1'),
      other,
      found(3, PR, 'web-1', { state: 'merged' }),
      pull(4, OTHER, 'web-1', { state: 'closed' }),
      end,
    ).expectCauses({ 9: 'unknown' });
  });

  test('where it claims another PR', () => {
    const theirs = [created(3, 'web-2'), found(4, OTHER, 'web-2', { state: 'closed' })];
    given(...start, ...theirs, pull(5, PR, 'web-1', { state: 'merged' }), claimed(6, OTHER, 'web-1'), end).expectCauses(
      { 9: 'unknown' },
    );
  });

  test('for an end after the next one', () => {
    between(ended(4, 'web-1'), idle(5, 'web-1')).expectCauses({ 4: 'merged', 9: 'unknown' });
  });
});

test('another PR of it that is open, or a draft, keeps a merge from being the cause', () => {
  for (const state of ['open', 'draft'] as const) {
    given(...start, found(3, OTHER, 'web-1', { state }), pull(4, PR, 'web-1', { state: 'merged' }), end).expectCauses({
      9: 'unknown',
    });
  }
});

test('a PR that is closed is no merge, nor is the merge of another session', () => {
  given(...start, pull(3, PR, 'web-1', { state: 'closed' }), end).expectCauses({ 9: 'unknown' });
  given(...start, merged, created(4, 'web-2'), ended(5, 'web-2')).expectCauses({ 5: 'unknown' });
});

describe('a later row of the same observation', () => {
  test('moves the merge past the end, and the end is unknown', () => {
    given(...start, merged, end, pull(10, PR, 'web-1', { state: 'merged' }, T)).expectCauses({ 9: 'unknown' });
  });

  test('takes the merge back, and the end is unknown', () => {
    given(...start, merged, end, pull(10, PR, 'web-1', { state: 'open' }, T)).expectCauses({ 9: 'unknown' });
  });

  test('holds the merge, where it comes before the end', () => {
    between(pull(4, PR, 'web-1', { state: 'merged', ci: 'passing' }, T)).expectCauses({ 9: 'merged' });
  });

  test('unmakes the merge, where it comes before the end', () => {
    between(pull(4, PR, 'web-1', { state: 'open' }, T)).expectCauses({ 9: 'unknown' });
  });
});
