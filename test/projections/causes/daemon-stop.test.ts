import { describe, test } from '@jest/globals';
import { given, type Row } from '../../support/spec.ts';
import { chatted, check, created, ended, found, hook, idle, session, started } from '../rows.ts';

const sessions = [created(1, 'web-2'), created(2, 'web-10'), created(3, 'api-1')];
const start = started('12:01:00');
const restores = [idle(21, 'api-1', '12:01:01'), idle(22, 'web-2', '12:01:02'), idle(23, 'web-10', '12:01:03')];
const stopped = (...rows: Row[]) => given(...sessions, ...rows, start, ...restores);

describe('a daemon that stops ends its sessions, and its next start restores them', () => {
  test('one', () => {
    stopped(ended(11, 'web-2', '12:00:50')).expectCauses({ 11: 'daemon_stop' });
  });

  test('or all, project by project, by number in each', () => {
    stopped(
      ended(11, 'web-2', '12:00:50'),
      ended(12, 'web-10', '12:00:50.03'),
      ended(13, 'api-1', '12:00:50.06'),
    ).expectCauses({ 11: 'daemon_stop', 12: 'daemon_stop', 13: 'daemon_stop' });
  });

  test('but those alone that were restored', () => {
    given(
      ...sessions,
      ended(11, 'web-2', '12:00:50'),
      ended(12, 'web-10', '12:00:51'),
      start,
      restores[2]!,
    ).expectCauses({ 11: 'unknown', 12: 'daemon_stop' });
  });

  test('below v20; newer daemons leave them running', () => {
    const end = (host: number) => stopped(ended(11, 'web-2', '12:00:50', { host }));
    end(19).expectCauses({ 11: 'daemon_stop' });
    end(20).expectCauses({ 11: 'unknown' });
  });
});

describe('the run of ends right before a start', () => {
  test('goes project by project', () => {
    stopped(
      ended(11, 'web-2', '12:00:50'),
      ended(12, 'api-1', '12:00:51'),
      ended(13, 'web-10', '12:00:52'),
    ).expectCauses({ 11: 'unknown', 12: 'daemon_stop', 13: 'daemon_stop' });
  });

  test('ascends in each, by number and not by text', () => {
    stopped(ended(11, 'web-10', '12:00:50'), ended(12, 'web-2', '12:00:51')).expectCauses({
      11: 'unknown',
      12: 'daemon_stop',
    });
  });

  test('has at most 5 s between neighbours, and not a nanosecond more', () => {
    const gap = (second: string) => stopped(ended(11, 'web-2', '12:00:50'), ended(12, 'web-10', second));
    gap('12:00:55').expectCauses({ 11: 'daemon_stop', 12: 'daemon_stop' });
    gap('12:00:55.000000001').expectCauses({ 11: 'unknown', 12: 'daemon_stop' });
  });

  test('may be any time before the start', () => {
    stopped(ended(11, 'web-2', '09:00:00')).expectCauses({ 11: 'daemon_stop' });
  });

  test('is broken by any other session row', () => {
    const broken = (row: Row) => stopped(ended(11, 'web-2', '12:00:50'), row, ended(13, 'api-1', '12:00:51'));
    broken(created(12, 'web-11', '12:00:50')).expectCauses({ 11: 'unknown', 13: 'daemon_stop' });
    broken(session(12, 'web-10', 'active', '12:00:50')).expectCauses({ 11: 'unknown', 13: 'daemon_stop' });
  });

  test('is not broken by chats, nor by rows of PRs', () => {
    const others = [chatted(12, 'web-10'), found(13, 'pr/1', 'web-10'), check(14, 'pr/1', 'c1')];
    stopped(ended(11, 'web-2', '12:00:50'), ...others, ended(15, 'api-1', '12:00:51')).expectCauses({
      11: 'daemon_stop',
      15: 'daemon_stop',
    });
  });

  test('does not reach a session that a user had killed, though the start revives it too', () => {
    const life = [idle(12, 'web-10', '12:00:41'), session(13, 'api-1', 'active', '12:00:42')];
    stopped(ended(11, 'web-2', '12:00:40'), ...life, ended(14, 'web-10', '12:00:50')).expectCauses({
      11: 'unknown',
      14: 'daemon_stop',
    });
  });
});

describe('the row after the run', () => {
  const then = (time: string) =>
    given(...sessions, ended(11, 'web-2', '12:00:50'), created(12, 'web-11', time), start, restores[1]!);

  test('is not older than the start', () => {
    then('12:01:00').expectCauses({ 11: 'daemon_stop' });
    then('12:00:59.999999999').expectCauses({ 11: 'unknown' });
  });
});

describe('the restore', () => {
  const restored = (time: string) => given(...sessions, ended(11, 'web-2', '12:00:50'), start, idle(12, 'web-2', time));

  test('comes within 10 s after the start, to the nanosecond', () => {
    restored('12:01:10').expectCauses({ 11: 'daemon_stop' });
    restored('12:01:10.000000001').expectCauses({ 11: 'unknown' });
    restored('12:00:59.999999999').expectCauses({ 11: 'unknown' });
  });
});

test('an end at the very time of the start is after it', () => {
  stopped(ended(11, 'web-2', '12:01:00')).expectCauses({ 11: 'found_dead_at_start' });
});

test('a stop that no start has followed yet is unknown', () => {
  given(...sessions, ended(11, 'web-2', '12:00:50'), ended(12, 'web-10', '12:00:50.03')).expectCauses({
    11: 'unknown',
    12: 'unknown',
  });
  given(...sessions, ended(11, 'web-2', '12:00:50'), start).expectCauses({ 11: 'unknown' });
});

test('a stop comes before an agent’s exit, where both would hold', () => {
  stopped(hook('12:00:49.999'), ended(11, 'web-2', '12:00:50')).expectCauses({ 11: 'daemon_stop' });
});

test('of two starts each has its own run', () => {
  given(
    ...sessions,
    ended(11, 'web-2', '12:00:50'),
    started('12:01:00'),
    idle(12, 'web-2', '12:01:01'),
    ended(13, 'web-2', '12:02:00'),
    started('12:03:00'),
    idle(14, 'web-2', '12:03:01'),
  ).expectCauses({ 11: 'daemon_stop', 13: 'daemon_stop' });
});

test('a start that came to nothing does not hide the stop', () => {
  const twice = [started('12:00:55'), start];
  given(...sessions, ended(11, 'web-2', '12:00:50'), ...twice, restores[1]!).expectCauses({ 11: 'daemon_stop' });
});
