import { describe, test } from '@jest/globals';
import { given, type Row } from '../support/spec.ts';
import { created, ended, fact, found, invoked, pull, spawnFailed, vanished } from './rows.ts';

const URL = 'https://github.com/o/r/pull/7';
const on = (day: number, time = '12:00:00') => `2026-06-${day} ${time}`;
const agent = (time: string) => fact('ao.cli.invoked', time, null, { command: 'ao spawn', actor: 'agent' });

const expectReturns = (rows: Row[], lines: string[]) => given(...rows).expectOnlyMilestones('app.returned', lines);

test('each day with a command of a user after the first is a return', () => {
  expectReturns(
    [
      invoked('ao spawn', on(18)),
      invoked('ao start', on(20)),
      invoked('ao start', on(20, '13:00:00')),
      invoked('ao send', on(24)),
    ],
    ['t2 app.returned return_count=1', 't4 app.returned return_count=2'],
  );
});

test('the day is that of UTC', () => {
  expectReturns(
    [invoked('ao spawn', on(18, '23:59:59.999')), invoked('ao spawn', on(19, '00:00:00'))],
    ['t2 app.returned return_count=1'],
  );
});

test('its first act tells it, from whichever stream', () => {
  expectReturns(
    [created(1, 'web-1', on(18)), created(2, 'web-2', on(19, '08:00:00')), invoked('ao send', on(19, '07:59:59.999'))],
    ['t1 app.returned return_count=1'],
  );
  expectReturns(
    [created(1, 'web-1', on(18)), created(2, 'web-2', on(19)), invoked('ao send', on(19))],
    ['2 app.returned return_count=1'],
  );
});

test('a PR merged is an act of a user', () => {
  expectReturns(
    [
      created(1, 'web-1', on(18)),
      found(2, URL, 'web-1', {}, on(18)),
      pull(3, URL, 'web-1', { state: 'merged' }, on(20)),
    ],
    ['3 app.returned return_count=1'],
  );
});

describe('no act of a user is', () => {
  const first = invoked('ao spawn', on(18));

  test('what agents run, or what polls where nobody recorded who ran it', () => {
    expectReturns([first, agent(on(19))], []);
    for (const command of ['ao hooks', 'ao status', 'ao session ls', 'ao project get', 'other']) {
      expectReturns([first, invoked(command, on(19))], []);
    }
    expectReturns(
      [first, fact('ao.cli.invoked', on(19), null, { command: 'ao status', actor: 'user' })],
      ['t2 app.returned return_count=1'],
    );
  });

  test('a PR found, or a session that ends', () => {
    expectReturns([created(1, 'web-1', on(18)), found(2, URL, 'web-1', {}, on(19)), ended(3, 'web-1', on(20))], []);
  });

  test('a spawn that failed, or one that was taken back', () => {
    const late = [created(1, 'web-1', on(19)), ended(2, 'web-1', on(19)), spawnFailed('web', on(19), 0)];
    expectReturns([first, ...late], []);
    expectReturns([first, created(1, 'web-1', on(19)), vanished(1)], []);
  });

  test('anything of a time that cannot be', () => {
    expectReturns([first, created(1, 'web-1', '2100-01-01 12:00:00')], []);
  });
});

test('a day that turns out to be earlier counts all others up, and one that is taken back counts them down', () => {
  expectReturns(
    [invoked('ao send', on(20)), invoked('ao send', on(22)), created(1, 'web-1', on(18))],
    ['t1 app.returned return_count=1', 't2 app.returned return_count=2'],
  );
  expectReturns(
    [invoked('ao send', on(20)), invoked('ao send', on(22)), created(1, 'web-1', on(18)), vanished(1)],
    ['t2 app.returned return_count=1'],
  );
});

test('a merge that did not hold is no act', () => {
  expectReturns(
    [
      created(1, 'web-1', on(18)),
      found(2, URL, 'web-1', {}, on(18)),
      pull(3, URL, 'web-1', { state: 'merged' }, on(20)),
      pull(4, URL, 'web-1', { state: 'open' }, on(20)),
    ],
    [],
  );
});
