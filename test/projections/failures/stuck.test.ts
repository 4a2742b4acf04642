import { describe, test } from '@jest/globals';
import { given, type Row } from '../../support/spec.ts';
import {
  chatted,
  created,
  ended,
  found,
  idle,
  instant,
  project,
  pull,
  session,
  spawnFailed,
  vanished,
} from '../rows.ts';

const born = created(1, 'web-1', '12:00:00');
const signal = session(2, 'web-1', 'active', '12:00:01');
const waits = session(3, 'web-1', 'waiting_input', '12:00:10');
const begin = [born, signal, waits];
const stuck = ['3 session.stuck_waiting'];

const expectFailures = (rows: Row[], lines: string[]) => given(...begin, ...rows).expectFailures(lines);

describe('a wait longer than 30 minutes is stuck, to the millisecond', () => {
  test.each([
    ['12:30:10', []],
    ['12:30:10.0009', []],
    ['12:30:10.001', stuck],
  ])('left at %s', (time, lines) => {
    expectFailures([idle(4, 'web-1', time)], lines);
  });

  test.each([
    ['12:30:10', []],
    ['12:30:10.001', stuck],
  ])('not left, and the clock of the rows stands at %s', (time, lines) => {
    expectFailures([found(4, 'pr/1', 'api-1', {}, time)], lines);
  });

  test('from its beginning on: at that time and 30 minutes, of its session', () => {
    given(...begin, idle(4, 'web-1', '15:00:00')).expectPlaces('ao.session.stuck_waiting', [
      { at: instant('12:30:10').at, subject: 1, session: 1, project: project('web') },
    ]);
  });
});

describe('it ends with whatever ends the wait', () => {
  test.each([
    ['a kill', ended(4, 'web-1', '12:30:10')],
    ['an agent that leaves', session(4, 'web-1', 'exited', '12:30:10')],
    ['an answer', session(4, 'web-1', 'active', '12:30:10')],
  ])('%s', (_, row) => {
    expectFailures([row, created(5, 'api-1', '12:35:00')], []);
  });

  test('a merge', () => {
    const merge = [found(4, 'pr/1', 'web-1'), pull(5, 'pr/1', 'web-1', { state: 'merged' }, '12:30:09')];
    expectFailures([...merge, ended(6, 'web-1', '12:30:10'), created(7, 'api-1', '12:35:00')], []);
  });

  test('not with another kind of wait, nor with a row that says nothing of it', () => {
    expectFailures([session(4, 'web-1', 'blocked', '12:20:00'), idle(5, 'web-1', '12:30:10.001')], stuck);
    expectFailures([session(4, 'web-1', 'waiting_input', '12:20:00'), idle(5, 'web-1', '12:30:10.001')], stuck);
    expectFailures([chatted(4, 'web-1', '12:20:00'), idle(5, 'web-1', '12:30:10.001')], stuck);
  });
});

test('it is told once a wait, however long it lasts and however it ends', () => {
  const rows = [created(4, 'api-1', '12:35:00'), ended(5, 'api-1', '12:45:00'), chatted(6, 'web-1', '14:35:00')];
  expectFailures(rows, stuck);
  expectFailures([...rows, ended(7, 'web-1', '15:35:00')], stuck);
});

test('each wait is measured on its own', () => {
  const second = (time: string) => [
    idle(4, 'web-1', '12:20:00'),
    session(5, 'web-1', 'blocked', '12:21:00'),
    idle(6, 'web-1', time),
  ];
  expectFailures(second('12:51:00'), []);
  expectFailures(second('12:51:00.001'), ['5 session.stuck_waiting']);
  expectFailures(
    [idle(4, 'web-1', '13:00:00'), session(5, 'web-1', 'blocked', '13:01:00'), idle(6, 'web-1', '14:00:00')],
    [...stuck, '5 session.stuck_waiting'],
  );
});

test('a wait that only seemed too long is taken back by the row that ends it', () => {
  expectFailures([created(4, 'api-1', '12:30:20'), idle(5, 'web-1', '12:30:09')], []);
});

describe('what nobody waits in', () => {
  test('is not stuck: neither active nor idle, for whatever time', () => {
    given(born, signal, created(3, 'api-1', '15:00:00')).expectFailures([]);
    given(born, signal, idle(3, 'web-1', '12:00:10'), created(4, 'api-1', '15:00:00')).expectFailures([]);
  });

  test('a session of a spawn that failed', () => {
    given(
      born,
      ended(2, 'web-1', '12:00:00.4'),
      session(3, 'web-1', 'waiting_input', '12:00:10'),
      idle(4, 'web-1', '13:00:00'),
      spawnFailed('web', '12:00:00.5', 500),
    ).expectFailures(['t1 spawn.failed error_kind=internal duration_ms=500']);
  });

  test('a session whose row vanished', () => {
    given(...begin, idle(4, 'web-1', '13:00:00'), vanished(1)).expectFailures([]);
  });
});
