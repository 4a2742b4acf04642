import { TRIGGERED } from '../../projections/facts.ts';
import type { DefinitionOf } from '../definition.ts';

/** Terminals came with v27, and the session that one belongs to with v36. */
export const terminalOpened: DefinitionOf = {
  table: 'shell_terminals',
  needs: ['handle_id', 'project_id', 'created_at'],
  define: (columns) => ({
    fact: TRIGGERED.terminalOpened,
    table: 'shell_terminals',
    on: 'INSERT',
    times: { opened: 'NEW.created_at' },
    key: ['NEW.handle_id', 'opened'],
    at: 'opened',
    project: 'NEW.project_id',
    ...(columns.has('session_id') ? { session: 'NEW.session_id' } : {}),
    payload: {},
  }),
};
