import { describe, test } from '@jest/globals';
import { given } from '../support/spec.ts';
import { chatted, created, ended, found, idle, pull, session } from './rows.ts';

const born = created(1, 'web-1');
const old = { host: 23 };
const newer = { host: 24 };

test('the first signal is the first row that changes the activity', () => {
  for (const activity of ['active', 'waiting_input', 'blocked'] as const) {
    given(born, session(2, 'web-1', activity)).expectOnly('signal', ['2 session.first_signal']);
  }
});

test('a session gives it once, whatever follows', () => {
  given(
    born,
    session(2, 'web-1', 'active'),
    idle(3, 'web-1'),
    ended(4, 'web-1'),
    idle(5, 'web-1'),
    idle(6, 'web-1'),
  ).expectOnly('signal', ['2 session.first_signal']);
});

describe('a row that repeats everything', () => {
  test('is a signal on hosts below v24: nothing else can have written it', () => {
    given(born, idle(2, 'web-1', undefined, old)).expectOnly('signal', ['2 session.first_signal']);
  });

  test('may be a rename from v24 on', () => {
    given(born, idle(2, 'web-1', undefined, newer), session(3, 'web-1', 'active', undefined, newer)).expectOnly(
      'signal',
      ['3 session.first_signal'],
    );
  });

  test('is told by the version of its own time, not by a later one', () => {
    given(born, idle(2, 'web-1', undefined, old), session(3, 'web-1', 'active', undefined, newer)).expectOnly(
      'signal',
      ['2 session.first_signal'],
    );
  });

  test('is no signal where it brings another preview; the next one that brings none is', () => {
    const preview = { preview: 'p1' };
    given(born, idle(2, 'web-1', undefined, preview)).expectOnly('signal', []);
    given(born, idle(2, 'web-1', undefined, preview), idle(3, 'web-1', undefined, preview)).expectOnly('signal', [
      '3 session.first_signal',
    ]);
    given(born, idle(2, 'web-1', undefined, preview), idle(3, 'web-1')).expectOnly('signal', []);
  });
});

test('an end is no signal, nor an agent that exits, nor a chat', () => {
  given(born, ended(2, 'web-1')).expectOnly('signal', []);
  given(born, session(2, 'web-1', 'exited')).expectOnly('signal', []);
  given(born, chatted(2, 'web-1')).expectOnly('signal', []);
});

test('nor the rows of its PR', () => {
  given(born, found(2, 'pr/1', 'web-1'), pull(3, 'pr/1', 'web-1', { ci: 'passing' })).expectOnly('signal', []);
});

test('undoing an end is no signal either; the next change is', () => {
  given(born, ended(2, 'web-1'), idle(3, 'web-1')).expectOnly('signal', []);
  given(born, ended(2, 'web-1'), session(3, 'web-1', 'active')).expectOnly('signal', []);
  given(born, ended(2, 'web-1'), idle(3, 'web-1'), session(4, 'web-1', 'active')).expectOnly('signal', [
    '4 session.first_signal',
  ]);
});

test('an agent that exited and was resumed gives its signal then', () => {
  given(born, session(2, 'web-1', 'exited', undefined, newer), idle(3, 'web-1', undefined, newer)).expectOnly(
    'signal',
    ['3 session.first_signal'],
  );
});

test('each session gives its own', () => {
  given(born, created(2, 'web-2'), session(3, 'web-2', 'active'), session(4, 'web-1', 'active')).expectOnly('signal', [
    '3 session.first_signal',
    '4 session.first_signal',
  ]);
});
