import { describe, test } from '@jest/globals';
import { given, type Row } from '../support/spec.ts';
import { chatted, created, ended, found, idle, session, spawnFailed, started } from './rows.ts';

const born = created(1, 'web-1', '12:00:10');
const end = ended(2, 'web-1', '12:00:10.5');
const failed = (time: string, durationMs: number) => given(born, end, spawnFailed('web', time, durationMs));
const kept = ['1 session.spawned', '2 session.killed end_cause=unknown'];

describe('a session that ended first thing, beside a failed spawn of its project, was never spawned', () => {
  test('and derives nothing, ever', () => {
    const later = [idle(3, 'web-1'), session(4, 'web-1', 'waiting_input'), ended(5, 'web-1'), idle(6, 'web-1')];
    given(born, end, ...later, spawnFailed('web', '12:00:10.5', 500)).expectEvents([]);
  });

  test('where the failure comes 0 to 1 s after its end, to the nanosecond', () => {
    failed('12:00:10.499999999', 9000).expectEvents(kept);
    failed('12:00:10.5', 9000).expectEvents([]);
    failed('12:00:11.5', 9000).expectEvents([]);
    failed('12:00:11.500000001', 9000).expectEvents(kept);
  });

  test('and at most as long as the spawn took and 100 ms after its creation, to the nanosecond', () => {
    failed('12:00:10.6', 500).expectEvents([]);
    failed('12:00:10.600000001', 500).expectEvents(kept);
    failed('12:00:10.6', 499).expectEvents(kept);
  });

  test('of several that ended so each for itself', () => {
    const other = [created(3, 'web-2', '12:00:10.7'), ended(4, 'web-2', '12:00:10.8')];
    given(born, end, ...other, spawnFailed('web', '12:00:10.8', 100)).expectEvents(kept);
    given(born, end, ...other, spawnFailed('web', '12:00:10.8', 700)).expectEvents([]);
  });
});

describe('it was spawned', () => {
  const withFailure = (...rows: Row[]) => given(born, ...rows, spawnFailed('web', '12:00:10.5', 500));

  test('where the failure is of another project', () => {
    given(born, end, spawnFailed('api', '12:00:10.5', 500)).expectEvents(kept);
  });

  test('where another row came first', () => {
    withFailure(idle(2, 'web-1', '12:00:10.4', { host: 24 }), ended(3, 'web-1', '12:00:10.5')).expectEvents([
      '1 session.spawned',
      '3 session.killed end_cause=unknown',
    ]);
  });

  test('where its first row is no exit, or no end', () => {
    withFailure(idle(2, 'web-1', '12:00:10.5', { terminated: true })).expectEvents(kept);
    withFailure(session(2, 'web-1', 'exited', '12:00:10.5')).expectEvents([
      '1 session.spawned',
      '2 session.agent_exited',
    ]);
  });

  test('where it has not ended', () => {
    withFailure(chatted(2, 'web-1', '12:00:10.5')).expectEvents(['1 session.spawned']);
  });
});

test('an end of a failed spawn is still an end between others', () => {
  given(
    created(1, 'api-1', '12:00:01'),
    created(2, 'web-1', '12:00:10'),
    ended(3, 'api-1', '12:00:10.4'),
    ended(4, 'web-1', '12:00:10.5'),
    spawnFailed('web', '12:00:10.5', 500),
    started('12:01:00'),
    idle(5, 'api-1', '12:01:01'),
  ).expectCauses({ 3: 'daemon_stop' });
});

test('what its PR goes through is told, and its id may be used again', () => {
  given(
    born,
    end,
    spawnFailed('web', '12:00:10.5', 500),
    found(3, 'pr/1', 'web-1'),
    created(4, 'web-1', '12:00:20'),
    session(5, 'web-1', 'active'),
  ).expectEvents(['3 pr.observed how=found', '4 session.spawned', '5 session.first_signal']);
});

test('a failed spawn is nobody’s first session, and its first output is nobody’s', () => {
  given(
    born,
    end,
    idle(3, 'web-1'),
    session(4, 'web-1', 'active'),
    spawnFailed('web', '12:00:10.5', 500),
  ).expectMilestones(['1 onboarding.first_project_added']);
});
