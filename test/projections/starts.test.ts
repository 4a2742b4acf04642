import { describe, test } from '@jest/globals';
import { OBSERVED } from '../../projections/facts.ts';
import { given } from '../support/spec.ts';
import { claimed, created, ended, fact, found, idle, session, started, vanished } from './rows.ts';

const newer = { host: 82 };
const seen = (time: string) => fact(OBSERVED.daemonStarted, time);
const left = (time: string) => fact(OBSERVED.daemonLeft, time);
const stopped = (time: string) => fact(OBSERVED.daemonStopped, time);
const unclean = (position: string) => `${position} daemon.shutdown_unclean`;

describe('a daemon that left its run file behind', () => {
  test('did not stop, says the start after it', () => {
    given(started('12:00:00'), seen('12:00:02'), left('12:00:02'), started('12:30:00')).expectFailures([unclean('t4')]);
  });

  test('is told once, however often the start after it is seen', () => {
    given(started('12:00:00'), left('12:00:02'), started('12:30:00'), seen('12:30:03')).expectFailures([unclean('t3')]);
  });

  test('is told by a start that only its run file says, where telemetry is off', () => {
    given(seen('12:00:02'), left('12:00:02'), seen('12:30:03')).expectFailures([unclean('t3')]);
  });

  test('is nothing as long as no daemon has started since', () => {
    given(started('12:00:00'), seen('12:00:02'), left('12:00:02')).expectFailures([]);
  });

  test('says nothing of the starts after the next', () => {
    given(started('12:00:00'), left('12:00:02'), started('12:30:00'), started('12:40:00')).expectFailures([
      unclean('t3'),
    ]);
  });

  test('is told by the right start, whichever is journaled first', () => {
    given(started('12:40:00'), started('12:30:00'), left('12:00:02'), started('12:00:00')).expectFailures([
      unclean('t2'),
    ]);
  });
});

describe('no crash is', () => {
  test('a start', () => {
    given(started('12:00:00'), seen('12:00:02'), started('12:30:00'), seen('12:30:02')).expectFailures([]);
  });

  test('a stop that was seen', () => {
    given(started('12:00:00'), seen('12:00:02'), stopped('12:10:00'), started('12:30:00')).expectFailures([]);
  });

  test('a stop that ends every session, and the start that restores them', () => {
    given(
      started('12:00:00'),
      created(1, 'web-1', '12:00:01'),
      session(2, 'web-1', 'active', '12:00:02'),
      ended(3, 'web-1', '12:10:00'),
      started('12:30:00'),
      idle(4, 'web-1', '12:30:00.2'),
      session(5, 'web-1', 'active', '12:31:00'),
    ).expectFailures([]);
  });
});

describe('a start that found a session dead', () => {
  const rows = [created(1, 'web-1', '12:00:01', {}), session(2, 'web-1', 'active', '12:00:02', newer)];

  test('came after a crash', () => {
    given(
      ...rows,
      started('12:30:00'),
      ended(3, 'web-1', '12:30:00.1', newer),
      idle(4, 'web-1', '12:30:00.2', newer),
    ).expectFailures([unclean('t1'), '3 lifecycle.session_terminated_unexpected end_cause=found_dead_at_start']);
  });

  test('is one, whatever else says so too', () => {
    given(
      ...rows,
      started('12:00:00'),
      left('12:00:01'),
      started('12:30:00'),
      ended(3, 'web-1', '12:30:00.1', newer),
      idle(4, 'web-1', '12:30:00.2', newer),
    ).expectFailures(['3 lifecycle.session_terminated_unexpected end_cause=found_dead_at_start', unclean('t3')]);
  });
});

describe('on hosts whose stop ends every session, one that lives through a start', () => {
  const born = created(1, 'web-1', '12:00:01');
  const active = session(2, 'web-1', 'active', '12:00:02');

  test('says that nobody stopped the daemon', () => {
    given(born, active, started('12:05:00'), session(3, 'web-1', 'waiting_input', '12:06:00')).expectFailures([
      unclean('t1'),
    ]);
  });

  test('says so of each start, by its end as well', () => {
    given(born, active, started('12:03:00'), started('12:05:00'), ended(3, 'web-1', '12:06:00')).expectFailures([
      unclean('t1'),
      unclean('t2'),
    ]);
  });

  test('says nothing until it is heard of again', () => {
    given(born, active, started('12:05:00')).expectFailures([]);
  });

  test('says nothing on hosts whose stop ends none', () => {
    const rows = [session(2, 'web-1', 'active', '12:00:02', newer), ended(3, 'web-1', '12:06:00', newer)];
    given(born, ...rows, started('12:05:00')).expectFailures([]);
  });

  test('must have shown that it runs: a seed that was left behind lives through starts', () => {
    given(born, started('12:05:00'), idle(2, 'web-1', '12:06:00'), ended(3, 'web-1', '12:07:00')).expectFailures([]);
  });

  test('must have been there before the start, since its restore', () => {
    given(
      born,
      active,
      ended(3, 'web-1', '12:02:00'),
      started('12:05:00'),
      idle(4, 'web-1', '12:05:30'),
      session(5, 'web-1', 'active', '12:06:00'),
    ).expectFailures([]);
  });

  test('must exist: one that vanishes says nothing any more', () => {
    given(
      born,
      active,
      started('12:05:00'),
      session(3, 'web-1', 'waiting_input', '12:06:00'),
      vanished(1),
      created(4, 'web-1', '12:07:00'),
    ).expectFailures([]);
  });

  test('does not stand against a stop that the start shows', () => {
    given(
      born,
      active,
      created(3, 'web-2', '12:00:03'),
      session(4, 'web-2', 'active', '12:00:04'),
      ended(5, 'web-2', '12:04:00'),
      started('12:05:00'),
      idle(6, 'web-2', '12:05:01'),
      session(7, 'web-1', 'waiting_input', '12:06:00'),
    ).expectFailures([]);
  });

  test('is no PR of it', () => {
    const pull = 'https://github.com/o/r/pull/7';
    given(born, active, started('12:05:00'), found(3, pull, 'web-1'), claimed(4, pull, 'web-1')).expectFailures([]);
  });
});
