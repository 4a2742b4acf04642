import { describe, expect, test } from '@jest/globals';
import { AT, fact, LATER, type Row, STILL_LATER, withTriggers } from './support.ts';

const END: Row = { activity_state: 'exited', is_terminated: 1, activity_last_at: LATER, updated_at: LATER };

const payload = (launched: boolean, activity: string, gone: boolean): string =>
  `{"created_at":"${AT}","launched":${launched},"activity":"${activity}","runtime_gone":${gone}}`;

describe.each([15, 82])('on version %i', (version) => {
  test('a session ends once', () => {
    withTriggers(version, (host) => {
      expect(host.adds(() => host.update('sessions', 'web-1', END))).toEqual([
        fact('ao_projector.session_ended', {
          id: `aop:session_ended:web-1:${AT}:${LATER}`,
          at: LATER,
          project: 'web',
          session: 'web-1',
          payload: payload(false, 'idle', false),
        }),
      ]);
      expect(host.adds(() => host.update('sessions', 'web-1', END))).toEqual([]);
    });
  });

  test('a session that was restored ends again', () => {
    withTriggers(version, (host) => {
      host.update('sessions', 'web-1', END);
      host.update('sessions', 'web-1', { activity_state: 'idle', is_terminated: 0, updated_at: STILL_LATER });
      const [second] = host.adds(() => host.update('sessions', 'web-1', { ...END, updated_at: STILL_LATER }));
      expect(second?.id).toBe(`aop:session_ended:web-1:${AT}:${STILL_LATER}`);
    });
  });

  test('what it did before it ended is kept, and that it was launched', () => {
    withTriggers(version, (host) => {
      host.update('sessions', 'web-1', { activity_state: 'waiting_input', runtime_handle_id: 'web-1' });
      const [ended] = host.adds(() => host.update('sessions', 'web-1', { ...END, runtime_handle_id: '' }));
      expect(ended?.payload_json).toBe(payload(true, 'waiting_input', false));
    });
  });

  test.each([
    ['2026-06-18 18:09:59.5 +0530 IST m=+9.000000001', true],
    ['2026-06-18 18:10:00.499999999 +0530 IST m=+9.000000001', true],
    ['2026-06-18 18:10:00.5 +0530 IST m=+9.000000001', false],
    ['2026-06-18 18:09:59.5 +0530 IST', false],
    [LATER, false],
    [AT, false],
  ])('the reaper leaves the time of its probe beside the row: %s', (probe, gone) => {
    withTriggers(version, (host) => {
      const [ended] = host.adds(() => host.update('sessions', 'web-1', { ...END, activity_last_at: probe }));
      expect(ended?.payload_json).toBe(payload(false, 'idle', gone));
    });
  });
});

test('an agent that leaves its session open ends nothing', () => {
  withTriggers(82, (host) => {
    expect(host.adds(() => host.update('sessions', 'web-1', { ...END, is_terminated: 0 }))).toEqual([]);
  });
});
