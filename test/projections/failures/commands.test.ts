import { describe, test } from '@jest/globals';
import { commandKey } from '../../../projections/vocabulary.ts';
import { given } from '../../support/spec.ts';
import { fact, instant, invoked } from '../rows.ts';
import { usageError } from './rows.ts';

const spawns = (...times: string[]) => given(...times.map((time) => usageError('ao spawn', time)));
const exits = (count: number) =>
  Array.from({ length: count }, (_, index) => `t${index + 1} cli.exit_2 command=ao spawn error_kind=usage`);
const repeated = (position: number) => `t${position} cli.repeated_failure command=ao spawn count=3`;

describe('a command that could not be parsed', () => {
  test('is an exit_2 of that command, every time', () => {
    given(usageError('ao spawn', '12:00:00'), usageError('ao send', '12:00:01')).expectFailures([
      't1 cli.exit_2 command=ao spawn error_kind=usage',
      't2 cli.exit_2 command=ao send error_kind=usage',
    ]);
  });

  test('is told at its time, of the command, of no session and no project', () => {
    spawns('12:00:00.0019').expectPlaces('ao.cli.exit_2', [
      { at: instant('12:00:00.001').at, subject: commandKey('ao spawn'), session: null, project: null },
    ]);
  });

  test('is no command that ran', () => {
    given(
      invoked('ao spawn', '12:00:00'),
      fact('ao.app.active', '12:00:00', null, { command: 'ao spawn' }),
    ).expectFailures([]);
  });
});

describe('the third exit_2 of one command within 10 minutes is a repeated failure', () => {
  test('beside the exit_2 of the same row', () => {
    spawns('12:00:00', '12:00:01', '12:00:02').expectFailures([...exits(3), repeated(3)]);
    spawns('12:00:00', '12:00:01', '12:00:02.5').expectPlaces('ao.cli.repeated_failure', [
      { at: instant('12:00:02.5').at, subject: commandKey('ao spawn'), session: null, project: null },
    ]);
  });

  test('not the second', () => {
    spawns('12:00:00', '12:00:01').expectFailures(exits(2));
  });

  test('10 minutes after the first at most, to the millisecond', () => {
    spawns('12:00:00', '12:05:00', '12:10:00').expectFailures([...exits(3), repeated(3)]);
    spawns('12:00:00', '12:05:00', '12:10:00.001').expectFailures(exits(3));
  });

  test('whichever three stand close enough', () => {
    spawns('12:00:00', '12:06:00', '12:11:00', '12:15:00').expectFailures([...exits(4), repeated(4)]);
  });

  test('of that command alone', () => {
    given(
      usageError('ao spawn', '12:00:00'),
      usageError('ao send', '12:00:01'),
      usageError('ao spawn', '12:00:02'),
      usageError('ao send', '12:00:03'),
      usageError('ao send', '12:00:04'),
    ).expectPlaces('ao.cli.repeated_failure', [
      { at: instant('12:00:04').at, subject: commandKey('ao send'), session: null, project: null },
    ]);
  });

  test('even where the clock went back in between: no time is less than none', () => {
    spawns('12:00:00', '11:50:00', '11:50:01').expectFailures([...exits(3), repeated(3)]);
  });
});

describe('it is told once', () => {
  const three = ['12:00:00', '12:00:01', '12:00:02'];

  test('however many follow', () => {
    spawns(...three, '12:00:03', '12:00:04', '12:00:05').expectFailures([
      ...exits(3),
      repeated(3),
      ...exits(6).slice(3),
    ]);
  });

  test('and again when three more follow 10 minutes without any', () => {
    spawns(...three, '12:10:02.001', '12:10:03', '12:10:04').expectFailures([
      ...exits(3),
      repeated(3),
      ...exits(6).slice(3),
      repeated(6),
    ]);
  });

  test('but not when there was one after just 10 minutes', () => {
    spawns(...three, '12:10:02', '12:10:03', '12:10:04').expectFailures([
      ...exits(3),
      repeated(3),
      ...exits(6).slice(3),
    ]);
  });
});
