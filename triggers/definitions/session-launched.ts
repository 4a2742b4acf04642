import { TRIGGERED } from '../../projections/facts.ts';
import type { DefinitionOf } from '../definition.ts';
import { INCARNATION, SESSION, SESSION_COLUMNS, TIMES } from './session.ts';

/** The launch is recorded with the handle of the runtime, and `change_log` has no row for it. */
export const sessionLaunched: DefinitionOf = {
  table: 'sessions',
  needs: [...SESSION_COLUMNS, 'runtime_handle_id'],
  define: () => ({
    fact: TRIGGERED.sessionLaunched,
    table: 'sessions',
    on: 'UPDATE OF runtime_handle_id',
    when: "OLD.runtime_handle_id = '' AND NEW.runtime_handle_id <> ''",
    times: TIMES,
    key: INCARNATION,
    at: 'changed',
    ...SESSION,
    payload: { created_at: 'created' },
  }),
};
