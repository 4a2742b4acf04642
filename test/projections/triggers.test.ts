import { describe, test } from '@jest/globals';
import { OBSERVED, TRIGGERED } from '../../projections/facts.ts';
import { given, type Row } from '../support/spec.ts';
import { created, ended, fact, hook, idle, seen, session, spawnFailed, started } from './rows.ts';

const BORN = '12:00:10';
const born = created(1, 'web-1', BORN);
const of = (name: string, time: string, data = {}) => seen(name, 'web-1', BORN, time, data);

const sawCreation = of(TRIGGERED.sessionCreated, BORN, { launched: false });
const launched = (time: string) => of(TRIGGERED.sessionLaunched, time);
const signalled = (time: string) => of(TRIGGERED.sessionFirstSignal, time);
const reaped = (time: string) => of(TRIGGERED.sessionEnded, time, { runtime_gone: true });
const uninstalled = (time: string) => fact(TRIGGERED.uninstalled, time);
const lost = (time: string) => fact(OBSERVED.triggersLost, time);

describe('a session whose creation a trigger saw is spawned', () => {
  test('once its launch is recorded, and the launch says how long it took', () => {
    given(born, sawCreation).expectEvents([]);
    given(born, sawCreation, launched('12:00:12.5')).expectEvents(['1 session.spawned duration_ms=2500']);
  });

  test('with all that happened before the launch was recorded', () => {
    const early = [session(2, 'web-1', 'active', '12:00:11'), idle(3, 'web-1', '12:00:12')];
    given(born, sawCreation, ...early, launched('12:00:12')).expectOnly('session.spawned', [
      '1 session.spawned duration_ms=2000',
    ]);
    given(born, sawCreation, ...early, launched('12:00:12'), signalled('12:00:11')).expectEvents([
      '1 session.spawned duration_ms=2000',
      '2 session.first_signal',
    ]);
  });

  test('where it was made with its launch', () => {
    given(born, of(TRIGGERED.sessionCreated, BORN, { launched: true })).expectEvents([
      '1 session.spawned duration_ms=0',
    ]);
  });

  test('at most ten minutes after its creation, to the nanosecond', () => {
    given(born, sawCreation, launched('12:10:10')).expectEvents(['1 session.spawned duration_ms=600000']);
    given(born, sawCreation, launched('12:10:10.000000001')).expectEvents([]);
  });

  test('and never when it ended before, whatever happened after', () => {
    given(born, sawCreation, ended(2, 'web-1'), idle(3, 'web-1'), session(4, 'web-1', 'active')).expectEvents([]);
  });

  test('even beside a failed spawn that would have been taken for its own', () => {
    const end = ended(2, 'web-1', '12:00:10.5');
    const failure = spawnFailed('web', '12:00:10.6', 600);
    given(born, end, failure).expectEvents([]);
    given(born, sawCreation, launched('12:00:10.4'), end, failure).expectEvents([
      '1 session.spawned duration_ms=400',
      '2 session.killed end_cause=unknown',
    ]);
  });
});

describe('what a trigger saw holds for that incarnation alone', () => {
  test('and not for the next one of the same id', () => {
    const again = created(5, 'web-1', '12:00:30');
    given(born, sawCreation, launched('12:00:12'), again).expectEvents(['5 session.spawned']);
  });

  test('and not where the creation itself was not seen', () => {
    given(born, launched('12:00:12'), ended(2, 'web-1', '12:00:40'), reaped('12:00:40')).expectEvents([
      '1 session.spawned',
      '2 session.killed end_cause=unknown',
    ]);
  });
});

describe('the first signal', () => {
  const repeats = idle(2, 'web-1', '12:00:20', { host: 82 });
  const covered = [sawCreation, launched('12:00:12')];

  test('is the row of the moment that the trigger saw, even when the row changes nothing', () => {
    given(born, repeats).expectOnly('signal', []);
    given(born, ...covered, repeats, signalled('12:00:20')).expectOnly('signal', ['2 session.first_signal']);
  });

  test('is no row that the trigger did not see as one', () => {
    const active = session(2, 'web-1', 'active', '12:00:20');
    given(born, active).expectOnly('signal', ['2 session.first_signal']);
    given(born, ...covered, active).expectOnly('signal', []);
  });

  test('is the trigger’s own fact where no row has that time', () => {
    given(born, ...covered, signalled('12:00:20')).expectOnly('signal', ['t3 session.first_signal']);
  });
});

describe('a runtime that was gone at the end', () => {
  const covered = [born, sawCreation, launched('12:00:12')];
  const end = (host: number) => ended(2, 'web-1', '12:05:00.000000007', { host });

  test('is certain on older hosts, and likely on newer ones', () => {
    given(...covered, end(19), reaped('12:05:00.000000007')).expectOnly('killed', [
      '2 session.killed end_cause=runtime_gone certainty=certain',
    ]);
    given(...covered, end(20), reaped('12:05:00.000000007')).expectOnly('killed', [
      '2 session.killed end_cause=runtime_gone certainty=likely',
    ]);
  });

  test('is told of that very end, to the nanosecond', () => {
    given(...covered, end(19), reaped('12:05:00.000000008')).expectCauses({ 2: 'unknown' });
  });

  test('is nothing that was found dead at a start', () => {
    const restored = idle(3, 'web-1', '12:05:01');
    given(...covered, end(82), reaped('12:05:00.000000007'), started('12:05:00'), restored).expectCauses({
      2: 'found_dead_at_start',
    });
  });

  test('is told too where the creation that covers it is read last', () => {
    given(born, launched('12:00:12'), end(19), reaped('12:05:00.000000007'), sawCreation).expectCauses({
      2: 'runtime_gone',
    });
  });

  test('comes before an exit of the agent', () => {
    given(...covered, hook('12:05:00'), end(19), reaped('12:05:00.000000007')).expectCauses({ 2: 'runtime_gone' });
  });
});

describe('triggers that went within ten minutes of the creation leave the session uncovered', () => {
  const told = (...rows: Row[]) => given(born, sawCreation, ...rows, ended(2, 'web-1', '12:00:40'), reaped('12:00:40'));
  const asWithout = ['1 session.spawned', '2 session.killed end_cause=unknown'];

  test.each([
    ['uninstalled', uninstalled],
    ['found to be gone', lost],
  ])('%s', (_, went) => {
    told(went('12:00:10')).expectEvents(asWithout);
    told(went('12:10:10')).expectEvents(asWithout);
    told(went('12:10:10.000000001')).expectEvents([]);
    told(went('12:00:09.999999999')).expectEvents([]);
  });
});

test('so it is where they are known to be gone only after all of it was told', () => {
  const end = ended(2, 'web-1', '12:00:40');
  const rows = [born, sawCreation, launched('12:00:12'), end, reaped('12:00:40')];
  given(...rows).expectEvents([
    '1 session.spawned duration_ms=2000',
    '2 session.killed end_cause=runtime_gone certainty=certain',
  ]);
  given(...rows, lost('12:01:00')).expectEvents(['1 session.spawned', '2 session.killed end_cause=unknown']);
  given(born, sawCreation, end, lost('12:01:00')).expectEvents([
    '1 session.spawned',
    '2 session.killed end_cause=unknown',
  ]);
});

describe('the first project', () => {
  const added = (of: string, time: string, kind = 'single_repo') => {
    return fact(TRIGGERED.projectAdded, time, of, { kind, has_git_remote: true });
  };

  test('is the earliest that a trigger saw too, but for the one that the daemon seeds', () => {
    given(added('web', '12:00:20'), added('api', '12:00:10'), added('scratch', '12:00:01', 'scratch')).expectMilestones(
      ['t2 onboarding.first_project_added'],
    );
  });
});
