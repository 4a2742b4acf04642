import { TRIGGERED } from '../../projections/facts.ts';
import type { DefinitionOf } from '../definition.ts';
import { utc } from '../sql.ts';

/** Terminals came with v27, and the session that one belongs to with v36. */
export const terminalOpened: DefinitionOf = {
  table: 'shell_terminals',
  needs: ['handle_id', 'project_id', 'created_at'],
  define: (columns) => ({
    fact: TRIGGERED.terminalOpened,
    table: 'shell_terminals',
    on: 'INSERT',
    key: ['NEW.handle_id', utc('NEW.created_at')],
    at: utc('NEW.created_at'),
    project: 'NEW.project_id',
    ...(columns.has('session_id') ? { session: 'NEW.session_id' } : {}),
    payload: {},
  }),
};
