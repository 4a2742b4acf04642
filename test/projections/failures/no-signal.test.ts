import { describe, test } from '@jest/globals';
import { TRIGGERED } from '../../../projections/facts.ts';
import { given, type Row } from '../../support/spec.ts';
import {
  chatted,
  created,
  ended,
  found,
  idle,
  instant,
  project,
  seen,
  session,
  spawnFailed,
  vanished,
} from '../rows.ts';

const BORN = '12:00:00';
const born = created(1, 'web-1', BORN);
const silent = ['1 session.no_signal'];
const expectFailures = (rows: Row[], lines: string[]) => given(born, ...rows).expectFailures(lines);

describe('a session that gives no signal for more than 10 minutes after its creation, to the millisecond', () => {
  test.each([
    ['12:10:00', []],
    ['12:10:00.0009', []],
    ['12:10:00.001', silent],
  ])('its first signal is at %s', (time, lines) => {
    expectFailures([session(2, 'web-1', 'active', time)], lines);
  });

  test.each([
    ['12:10:00', []],
    ['12:10:00.001', silent],
  ])('it has given none, and the clock of the rows stands at %s', (time, lines) => {
    expectFailures([found(2, 'pr/1', 'api-1', {}, time)], lines);
  });

  test('is told once, at its creation and 10 minutes', () => {
    const rows = [created(2, 'api-1', '12:20:00'), session(3, 'api-1', 'active', '12:21:00')];
    expectFailures([...rows, chatted(4, 'api-1', '13:00:00'), session(5, 'web-1', 'active', '14:00:00')], silent);
    given(born, ...rows).expectPlaces('ao.session.no_signal', [
      { at: instant('12:10:00').at, subject: 1, session: 1, project: project('web') },
    ]);
  });

  test('is told by the first signal alone: what came after does not matter', () => {
    const signal = session(2, 'web-1', 'active', '12:01:00');
    expectFailures([signal, idle(3, 'web-1', '12:30:00'), ended(4, 'web-1', '14:00:00')], []);
  });

  test('also where what came was no signal', () => {
    expectFailures([chatted(2, 'web-1', '12:05:00'), found(3, 'pr/1', 'web-1', {}, '12:10:00.001')], silent);
    const exits = session(2, 'web-1', 'exited', '12:05:00', { host: 82 });
    expectFailures([exits, created(3, 'api-1', '12:10:00.001')], silent);
  });
});

describe('an end within that time cancels it', () => {
  test('to the millisecond', () => {
    expectFailures([ended(2, 'web-1', '12:10:00')], []);
    expectFailures([ended(2, 'web-1', '12:10:00.001')], silent);
  });

  test('for good: a restore does not begin it anew', () => {
    const rows = [ended(2, 'web-1', '12:01:00'), idle(3, 'web-1', '12:02:00'), created(4, 'api-1', '12:05:00')];
    expectFailures([...rows, session(5, 'web-1', 'active', '13:00:00'), session(6, 'api-1', 'active', '12:06:00')], []);
  });

  test('and so does the first of several', () => {
    expectFailures([ended(2, 'web-1', '12:01:00'), idle(3, 'web-1', '12:02:00'), ended(4, 'web-1', '12:20:00')], []);
  });

  test('and so does a signal that came earlier than a late end, by a clock that went back', () => {
    expectFailures([ended(2, 'web-1', '12:20:00'), idle(3, 'web-1'), session(4, 'web-1', 'active', '12:09:00')], []);
  });
});

describe('each incarnation is measured on its own', () => {
  test('the next one of its id', () => {
    const again = created(2, 'web-1', '12:09:00');
    expectFailures([again, session(3, 'web-1', 'active', '12:19:00')], []);
    expectFailures([again, session(3, 'web-1', 'active', '12:19:00.001')], ['2 session.no_signal']);
  });

  test('and one that failed, or vanished, has nothing to say', () => {
    const later = [created(3, 'api-1', '12:20:00'), session(4, 'api-1', 'active', '12:20:01')];
    expectFailures([...later, vanished(1)], []);
    expectFailures(
      [ended(2, 'web-1', '12:15:00'), ...later, spawnFailed('web', '12:15:00.1', 900_000)],
      ['t1 spawn.failed error_kind=internal duration_ms=900000'],
    );
  });
});

describe('where a trigger saw it', () => {
  const of = (name: string, time: string, data = {}) => seen(name, 'web-1', BORN, time, data);
  const covered = [of(TRIGGERED.sessionCreated, BORN, { launched: false }), of(TRIGGERED.sessionLaunched, '12:00:02')];

  test('the first signal is what the trigger says', () => {
    const active = session(2, 'web-1', 'active', '12:01:00');
    const later = created(3, 'api-1', '12:10:00.001');
    const answered = session(4, 'api-1', 'active', '12:10:01');
    expectFailures([...covered, active, later, answered], silent);
    expectFailures([...covered, active, later, answered, of(TRIGGERED.sessionFirstSignal, '12:01:00')], []);
  });

  test('and one that was never launched was abandoned, not silent', () => {
    const later = [created(2, 'api-1', '12:10:00.001'), session(3, 'api-1', 'active', '12:10:01')];
    expectFailures([covered[0]!, ...later], ['1 spawn.failed error_code=abandoned']);
  });
});
