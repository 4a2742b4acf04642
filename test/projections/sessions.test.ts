import { describe, expect, test } from '@jest/globals';
import { eventParts } from '../../projections/vocabulary.ts';
import { given } from '../support/spec.ts';
import { chatted, created, ended, idle, instant, project, session, started } from './rows.ts';

describe('a session is spawned', () => {
  test('by its creation row', () => {
    given(created(1, 'web-1')).expectEvents(['1 session.spawned']);
  });

  test('with the row’s time, in its project, as its own subject', () => {
    const [spawned] = given(created(7, 'web-1', '12:00:01.234567891'))
      .events()
      .slice(-1);
    expect(eventParts(spawned!.id)).toMatchObject({ stream: 'change_log', position: 7 });
    expect(spawned).toMatchObject({
      subject: 7,
      session: 7,
      project: project('web'),
      dimensions: null,
      measures: null,
    });
    expect(spawned!.at).toBe(instant('12:00:01.234').at);
  });

  test('by no other row, and a session without one derives nothing', () => {
    const rows = [session(1, 'web-1', 'active'), chatted(2, 'web-1'), ended(3, 'web-1'), idle(4, 'web-1')];
    given(...rows).expectEvents([]);
  });

  test('each under its own id', () => {
    given(created(1, 'web-1'), created(2, 'web-10'), created(3, 'api-1')).expectEvents([
      '1 session.spawned',
      '2 session.spawned',
      '3 session.spawned',
    ]);
  });

  test('anew where its id is used again, and what was derived from the first life is taken back', () => {
    given(
      created(1, 'web-1'),
      session(2, 'web-1', 'waiting_input'),
      ended(3, 'web-1'),
      idle(4, 'web-1'),
      created(5, 'web-1'),
      session(6, 'web-1', 'active'),
    ).expectEvents(['5 session.spawned', '6 session.first_signal']);
  });
});

describe('a session is killed', () => {
  const start = [created(1, 'web-1'), session(2, 'web-1', 'active')];

  test('by the row that ends it', () => {
    given(...start, ended(3, 'web-1')).expectOnly('killed', ['3 session.killed end_cause=unknown']);
  });

  test('once, however often the row is repeated', () => {
    given(...start, ended(3, 'web-1'), ended(4, 'web-1'), chatted(5, 'web-1')).expectOnly('killed', [
      '3 session.killed end_cause=unknown',
    ]);
  });

  test('again after a restore', () => {
    given(...start, ended(3, 'web-1'), idle(4, 'web-1'), ended(5, 'web-1')).expectOnly('killed', [
      '3 session.killed end_cause=unknown',
      '5 session.killed end_cause=unknown',
    ]);
  });

  test('not by an agent that exits, and not by the end of another session', () => {
    given(...start, created(3, 'web-2'), session(4, 'web-1', 'exited'), ended(5, 'web-2')).expectOnly('killed', [
      '5 session.killed end_cause=unknown',
    ]);
  });

  test('whatever activity the ending row has', () => {
    given(created(1, 'web-1'), idle(2, 'web-1', undefined, { terminated: true })).expectOnly('killed', [
      '2 session.killed end_cause=unknown',
    ]);
  });
});

describe('a session is restored', () => {
  const start = [created(1, 'web-1'), ended(2, 'web-1', '12:00:30')];

  test('by the row that undoes its end', () => {
    given(...start, idle(3, 'web-1')).expectOnly('restored', ['3 session.restored how=other']);
  });

  test('not by a row of a session that has not ended', () => {
    given(created(1, 'web-1'), session(2, 'web-1', 'exited'), idle(3, 'web-1')).expectOnly('restored', []);
  });

  test('once, until it has ended again', () => {
    given(...start, idle(3, 'web-1'), idle(4, 'web-1'), session(5, 'web-1', 'active')).expectOnly('restored', [
      '3 session.restored how=other',
    ]);
  });

  test('by the daemon within 10 s after a start, to the nanosecond', () => {
    const restored = (time: string) => given(...start, started('12:01:00'), idle(3, 'web-1', time));
    restored('12:01:00').expectOnly('restored', ['3 session.restored how=daemon']);
    restored('12:01:10').expectOnly('restored', ['3 session.restored how=daemon']);
    restored('12:01:10.000000001').expectOnly('restored', ['3 session.restored how=other']);
    restored('12:00:59.999999999').expectOnly('restored', ['3 session.restored how=other']);
  });

  test('by the daemon where it undoes a daemon’s stop, though no start is recorded', () => {
    given(
      created(1, 'web-1'),
      created(2, 'web-2'),
      ended(3, 'web-1', '12:00:30'),
      ended(4, 'web-2', '12:00:30.03'),
      idle(5, 'web-1', '12:05:00'),
      idle(6, 'web-2', '12:05:01'),
    ).expectOnly('restored', ['5 session.restored how=daemon', '6 session.restored how=daemon']);
  });
});

describe('an agent exits while its session stays open', () => {
  const start = [created(1, 'web-1'), session(2, 'web-1', 'active', undefined, { host: 82 })];
  const exited = (seq: number) => session(seq, 'web-1', 'exited', undefined, { host: 82 });

  test('and may be resumed', () => {
    given(...start, exited(3), idle(4, 'web-1')).expectOnly('agent', [
      '3 session.agent_exited',
      '4 session.agent_resumed',
    ]);
  });

  test('once, however often the row is repeated', () => {
    given(...start, exited(3), exited(4)).expectOnly('agent', ['3 session.agent_exited']);
  });

  test('each time', () => {
    given(...start, exited(3), session(4, 'web-1', 'active'), exited(5)).expectOnly('agent', [
      '3 session.agent_exited',
      '4 session.agent_resumed',
      '5 session.agent_exited',
    ]);
  });

  test('which is another thing than an end, and a restore is no resumption', () => {
    given(...start, ended(3, 'web-1'), idle(4, 'web-1')).expectOnly('agent', []);
    given(...start, exited(3), ended(4, 'web-1'), idle(5, 'web-1')).expectOnly('agent', ['3 session.agent_exited']);
  });
});
