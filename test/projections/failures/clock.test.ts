import { describe, expect, test } from '@jest/globals';
import { eventParts } from '../../../projections/vocabulary.ts';
import { asked } from '../../projector/answers/asked.ts';
import { given } from '../../support/spec.ts';
import {
  chatted,
  check,
  claimed,
  created,
  ended,
  found,
  idle,
  resolved,
  session,
  started,
  thread,
  vanished,
} from '../rows.ts';

const begin = [
  created(1, 'web-1', '12:00:00'),
  session(2, 'web-1', 'active', '12:00:01'),
  session(3, 'web-1', 'waiting_input', '12:00:10'),
];
const stuck = ['3 session.stuck_waiting'];
const LATER = '12:40:00';

describe('the clock is the newest time of the rows of `change_log`', () => {
  test.each([
    ['a creation', [created(5, 'api-1', LATER), session(6, 'api-1', 'active', LATER)]],
    [
      'a session',
      [created(4, 'api-1', '12:00:11'), session(5, 'api-1', 'active', '12:00:12'), idle(6, 'api-1', LATER)],
    ],
    ['a session without a creation row', [idle(5, 'api-1', LATER)]],
    ['a chat', [chatted(5, 'web-1', LATER)]],
    ['a PR', [found(5, 'pr/1', 'web-1', {}, LATER)]],
    ['a check', [found(5, 'pr/1', 'web-1', {}, '12:00:11'), check(6, 'pr/1', 'c1', LATER)]],
    ['a thread', [found(5, 'pr/1', 'web-1', {}, '12:00:11'), thread(6, 'pr/1', LATER)]],
    ['a thread resolved', [found(5, 'pr/1', 'web-1', {}, '12:00:11'), resolved(6, 'pr/1', true, LATER)]],
    ['a claim', [found(5, 'pr/1', 'web-1', {}, '12:00:11'), claimed(6, 'pr/1', 'web-1', LATER)]],
  ])('of %s', (_, rows) => {
    given(...begin, ...rows).expectFailures(stuck);
  });

  test('and of no other stream', () => {
    given(...begin, started(LATER)).expectFailures([]);
  });

  test('not of its latest row, where time went back', () => {
    given(...begin, found(4, 'pr/1', 'web-1', {}, LATER), found(5, 'pr/2', 'web-1', {}, '12:00:20')).expectFailures(
      stuck,
    );
  });
});

describe('a time that cannot be does not count:', () => {
  test.each([
    ['2019-12-31 23:59:59.999', []],
    ['2099-12-31 23:59:59.999', stuck],
    ['2100-01-01 00:00:00', []],
    ['0001-01-01 00:00:00', []],
  ])('%s', (time, lines) => {
    given(...begin, found(4, 'pr/1', 'web-1', {}, time)).expectFailures(lines);
  });

  test('and where there is no other, there is no clock', () => {
    given(
      created(1, 'web-1', '2019-12-31 12:00:00'),
      session(2, 'web-1', 'waiting_input', '2019-12-31 12:00:01'),
      found(3, 'pr/1', 'web-1', {}, '2019-12-31 13:00:00'),
    ).expectFailures([]);
  });

  test('but a wait that began then is measured from there', () => {
    given(
      created(1, 'web-1', '12:00:00'),
      session(2, 'web-1', 'active', '12:00:01'),
      session(3, 'web-1', 'waiting_input', '2019-12-31 12:00:00'),
      found(4, 'pr/1', 'web-1', {}, '12:00:10'),
    ).expectFailures(stuck);
  });
});

describe('the clock falls when a row vanishes', () => {
  const seed = [created(4, 'api-1', LATER)];

  test('and what it told is taken back', () => {
    given(...begin, ...seed).expectFailures(stuck);
    given(...begin, ...seed, vanished(4)).expectFailures([]);
  });

  test('not where another row still says so', () => {
    given(...begin, ...seed, found(5, 'pr/1', 'web-1', {}, '12:30:10.001'), vanished(4)).expectFailures(stuck);
    given(...begin, ...seed, found(5, 'pr/1', 'web-1', {}, '12:30:10'), vanished(4)).expectFailures([]);
  });

  test('and rises again with what comes after', () => {
    given(...begin, ...seed, vanished(4), found(5, 'pr/1', 'web-1', {}, LATER)).expectFailures(stuck);
  });

  test('with all the rows of its incarnation, chats too', () => {
    const life = [
      created(4, 'api-1', '12:00:20'),
      session(5, 'api-1', 'active', '12:40:00'),
      chatted(6, 'api-1', '12:50:00'),
    ];
    given(...begin, ...life).expectFailures([...stuck, '4 session.no_signal']);
    given(...begin, ...life, vanished(4)).expectFailures([]);
  });

  test('but not when what was there has ended, and so cannot vanish', () => {
    const life = [created(4, 'api-1', '12:00:20'), session(5, 'api-1', 'active', '12:00:21'), idle(6, 'api-1', LATER)];
    given(...begin, ...life, ended(7, 'api-1', '12:00:30')).expectFailures(stuck);
  });
});

test('rows that hold nothing but an id never move it', () => {
  const at = (time: string) => `2026-06-18 ${time} +0000 UTC`;
  const told = (payload: object) => {
    const row = { type: 'session_updated', project: 'web', session: 'web-1', payload: JSON.stringify(payload) };
    return asked(
      (host) =>
        host
          .created('web-1', at('12:00:00'))
          .updated('web-1', 'active', false, at('12:00:01'))
          .updated('web-1', 'blocked', false, at('12:00:10'))
          .line({ ...row, at: at(LATER) }),
      ({ derived }) => derived.prepare<[], { id: number }>('SELECT id FROM event').all(),
      82,
    ).map(({ id }) => eventParts(id).definition.name);
  };
  const chat = { id: 'web-1', sessionId: 'web-1', conversationId: 'c', activity: 'blocked', isTerminated: false };
  expect(told({ id: 'web-1' })).not.toContain('ao.session.stuck_waiting');
  expect(told(chat)).toContain('ao.session.stuck_waiting');
});
