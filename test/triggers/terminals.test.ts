import { describe, expect, test } from '@jest/globals';
import { AT, fact, factsOf, LATER, type Row, withTriggers } from './support.ts';

const TERMINAL: Row = {
  handle_id: 'shellterm-1',
  project_id: 'web',
  working_dir: '/home/dev/web',
  app_run_id: 'run',
  created_at: AT,
};

const OPENED = { id: `aop:terminal_opened:shellterm-1:${AT}`, at: AT, project: 'web', payload: '{}' };

describe.each([27, 36, 82])('on version %i', (version) => {
  test('a terminal is opened once, and again when its handle comes back', () => {
    withTriggers(version, (host) => {
      const opened = fact('ao_projector.terminal_opened', OPENED);
      expect(host.adds(() => host.insert('shell_terminals', TERMINAL))).toEqual([opened]);
      expect(host.adds(() => host.insert('shell_terminals', TERMINAL, { or: 'OR REPLACE' }))).toEqual([]);
      expect(host.adds(() => host.update('shell_terminals', 'shellterm-1', { title: 'zsh' }))).toEqual([]);
      expect(host.adds(() => host.remove('shell_terminals', 'shellterm-1'))).toEqual([]);
      const [second] = host.adds(() => host.insert('shell_terminals', { ...TERMINAL, created_at: LATER }));
      expect(second?.id).toBe(`aop:terminal_opened:shellterm-1:${LATER}`);
    });
  });
});

test('a terminal belongs to a session from version 36 on', () => {
  withTriggers(36, (host) => {
    expect(host.adds(() => host.insert('shell_terminals', { ...TERMINAL, session_id: 'web-1' }))).toEqual([
      fact('ao_projector.terminal_opened', { ...OPENED, session: 'web-1' }),
    ]);
  });
});

test('a terminal may belong to nothing', () => {
  withTriggers(82, (host) => {
    host.insert('shell_terminals', { ...TERMINAL, project_id: null });
    expect(factsOf(host.db)[0]).toMatchObject({ project_id: null, session_id: null });
  });
});
