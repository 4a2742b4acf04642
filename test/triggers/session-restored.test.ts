import { describe, expect, test } from '@jest/globals';
import { AT, fact, LATER, type Row, STILL_LATER, withTriggers } from './support.ts';

const END: Row = { activity_state: 'exited', is_terminated: 1, updated_at: LATER };
const RESTORE: Row = { activity_state: 'idle', is_terminated: 0, first_signal_at: null, updated_at: STILL_LATER };

describe.each([15, 82])('on version %i', (version) => {
  test('a session is restored once for each time that it ended', () => {
    withTriggers(version, (host) => {
      expect(host.adds(() => host.update('sessions', 'web-1', RESTORE))).toEqual([]);
      host.update('sessions', 'web-1', END);
      expect(host.adds(() => host.update('sessions', 'web-1', RESTORE))).toEqual([
        fact('ao_projector.session_restored', {
          id: `aop:session_restored:web-1:${AT}:${STILL_LATER}`,
          at: STILL_LATER,
          project: 'web',
          session: 'web-1',
          payload: `{"created_at":"${AT}"}`,
        }),
      ]);
      expect(host.adds(() => host.update('sessions', 'web-1', RESTORE))).toEqual([]);
      host.update('sessions', 'web-1', END);
      const [second] = host.adds(() => host.update('sessions', 'web-1', { ...RESTORE, updated_at: AT }));
      expect(second?.id).toBe(`aop:session_restored:web-1:${AT}:${AT}`);
    });
  });
});
