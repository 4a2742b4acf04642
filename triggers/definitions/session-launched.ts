import { TRIGGERED } from '../../projections/facts.ts';
import type { DefinitionOf } from '../definition.ts';
import { utc } from '../sql.ts';
import { CHANGED_AT, incarnation, SESSION, SESSION_COLUMNS } from './session.ts';

/** The launch is recorded with the handle of the runtime, and `change_log` has no row for it. */
export const sessionLaunched: DefinitionOf = {
  table: 'sessions',
  needs: [...SESSION_COLUMNS, 'runtime_handle_id'],
  define: () => ({
    fact: TRIGGERED.sessionLaunched,
    table: 'sessions',
    on: 'UPDATE OF runtime_handle_id',
    when: "OLD.runtime_handle_id = '' AND NEW.runtime_handle_id <> ''",
    key: incarnation('NEW'),
    at: CHANGED_AT,
    ...SESSION,
    payload: { created_at: utc('NEW.created_at') },
  }),
};
