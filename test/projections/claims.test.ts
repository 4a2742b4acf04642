import { describe, expect, test } from '@jest/globals';
import { eventParts } from '../../projections/vocabulary.ts';
import { given, type Row } from '../support/spec.ts';
import { check, claimed, created, ended, found, pull } from './rows.ts';

const PR = 'https://github.com/o/r/pull/7';
const OTHER = 'https://github.com/o/r/pull/8';
const sessions = [created(1, 'web-1'), created(2, 'web-2')];
const start = [...sessions, found(3, PR, 'web-1')];

/** Row and owner of each event of the PR. */
function owners(...rows: Row[]): [number, number | null][] {
  const events = given(...rows).events();
  const ofPull = events.filter(({ id }) => eventParts(id).definition.subjectKind === 'pr');
  return ofPull.map(({ id, session }) => [eventParts(id).position, session]);
}

describe('a claim', () => {
  test('is an observation for the new owner, and no second finding', () => {
    given(...start, claimed(4, PR, 'web-2')).expectOnly('pr.', [
      '3 pr.observed how=found',
      '4 pr.observed how=claimed',
    ]);
  });

  test('gives the new owner what comes after it, and leaves the old one what came before', () => {
    const requested = pull(4, PR, 'web-1', { review: 'changes_requested' });
    expect(
      owners(...start, requested, claimed(5, PR, 'web-2'), check(6, PR, 'c2'), pull(7, PR, 'web-2', { ci: 'passing' })),
    ).toEqual([
      [3, 1],
      [4, 1],
      [5, 2],
      [6, 2],
      [7, 2],
    ]);
  });

  test('is told each time, though the owner stays', () => {
    given(...start, claimed(4, PR, 'web-2'), claimed(5, PR, 'web-2'), claimed(6, PR, 'web-1')).expectOnly('pr.', [
      '3 pr.observed how=found',
      '4 pr.observed how=claimed',
      '5 pr.observed how=claimed',
      '6 pr.observed how=claimed',
    ]);
  });

  test('leaves the states of the PR alone', () => {
    given(...start, claimed(4, PR, 'web-2'), pull(5, PR, 'web-2')).expectOnly('pr.', [
      '3 pr.observed how=found',
      '4 pr.observed how=claimed',
    ]);
  });

  test('neither breaks nor joins an observation', () => {
    const T = '12:00:30';
    const mixture = [pull(5, PR, 'web-2', { review: 'approved' }, T), pull(6, PR, 'web-2', { review: 'none' }, T)];
    given(...start, claimed(4, PR, 'web-2', T), ...mixture).expectOnly('approved', []);
    const before = pull(4, PR, 'web-1', { review: 'approved' }, T);
    given(...start, before, claimed(5, PR, 'web-2', T), pull(6, PR, 'web-2', {}, T)).expectOnly('approved', []);
  });

  test('by a session that is not known leaves the PR without one', () => {
    expect(owners(...start, claimed(4, PR, 'web-9'), pull(5, PR, 'web-9', { ci: 'passing' }))).toEqual([
      [3, 1],
      [4, null],
      [5, null],
    ]);
  });
});

test('a PR of an id that is used again belongs to the later life from its next row on', () => {
  expect(owners(...start, created(4, 'web-1'), pull(5, PR, 'web-1', { ci: 'passing' }))).toEqual([
    [3, 1],
    [5, 4],
  ]);
});

describe('whose open PR stands against a merge as the cause of an end', () => {
  const other = found(4, OTHER, 'web-1');
  const merged = pull(6, PR, 'web-1', { state: 'merged' });

  test('is told by who owns it', () => {
    given(...start, other, merged, ended(7, 'web-1')).expectCauses({ 7: 'unknown' });
    given(...start, other, claimed(5, OTHER, 'web-2'), merged, ended(7, 'web-1')).expectCauses({ 7: 'merged' });
  });

  test('is told of the one that claimed it too', () => {
    const theirs = found(4, OTHER, 'web-2');
    given(...start, theirs, merged, ended(7, 'web-1')).expectCauses({ 7: 'merged' });
    given(...start, theirs, claimed(5, OTHER, 'web-1'), merged, ended(7, 'web-1')).expectCauses({ 7: 'unknown' });
  });

  test('is told of a PR that changed hands twice', () => {
    const away = [claimed(5, OTHER, 'web-2'), claimed(6, OTHER, 'web-1')];
    const late = pull(7, PR, 'web-1', { state: 'merged' });
    given(...start, other, ...away, late, ended(8, 'web-1')).expectCauses({ 8: 'unknown' });
    given(
      ...start,
      other,
      ...away,
      claimed(7, OTHER, 'web-2'),
      pull(8, PR, 'web-1', { state: 'merged' }),
      ended(9, 'web-1'),
    ).expectCauses({ 9: 'merged' });
  });
});
