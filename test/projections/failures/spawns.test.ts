import { describe, test } from '@jest/globals';
import { OBSERVED, TRIGGERED } from '../../../projections/facts.ts';
import { projectKey } from '../../../projections/vocabulary.ts';
import { given, type Row } from '../../support/spec.ts';
import {
  created,
  ended,
  fact,
  found,
  idle,
  instant,
  project,
  pull,
  seen,
  session,
  started,
  vanished,
} from '../rows.ts';
import { failed } from './rows.ts';

const BORN = '12:00:10';
const born = created(1, 'web-1', BORN);
const of = (name: string, time: string, data = {}) => seen(name, 'web-1', BORN, time, data);

const recorded = (position: number, why = 'error_kind=invalid') =>
  `t${position} spawn.failed ${why} harness=codex session_kind=worker duration_ms=500`;

describe('a spawn that the daemon recorded as failed', () => {
  test('is one failure, with what the daemon says of it', () => {
    given(failed('web', BORN, { error_code: 'INVALID_BRANCH' })).expectFailures([
      recorded(1, 'error_kind=invalid error_code=INVALID_BRANCH'),
    ]);
    given(failed('web', BORN, { harness: null, kind: 'orchestrator', error_kind: 'internal' })).expectFailures([
      't1 spawn.failed error_kind=internal session_kind=orchestrator duration_ms=500',
    ]);
  });

  test('is of its project, at its time, and of no session', () => {
    given(failed('web', '12:00:10.0019')).expectPlaces('ao.spawn.failed', [
      { at: instant('12:00:10.001').at, subject: projectKey(project('web')), session: null, project: project('web') },
    ]);
  });

  test('is told for every attempt', () => {
    given(failed('web', BORN), failed('web', BORN), failed('api', BORN)).expectFailures([
      recorded(1),
      recorded(2),
      recorded(3),
    ]);
  });

  test('is nobody’s where the row names no project', () => {
    given(fact('ao.session.spawn_failed', BORN, null, { duration_ms: 5, error_kind: 'invalid' })).expectFailures([]);
  });

  test('took no time less than none', () => {
    given(failed('web', BORN, { duration_ms: -1 })).expectFailures([recorded(1).replace('500', '0')]);
  });
});

describe('an adapter that is missing', () => {
  test.each([
    'AGENT_BINARY_NOT_FOUND',
    'UNKNOWN_HARNESS',
    'RUNTIME_PREREQUISITE_MISSING',
    'CHAT_DRIVER_UNAVAILABLE',
    'CHAT_DRIVER_INCOMPATIBLE',
    'CHAT_AUTH_REQUIRED',
  ])('is told beside the failed spawn: %s', (code) => {
    const story = given(failed('web', BORN, { error_code: code }));
    story.expectFailures([
      recorded(1, `error_kind=invalid error_code=${code}`),
      `t1 adapter.unavailable error_code=${code} harness=codex`,
    ]);
    story.expectPlaces('ao.adapter.unavailable', [
      { at: instant(BORN).at, subject: projectKey(project('web')), session: null, project: project('web') },
    ]);
  });

  test.each(['AGENT_REQUIRED', 'PROJECT_NOT_RESOLVABLE', 'WORKSPACE_LOCKED', 'other', null])(
    'is not the reason where the code is %s',
    (code) => {
      given(failed('web', BORN, { error_code: code })).expectPlaces('ao.adapter.unavailable', []);
    },
  );
});

describe('all traces of one attempt are one failure', () => {
  const end = ended(2, 'web-1', '12:00:10.5');
  const row = failed('web', '12:00:10.6');

  test('a late failure and the row that the daemon wrote of it', () => {
    const story = given(born, end, row);
    story.expectFailures([recorded(1)]);
    story.expectEvents([]);
  });

  test('also where a trigger saw that it was never launched', () => {
    const created = of(TRIGGERED.sessionCreated, BORN, { launched: false });
    given(born, created, end, row).expectFailures([recorded(2)]);
    given(born, row, created, end).expectFailures([recorded(1)]);
  });

  test('a seed that was abandoned, and the row that the daemon wrote when it gave it up at last', () => {
    const created = of(TRIGGERED.sessionCreated, BORN, { launched: false });
    const row = (time: string) => failed('web', time, { duration_ms: 690_000 });
    const told = ['t2 spawn.failed error_kind=invalid harness=codex session_kind=worker duration_ms=690000'];
    given(born, created, ended(2, 'web-1', '12:11:39.9'), row('12:11:40')).expectFailures(told);
    given(born, created, found(2, 'pr/1', 'api-1', {}, '12:11:40'), row('12:11:40.1')).expectFailures(told);
    given(born, created, found(2, 'pr/1', 'api-1', {}, '12:11:40'), row('12:11:40.100000001')).expectFailures([
      '1 spawn.failed error_code=abandoned',
      ...told,
    ]);
  });

  test('a rollback that a trigger saw, and the row that the daemon wrote of it', () => {
    const rolledBack = of(TRIGGERED.sessionRolledBack, '12:00:10.5', { kind: 'worker', harness: 'codex' });
    given(born, rolledBack, row, vanished(1)).expectFailures([recorded(2)]);
    given(born, row, rolledBack, vanished(1)).expectFailures([recorded(1)]);
  });
});

describe('what the daemon did not record, a trigger may have seen:', () => {
  const sawCreation = of(TRIGGERED.sessionCreated, BORN, { launched: false });
  const rolledBack = of(TRIGGERED.sessionRolledBack, '12:00:12', { kind: 'worker', harness: 'codex' });
  const told = 't1 spawn.failed harness=codex session_kind=worker';
  const place = (time: string) => [
    { at: instant(time).at, subject: projectKey(project('web')), session: null, project: project('web') },
  ];

  test('a seed that was rolled back, whether its row was read or not', () => {
    given(rolledBack).expectFailures([told]);
    given(born, rolledBack, vanished(1)).expectFailures([told]);
    given(rolledBack).expectPlaces('ao.spawn.failed', place('12:00:12'));
  });

  test('a seed of the same id that was rolled back again', () => {
    const again = seen(TRIGGERED.sessionRolledBack, 'web-1', '12:01:00', '12:01:02', {
      kind: 'worker',
      harness: 'codex',
    });
    given(rolledBack, again).expectFailures([told, told.replace('t1', 't2')]);
  });

  test('but a failure of another project, or at another time, is not its record', () => {
    const both = [told, recorded(2)];
    given(rolledBack, failed('api', '12:00:12')).expectFailures(both);
    for (const time of ['12:00:12', '12:00:13']) given(rolledBack, failed('web', time)).expectFailures([recorded(2)]);
    for (const time of ['12:00:11.999999999', '12:00:13.000000001']) {
      given(rolledBack, failed('web', time)).expectFailures(both);
      given(failed('web', time), rolledBack).expectFailures([recorded(1), told.replace('t1', 't2')]);
    }
  });

  test('and one record is that of one rollback: the nearest', () => {
    const again = seen(TRIGGERED.sessionRolledBack, 'web-1', '12:00:12.1', '12:00:12.2', {
      kind: 'worker',
      harness: 'codex',
    });
    given(rolledBack, again, failed('web', '12:00:12.3')).expectFailures([told, recorded(3)]);
  });

  test('also where the clock went back since the creation', () => {
    const later = '13:00:00';
    const seed = created(1, 'web-1', later);
    const of = (name: string, time: string, data = {}) => seen(name, 'web-1', later, time, data);
    const gone = of(TRIGGERED.sessionRolledBack, '12:00:12', { kind: 'worker', harness: 'codex' });
    given(seed, gone, failed('web', '12:00:12.1'), vanished(1)).expectFailures([recorded(2)]);
    const saw = of(TRIGGERED.sessionCreated, later, { launched: false });
    given(seed, saw, ended(2, 'web-1', '12:00:12'), failed('web', '12:00:12.1')).expectFailures([recorded(2)]);
  });

  test('a session that ended without ever being launched', () => {
    const story = given(born, sawCreation, session(2, 'web-1', 'active', '12:00:11'), ended(3, 'web-1', '12:00:40'));
    story.expectFailures(['3 spawn.failed']);
    story.expectPlaces('ao.spawn.failed', place('12:00:40'));
    story.expectEvents([]);
  });

  test('a seed that was not launched for 10 minutes of its stream, to the millisecond', () => {
    const clock = (time: string) => given(born, sawCreation, created(2, 'api-1', time));
    clock('12:10:10').expectFailures([]);
    clock('12:10:10.001').expectFailures(['1 spawn.failed error_code=abandoned']);
    clock('12:10:10.001').expectPlaces('ao.spawn.failed', place('12:10:10'));
  });

  test('one that was abandoned is so for good, however it ends', () => {
    given(born, sawCreation, ended(2, 'web-1', '12:10:10.001'), idle(3, 'web-1', '12:20:00')).expectFailures([
      '1 spawn.failed error_code=abandoned',
    ]);
    given(born, sawCreation, ended(2, 'web-1', '12:10:10'), idle(3, 'web-1', '12:20:00')).expectFailures([
      '2 spawn.failed',
    ]);
  });

  test('one that is abandoned no more when the row that says so vanishes', () => {
    given(born, sawCreation, created(2, 'api-1', '12:30:00'), vanished(2)).expectFailures([]);
  });

  test('one whose row was rolled back after it had been abandoned: by then it is the rollback', () => {
    const later = of(TRIGGERED.sessionRolledBack, '12:30:00', { kind: 'worker', harness: 'codex' });
    given(born, sawCreation, created(2, 'api-1', '12:29:00'), later, vanished(1)).expectFailures([
      't2 spawn.failed harness=codex session_kind=worker',
    ]);
  });
});

describe('no spawn has failed', () => {
  const sawCreation = of(TRIGGERED.sessionCreated, BORN, { launched: false });
  const launched = of(TRIGGERED.sessionLaunched, '12:00:12');
  const failures = (...rows: Row[]) => given(born, ...rows).expectPlaces('ao.spawn.failed', []);

  test('where the session was launched, whatever ends it', () => {
    failures(sawCreation, launched, ended(2, 'web-1', '12:00:40'));
    failures(sawCreation, launched, ended(2, 'web-1', '12:00:40'), idle(3, 'web-1', '12:01:01'), started('12:01:00'));
    failures(
      sawCreation,
      launched,
      found(2, 'pr/1', 'web-1'),
      pull(3, 'pr/1', 'web-1', { state: 'merged' }, '12:00:39'),
      ended(4, 'web-1', '12:00:40'),
    );
  });

  test('where no trigger saw the session made: it may have been abandoned, and counts as spawned', () => {
    const story = given(born, created(2, 'api-1', '12:30:00'));
    story.expectPlaces('ao.spawn.failed', []);
    story.expectOnly('spawned', ['1 session.spawned', '2 session.spawned']);
  });

  test('where a trigger saw its end alone', () => {
    failures(of(TRIGGERED.sessionEnded, '12:00:40', { runtime_gone: true }), ended(2, 'web-1', '12:00:40'));
  });

  test('where our triggers went before it could be launched', () => {
    failures(sawCreation, fact(OBSERVED.triggersLost, '12:05:00'), ended(2, 'web-1', '12:06:00'));
  });
});
