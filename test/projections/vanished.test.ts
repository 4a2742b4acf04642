import { describe, expect, test } from '@jest/globals';
import { foldChange, foldVanished, settle } from '../../projections/index.ts';
import { MemoryState } from '../support/memory-state.ts';
import { given } from '../support/spec.ts';
import { chatted, created, ended, found, idle, projectCreated, session, started, vanished } from './rows.ts';

const first = created(1, 'web-1');

describe('a creation row that vanishes after it was read', () => {
  test('takes with it all that its incarnation derived', () => {
    const life = [session(2, 'web-1', 'waiting_input'), session(3, 'web-1', 'active'), session(4, 'web-1', 'exited')];
    given(first, ...life, vanished(1)).expectEvents([]);
    given(first, ...life, vanished(1)).expectMilestones([]);
  });

  test('leaves the others alone', () => {
    given(
      created(1, 'web-2'),
      session(2, 'web-2', 'active'),
      created(3, 'web-1'),
      vanished(3),
      idle(4, 'web-2'),
    ).expectEvents(['1 session.spawned', '2 session.first_signal']);
  });

  test('leaves its id to the next spawn, which gets it again and again', () => {
    given(
      first,
      vanished(1),
      created(2, 'web-1'),
      vanished(2),
      created(3, 'web-1'),
      session(4, 'web-1', 'active'),
    ).expectEvents(['3 session.spawned', '4 session.first_signal']);
  });

  test('may be found gone after its id was used again', () => {
    given(first, created(2, 'web-1'), vanished(1), session(3, 'web-1', 'active')).expectEvents([
      '2 session.spawned',
      '3 session.first_signal',
    ]);
  });

  test('may be found gone long after, with others in between', () => {
    given(first, created(2, 'web-2'), ended(3, 'web-2'), idle(4, 'web-2'), vanished(1), ended(5, 'web-2')).expectEvents(
      [
        '2 session.spawned',
        '3 session.killed end_cause=unknown',
        '4 session.restored how=other',
        '5 session.killed end_cause=unknown',
      ],
    );
  });
});

describe('between ends', () => {
  const sessions = [created(1, 'web-1'), created(2, 'web-2')];
  const start = started('12:01:00');
  const back = [idle(21, 'web-1', '12:01:01'), idle(22, 'web-2', '12:01:02')];
  const ends = [ended(11, 'web-1', '12:00:50'), ended(13, 'web-2', '12:00:50.5')];
  const stop = { 11: 'daemon_stop', 13: 'daemon_stop' };

  test('a row that vanishes stood in nobody’s way', () => {
    const between = created(12, 'web-3', '12:00:50.2');
    given(...sessions, ends[0]!, between, ends[1]!, start, ...back).expectCauses({ 11: 'unknown', 13: 'daemon_stop' });
    given(...sessions, ends[0]!, between, vanished(12), ends[1]!, start, ...back).expectCauses(stop);
    given(...sessions, ends[0]!, between, ends[1]!, start, ...back, vanished(12)).expectCauses(stop);
  });

  test('nor one between the last end and the start', () => {
    const after = created(14, 'web-3', '12:00:55');
    given(...sessions, ...ends, after, start, ...back).expectCauses({ 11: 'unknown', 13: 'unknown' });
    given(...sessions, ...ends, after, start, ...back, vanished(14)).expectCauses(stop);
  });

  test('nor where the start is not recorded', () => {
    const between = created(12, 'web-3', '12:00:50.2');
    given(...sessions, ends[0]!, between, ends[1]!, ...back, vanished(12)).expectCauses(stop);
    given(...sessions, ends[0]!, between, ends[1]!, ...back).expectCauses({ 11: 'unknown', 13: 'unknown' });
  });

  test('nor where it had more rows than its creation', () => {
    const life = [
      created(12, 'web-3', '12:00:50.2'),
      session(14, 'web-3', 'active', '12:00:50.3'),
      chatted(15, 'web-3'),
    ];
    const end = ended(16, 'web-2', '12:00:50.5');
    given(...sessions, ends[0]!, ...life, end, start, ...back, vanished(12)).expectCauses({
      11: 'daemon_stop',
      16: 'daemon_stop',
    });
  });

  test('but the row after it does, where that one stays', () => {
    const two = [created(12, 'web-3', '12:00:50.2'), created(14, 'web-4', '12:00:50.3')];
    const end = ended(16, 'web-2', '12:00:50.5');
    given(...sessions, ends[0]!, ...two, end, start, ...back, vanished(12)).expectCauses({
      11: 'unknown',
      16: 'daemon_stop',
    });
    given(...sessions, ends[0]!, ...two, end, start, ...back, vanished(14), vanished(12)).expectCauses({
      11: 'daemon_stop',
      16: 'daemon_stop',
    });
  });

  test('one that was born before the ends, and spoke between them', () => {
    const born = created(3, 'web-3');
    const end = ended(13, 'web-2', '12:00:50.5');
    const speaks = session(12, 'web-3', 'active', '12:00:50.2');
    given(...sessions, born, ends[0]!, speaks, end, start, ...back, vanished(3)).expectCauses(stop);
  });
});

describe('a milestone whose source vanishes', () => {
  test('moves to the next that reached it', () => {
    const second = [created(3, 'api-1'), session(4, 'api-1', 'active')];
    given(first, session(2, 'web-1', 'active'), ...second, vanished(1)).expectMilestones([
      '3 onboarding.first_project_added',
      '3 onboarding.first_session_spawned',
      '4 onboarding.first_agent_output',
    ]);
  });

  test('is reached no more where there is none', () => {
    given(first, session(2, 'web-1', 'active'), vanished(1), projectCreated('web', '12:30:00')).expectMilestones([
      't1 onboarding.first_project_added',
    ]);
  });

  test('is reached by what comes after', () => {
    given(first, vanished(1), created(2, 'web-1')).expectMilestones([
      '2 onboarding.first_project_added',
      '2 onboarding.first_session_spawned',
    ]);
  });

  test('comes back where nothing is older any more', () => {
    const rows = [started('12:00:05'), created(1, 'web-1', '12:00:04'), created(2, 'web-2', '12:00:06')];
    given(...rows).expectMilestones(['1 onboarding.first_project_added', '1 onboarding.first_session_spawned']);
    given(...rows, vanished(1)).expectMilestones([
      't1 daemon.started',
      '2 onboarding.first_project_added',
      '2 onboarding.first_session_spawned',
    ]);
  });
});

test('a session that has ended, or has owned a PR, cannot vanish', () => {
  for (const firm of [ended(2, 'web-1'), found(2, 'pr/1', 'web-1')]) {
    const state = new MemoryState();
    for (const row of [first, firm]) if ('change' in row) foldChange(state, row.change);
    settle(state);
    const before = state.events.all();
    foldVanished(state, [1, 99]);
    settle(state);
    expect(state.events.all()).toEqual(before);
  }
});
