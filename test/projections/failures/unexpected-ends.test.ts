import { describe, test } from '@jest/globals';
import { TRIGGERED } from '../../../projections/facts.ts';
import { given } from '../../support/spec.ts';
import {
  created,
  ended,
  found,
  hook,
  idle,
  instant,
  project,
  pull,
  seen,
  spawnFailed,
  started,
  vanished,
} from '../rows.ts';

const BORN = '12:00:10';
const born = created(1, 'web-1', BORN);
const of = (name: string, time: string, data = {}) => seen(name, 'web-1', BORN, time, data);
const covered = [
  born,
  of(TRIGGERED.sessionCreated, BORN, { launched: false }),
  of(TRIGGERED.sessionLaunched, '12:00:12'),
];
const reaped = (time: string) => of(TRIGGERED.sessionEnded, time, { runtime_gone: true });

describe('a session that ended though nobody ended it', () => {
  const dead = [ended(2, 'web-1', '12:01:01'), idle(3, 'web-1', '12:01:02'), started('12:01:00')];

  test('found dead at a start, is told once', () => {
    given(born, ...dead).expectFailures([
      't1 daemon.shutdown_unclean',
      '2 lifecycle.session_terminated_unexpected end_cause=found_dead_at_start',
    ]);
    given(born, ...dead).expectPlaces('ao.lifecycle.session_terminated_unexpected', [
      { at: instant('12:01:01').at, subject: 1, session: 1, project: project('web') },
    ]);
  });

  test('every time that it happens to it', () => {
    const again = [started('12:02:00'), ended(4, 'web-1', '12:02:01'), idle(5, 'web-1', '12:02:02')];
    given(born, ...dead, ...again).expectFailures([
      't1 daemon.shutdown_unclean',
      '2 lifecycle.session_terminated_unexpected end_cause=found_dead_at_start',
      't2 daemon.shutdown_unclean',
      '4 lifecycle.session_terminated_unexpected end_cause=found_dead_at_start',
    ]);
  });

  test('whose runtime was gone, is told as certain on older hosts and as likely on newer ones', () => {
    for (const [host, certainty] of [
      [19, 'certain'],
      [20, 'likely'],
    ] as const) {
      given(...covered, ended(2, 'web-1', '12:05:00', { host }), reaped('12:05:00')).expectFailures([
        `2 lifecycle.session_terminated_unexpected end_cause=runtime_gone certainty=${certainty}`,
      ]);
    }
  });
});

describe('an end that was meant, or that nobody can tell of, is no failure', () => {
  const end = ended(2, 'web-1', '12:00:50');
  const back = idle(3, 'web-1', '12:01:01');

  test('a stop of the daemon', () => {
    const story = given(born, end, back, started('12:01:00'));
    story.expectCauses({ 2: 'daemon_stop' });
    story.expectFailures([]);
  });

  test('a stop whose start was not recorded', () => {
    const two = [created(4, 'web-2', '12:00:11'), ended(5, 'web-1', '12:02:00'), ended(6, 'web-2', '12:02:00.03')];
    const story = given(born, ...two, idle(7, 'web-1', '12:02:10'), idle(8, 'web-2', '12:02:10.03'));
    story.expectCauses({ 5: 'daemon_stop', 6: 'daemon_stop' });
    story.expectFailures([]);
  });

  test('a merge', () => {
    const merge = [found(2, 'pr/1', 'web-1'), pull(3, 'pr/1', 'web-1', { state: 'merged' }, '12:00:20')];
    const story = given(born, ...merge, ended(4, 'web-1', '12:00:20.1'));
    story.expectCauses({ 4: 'merged' });
    story.expectFailures([]);
  });

  test('an agent that left', () => {
    const story = given(born, hook('12:00:49.997'), end);
    story.expectCauses({ 2: 'agent_exit' });
    story.expectFailures([]);
  });

  test('an end of unknown cause', () => {
    given(born, end).expectFailures([]);
    given(...covered, end).expectFailures([]);
  });
});

describe('what is learnt later mends it', () => {
  test('an end before whose restore there was another start was not found dead', () => {
    const rows = [created(2, 'web-2', '12:00:12'), ended(3, 'web-2', '12:01:01'), idle(4, 'web-2', '12:01:02')];
    given(born, ...rows, started('12:01:00'), started('12:01:01.5')).expectFailures([]);
  });

  test('an end of a spawn that failed is none', () => {
    const rows = [ended(2, 'web-1', '12:00:10.5'), idle(3, 'web-1', '12:00:11'), started('12:00:10.2')];
    given(born, ...rows).expectFailures([
      't1 daemon.shutdown_unclean',
      '2 lifecycle.session_terminated_unexpected end_cause=found_dead_at_start',
    ]);
    given(born, ...rows, spawnFailed('web', '12:00:10.6', 500)).expectFailures([
      't2 spawn.failed error_kind=internal duration_ms=500',
    ]);
  });

  test('nor is one of a session whose id was used again', () => {
    given(
      born,
      ended(2, 'web-1', '12:01:01'),
      idle(3, 'web-1', '12:01:02'),
      started('12:01:00'),
      created(4, 'web-1', '12:03:00'),
    ).expectFailures([]);
    given(created(1, 'web-2'), vanished(1)).expectFailures([]);
  });
});
