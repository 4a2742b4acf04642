import { describe, expect, test } from '@jest/globals';
import { AT, fact, LATER, STILL_LATER, withTriggers } from './support.ts';

describe.each([15, 82])('on version %i', (version) => {
  test('a session is launched once, when its handle is recorded', () => {
    withTriggers(version, (host) => {
      const launch = { runtime_handle_id: 'web-1', workspace_path: '/home/dev/web-1', updated_at: LATER };
      expect(host.adds(() => host.update('sessions', 'web-1', launch))).toEqual([
        fact('ao_projector.session_launched', {
          id: `aop:session_launched:web-1:${AT}`,
          at: LATER,
          project: 'web',
          session: 'web-1',
          payload: `{"created_at":"${AT}"}`,
        }),
      ]);
      expect(host.adds(() => host.update('sessions', 'web-1', launch))).toEqual([]);
    });
  });

  test('a handle that goes, comes back or changes is no second launch', () => {
    withTriggers(version, (host) => {
      host.update('sessions', 'web-1', { runtime_handle_id: 'one' });
      const after = () => {
        host.update('sessions', 'web-1', { runtime_handle_id: 'two', updated_at: LATER });
        host.update('sessions', 'web-1', { runtime_handle_id: '', updated_at: LATER });
        host.update('sessions', 'web-1', { runtime_handle_id: 'three', updated_at: STILL_LATER });
      };
      expect(host.adds(after)).toEqual([]);
    });
  });
});
