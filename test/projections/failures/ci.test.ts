import { describe, test } from '@jest/globals';
import type { CiState } from '../../../projections/facts.ts';
import { given, type Row } from '../../support/spec.ts';
import { check, claimed, created, found, instant, project, pull, session } from '../rows.ts';

const begin = [created(1, 'web-1', '12:00:01'), session(2, 'web-1', 'active', '12:00:02')];

/** Observations of one PR from row 3 on, a second apart. */
const observed = (...states: CiState[]): Row[] =>
  states.map((ci, index) => (index === 0 ? found : pull)(index + 3, 'pr/1', 'web-1', { ci }));
const expectRepeated = (rows: Row[], positions: number[]) =>
  given(...begin, ...rows).expectFailures(positions.map((position) => `${position} ci.repeated_failure`));

describe('CI that fails for the third time without a pass between', () => {
  test('is one failure of that PR', () => {
    expectRepeated(observed('failing', 'pending', 'failing', 'pending'), []);
    expectRepeated(observed('failing', 'pending', 'failing', 'pending', 'failing'), [7]);
  });

  test('is of the session that owned the PR then, at that time', () => {
    const moved = [
      created(10, 'api-1', '12:00:10'),
      session(11, 'api-1', 'active', '12:00:11'),
      claimed(12, 'pr/1', 'api-1', '12:00:12'),
      pull(13, 'pr/1', 'api-1', { ci: 'failing' }, '12:00:13'),
    ];
    given(...begin, ...observed('failing', 'pending', 'failing', 'pending'), ...moved).expectPlaces(
      'ao.ci.repeated_failure',
      [{ at: instant('12:00:13').at, subject: 3, session: 10, project: project('api') }],
    );
  });

  test('whatever else it shows between: pending, or nothing', () => {
    expectRepeated(observed('unknown', 'failing', 'unknown', 'failing', 'pending', 'failing'), [8]);
  });

  test('is told once, until it passes', () => {
    const four = observed('failing', 'pending', 'failing', 'pending', 'failing', 'pending', 'failing');
    expectRepeated(four, [7]);
    const again = observed(
      'failing',
      'unknown',
      'failing',
      'unknown',
      'failing',
      'passing',
      'failing',
      'unknown',
      'failing',
      'unknown',
      'failing',
    );
    expectRepeated(again, [7, 13]);
  });
});

describe('is no third failure', () => {
  test('one after a pass', () => {
    expectRepeated(observed('failing', 'pending', 'failing', 'passing', 'failing'), []);
    expectRepeated(observed('failing', 'passing', 'failing', 'passing', 'failing'), []);
  });

  test('one observation after the other that shows the same failure', () => {
    const rows = observed('failing', 'failing', 'failing', 'failing');
    expectRepeated(rows, []);
  });

  test('a check', () => {
    expectRepeated([...observed('failing', 'pending', 'failing'), check(6, 'pr/1', 'c1'), check(7, 'pr/1', 'c2')], []);
  });

  test('one of another PR', () => {
    const other = [found(8, 'pr/2', 'web-1', { ci: 'failing' })];
    expectRepeated([...observed('failing', 'pending', 'failing', 'pending'), ...other], []);
  });
});

describe('rows of one time are one observation, and the last of them holds', () => {
  const at = (seq: number, ci: CiState, time = '12:00:20') => pull(seq, 'pr/1', 'web-1', { ci }, time);
  const twice = observed('failing', 'pending', 'failing', 'pending');

  test('a third failure that was corrected is none', () => {
    for (const ci of ['pending', 'passing', 'unknown'] as const)
      expectRepeated([...twice, at(7, 'failing'), at(8, ci)], []);
  });

  test('one that a correction brings, or leaves, stands at the row that holds', () => {
    expectRepeated([...twice, at(7, 'pending'), at(8, 'failing')], [8]);
    expectRepeated([...twice, at(7, 'failing'), at(8, 'failing')], [8]);
  });

  test('a pass that was corrected was none', () => {
    const rows = observed('failing', 'pending', 'failing');
    expectRepeated([...rows, at(6, 'passing'), at(7, 'pending'), at(8, 'failing', '12:00:30')], [8]);
  });

  test('a failure that was corrected does not count on', () => {
    const rows = [...observed('failing', 'pending'), at(5, 'failing'), at(6, 'pending'), at(7, 'failing', '12:00:30')];
    expectRepeated(rows, []);
  });
});
