import { TRIGGERED } from '../../projections/facts.ts';
import { HARNESSES, SESSION_KINDS } from '../../projections/vocabularies.ts';
import type { DefinitionOf } from '../definition.ts';
import { CLOCK, word } from '../sql.ts';
import { SESSION_COLUMNS } from './session.ts';

/** The daemon deletes a session only to take back a spawn that failed before anything of it was recorded. */
const IS_SEED = [
  'OLD.is_terminated = 0',
  ...['workspace_path', 'runtime_handle_id', 'agent_session_id', 'prompt'].map((column) => `OLD.${column} = ''`),
].join(' AND ');

export const sessionRolledBack: DefinitionOf = {
  table: 'sessions',
  needs: [
    ...SESSION_COLUMNS,
    ...['kind', 'harness', 'is_terminated', 'workspace_path', 'runtime_handle_id', 'agent_session_id', 'prompt'],
  ],
  define: () => ({
    fact: TRIGGERED.sessionRolledBack,
    table: 'sessions',
    on: 'DELETE',
    when: IS_SEED,
    times: { created: 'OLD.created_at' },
    key: ['OLD.id', 'created'],
    at: CLOCK,
    project: 'OLD.project_id',
    session: 'OLD.id',
    payload: {
      created_at: 'created',
      kind: word('OLD.kind', SESSION_KINDS),
      harness: word('OLD.harness', HARNESSES),
    },
  }),
};
