import { expect, test } from '@jest/globals';
import { given } from '../support/spec.ts';
import { chatted, created, ended, found, idle, pull, session } from './rows.ts';

const born = created(1, 'web-1');
const waits = session(2, 'web-1', 'waiting_input', '12:00:10');

test('a wait lasts from the row that enters it to the row that leaves it', () => {
  given(born, waits, session(3, 'web-1', 'active', '12:00:12.5')).expectOnly('waiting', [
    '2 session.waiting_input_entered',
    '3 session.waiting_input_exited dwell_ms=2500',
  ]);
});

test('a wait that nothing ends has only been entered', () => {
  given(born, waits, chatted(3, 'web-1')).expectOnly('waiting', ['2 session.waiting_input_entered']);
});

test('blocked is a wait too, and from one kind to the other it is the same wait', () => {
  given(
    born,
    session(2, 'web-1', 'blocked', '12:00:10'),
    session(3, 'web-1', 'waiting_input', '12:00:11'),
    session(4, 'web-1', 'blocked', '12:00:12'),
    idle(5, 'web-1', '12:00:14'),
  ).expectOnly('waiting', ['2 session.waiting_input_entered', '5 session.waiting_input_exited dwell_ms=4000']);
});

test('a row that repeats the wait does not begin it anew', () => {
  given(born, waits, session(3, 'web-1', 'waiting_input', '12:00:15'), idle(4, 'web-1', '12:00:20')).expectOnly(
    'waiting',
    ['2 session.waiting_input_entered', '4 session.waiting_input_exited dwell_ms=10000'],
  );
});

test('no other activity is a wait', () => {
  const others = [session(2, 'web-1', 'active'), session(3, 'web-1', 'exited'), idle(4, 'web-1'), ended(5, 'web-1')];
  given(born, ...others).expectOnly('waiting', []);
});

test('a wait ends with whatever ends it: a kill, a merge, an agent that exits', () => {
  const leaves = ['2 session.waiting_input_entered', '5 session.waiting_input_exited dwell_ms=20000'];
  const merge = [found(3, 'pr/1', 'web-1'), pull(4, 'pr/1', 'web-1', { state: 'merged' })];
  given(born, waits, ended(5, 'web-1', '12:00:30')).expectOnly('waiting', leaves);
  given(born, waits, ...merge, ended(5, 'web-1', '12:00:30')).expectOnly('waiting', leaves);
  given(born, waits, session(5, 'web-1', 'exited', '12:00:30')).expectOnly('waiting', leaves);
});

test('each wait is told', () => {
  const second = [
    idle(3, 'web-1', '12:00:11'),
    session(4, 'web-1', 'blocked', '12:00:12'),
    idle(5, 'web-1', '12:00:14'),
  ];
  given(born, waits, ...second).expectOnly('waiting', [
    '2 session.waiting_input_entered',
    '3 session.waiting_input_exited dwell_ms=1000',
    '4 session.waiting_input_entered',
    '5 session.waiting_input_exited dwell_ms=2000',
  ]);
});

test('sessions wait on their own', () => {
  given(
    born,
    created(2, 'web-2'),
    session(3, 'web-1', 'waiting_input', '12:00:10'),
    session(4, 'web-2', 'waiting_input', '12:00:11'),
    idle(5, 'web-1', '12:00:13'),
  ).expectOnly('waiting', [
    '3 session.waiting_input_entered',
    '4 session.waiting_input_entered',
    '5 session.waiting_input_exited dwell_ms=3000',
  ]);
});

test('a wait whose clock went back has lasted no time', () => {
  given(born, waits, idle(3, 'web-1', '12:00:09.999')).expectOnly('exited', [
    '3 session.waiting_input_exited dwell_ms=0',
  ]);
});

test('a wait counts whole milliseconds, of the times that the events have', () => {
  const events = given(
    born,
    session(2, 'web-1', 'waiting_input', '12:00:10.000999999'),
    idle(3, 'web-1', '12:00:10.002'),
  ).events();
  const [entered, exited] = events.filter(({ id }) => id % 64 === 12 || id % 64 === 13);
  expect(exited!.measures).toEqual({ dwell_ms: exited!.at - entered!.at });
});

test('a session that is born waiting waits from its birth', () => {
  given(created(1, 'web-1', '12:00:01', { activity: 'waiting_input' }), idle(2, 'web-1', '12:00:03')).expectOnly(
    'waiting',
    ['1 session.waiting_input_entered', '2 session.waiting_input_exited dwell_ms=2000'],
  );
});
