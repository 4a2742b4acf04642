import { describe, expect, test } from '@jest/globals';
import { AT, CLOCK, type Fact, fact, type Host, LATER, type Row, SESSION, withTriggers } from './support.ts';

/** As the daemon takes a session back: its rows of the log first, then the session. */
const rollBack = (host: Host, id: string): Fact[] =>
  host.adds(() =>
    host.db.transaction(() => {
      host.db.prepare('DELETE FROM change_log WHERE session_id = ?').run(id);
      host.remove('sessions', id);
    })(),
  );

describe.each([15, 82])('on version %i', (version) => {
  test('a seed is rolled back once, at the time of the write', () => {
    withTriggers(
      version,
      (host) => {
        host.insert('sessions', SESSION);
        expect(rollBack(host, 'web-2')).toEqual([
          fact('ao_projector.session_rolled_back', {
            id: `aop:session_rolled_back:web-2:${AT}`,
            at: CLOCK,
            project: 'web',
            session: 'web-2',
            payload: `{"created_at":"${AT}","kind":"worker","harness":"codex"}`,
          }),
        ]);
        expect(rollBack(host, 'web-2')).toEqual([]);
        host.insert('sessions', SESSION);
        expect(rollBack(host, 'web-2')).toEqual([]);
        host.insert('sessions', { ...SESSION, created_at: LATER });
        expect(rollBack(host, 'web-2').map(({ id }) => id)).toEqual([`aop:session_rolled_back:web-2:${LATER}`]);
      },
      { clock: true },
    );
  });

  test.each<[string, Row]>([
    ['ended', { is_terminated: 1 }],
    ['given a place to work', { workspace_path: '/home/dev/web-2' }],
    ['launched', { runtime_handle_id: 'web-2' }],
    ['known to its agent', { agent_session_id: 'agent' }],
    ['given a prompt', { prompt: 'Please.' }],
  ])('what was %s is no seed any more', (_, change) => {
    withTriggers(version, (host) => {
      host.insert('sessions', { ...SESSION, ...change });
      expect(rollBack(host, 'web-2')).toEqual([]);
      expect(host.db.prepare("SELECT count(*) FROM sessions WHERE id = 'web-2'").pluck().get()).toBe(0);
    });
  });
});
