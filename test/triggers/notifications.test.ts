import { describe, expect, test } from '@jest/globals';
import { AT, fact, LATER, type Row, withTriggers } from './support.ts';

const NOTIFICATION: Row = {
  id: 'ntf_1',
  session_id: 'web-1',
  project_id: 'web',
  type: 'needs_input',
  title: 'Look',
  created_at: '2026-06-18 18:04:56.789012345 +0530 IST m=+12.345678901',
};

describe.each([15, 41, 82])('on version %i', (version) => {
  test('a notification is raised once, and what is done with it is no fact', () => {
    withTriggers(version, (host) => {
      expect(host.adds(() => host.insert('notifications', NOTIFICATION))).toEqual([
        fact('ao_projector.notification_raised', {
          id: 'aop:notification_raised:ntf_1',
          at: AT,
          project: 'web',
          session: 'web-1',
          payload: '{"type":"needs_input"}',
        }),
      ]);
      const after = () => {
        host.insert('notifications', NOTIFICATION, { or: 'OR REPLACE' });
        host.update('notifications', 'ntf_1');
        host.update('notifications', 'ntf_1', { status: 'read' });
      };
      expect(host.adds(after)).toEqual([]);
    });
  });

  test('one that the daemon does not take, for another is open, is no fact', () => {
    withTriggers(version, (host) => {
      host.insert('notifications', NOTIFICATION);
      const second = { ...NOTIFICATION, id: 'ntf_2', created_at: LATER };
      expect(host.adds(() => host.insert('notifications', second, { or: 'OR IGNORE' }))).toEqual([]);
      expect(() => host.insert('notifications', second)).toThrow('UNIQUE constraint failed: notifications.session_id');
      expect(host.adds(() => {})).toEqual([]);
    });
  });
});
