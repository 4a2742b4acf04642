import { describe, expect, test } from '@jest/globals';
import { AT, fact, LATER, STILL_LATER, withTriggers } from './support.ts';

describe.each([15, 82])('on version %i', (version) => {
  test('the first signal is one fact, with the time of the row', () => {
    withTriggers(version, (host) => {
      const signal = { activity_state: 'active', first_signal_at: AT, activity_last_at: AT, updated_at: LATER };
      expect(host.adds(() => host.update('sessions', 'web-1', signal))).toEqual([
        fact('ao_projector.session_first_signal', {
          id: `aop:session_first_signal:web-1:${AT}`,
          at: LATER,
          project: 'web',
          session: 'web-1',
          payload: `{"created_at":"${AT}"}`,
        }),
      ]);
      expect(host.adds(() => host.update('sessions', 'web-1', signal))).toEqual([]);
    });
  });

  test('the first signal of a later launch is none', () => {
    withTriggers(version, (host) => {
      host.update('sessions', 'web-1', { first_signal_at: AT, updated_at: AT });
      host.update('sessions', 'web-1', { first_signal_at: null, updated_at: LATER });
      const again = { first_signal_at: STILL_LATER, updated_at: STILL_LATER };
      expect(host.adds(() => host.update('sessions', 'web-1', again))).toEqual([]);
    });
  });
});
