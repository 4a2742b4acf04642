import { describe, expect, test } from '@jest/globals';
import { AT, fact, LATER, SESSION, withTriggers } from './support.ts';

describe.each([15, 82])('on version %i', (version) => {
  test('a session is created once', () => {
    withTriggers(version, (host) => {
      const inserted = { ...SESSION, updated_at: LATER, issue_id: '17', kind: 'orchestrator' };
      expect(host.adds(() => host.insert('sessions', inserted))).toEqual([
        fact('ao_projector.session_created', {
          id: `aop:session_created:web-2:${AT}`,
          at: LATER,
          project: 'web',
          session: 'web-2',
          payload: `{"created_at":"${AT}","kind":"orchestrator","harness":"codex","has_issue":true,"launched":false}`,
        }),
      ]);
      expect(host.adds(() => host.insert('sessions', inserted, { or: 'OR REPLACE' }))).toEqual([]);
      expect(host.adds(() => host.update('sessions', 'web-2'))).toEqual([]);
    });
  });

  test('a session that takes the id of one rolled back is another', () => {
    withTriggers(version, (host) => {
      host.insert('sessions', SESSION);
      host.db.exec("DELETE FROM change_log WHERE session_id = 'web-2'");
      host.remove('sessions', 'web-2');
      const [second] = host.adds(() => host.insert('sessions', { ...SESSION, created_at: LATER, updated_at: LATER }));
      expect(second).toMatchObject({ id: `aop:session_created:web-2:${LATER}`, occurred_at: LATER });
    });
  });

  test('a session that is born with a handle is launched already', () => {
    withTriggers(version, (host) => {
      const [created] = host.adds(() => host.insert('sessions', { ...SESSION, harness: '', runtime_handle_id: 'h' }));
      expect(created?.payload_json).toBe(
        `{"created_at":"${AT}","kind":"worker","harness":"","has_issue":false,"launched":true}`,
      );
    });
  });

  test('an imported session was not created here', () => {
    withTriggers(version, (host) => {
      expect(host.adds(() => host.insert('sessions', { ...SESSION, id: 'web-orchestrator', num: 0 }))).toEqual([]);
    });
  });
});

test('a harness that nobody knows is another one', () => {
  withTriggers(82, (host) => {
    host.db.pragma('ignore_check_constraints = ON');
    const [created] = host.adds(() => host.insert('sessions', { ...SESSION, harness: 'secret', kind: 'secret' }));
    expect(created?.payload_json).toBe(
      `{"created_at":"${AT}","kind":"other","harness":"other","has_issue":false,"launched":false}`,
    );
  });
});
