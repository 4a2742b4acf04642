import { TRIGGERED } from '../../projections/facts.ts';
import type { DefinitionOf } from '../definition.ts';
import { INCARNATION, SESSION, SESSION_COLUMNS, TIMES } from './session.ts';

export const sessionRestored: DefinitionOf = {
  table: 'sessions',
  needs: [...SESSION_COLUMNS, 'is_terminated'],
  define: () => ({
    fact: TRIGGERED.sessionRestored,
    table: 'sessions',
    on: 'UPDATE OF is_terminated',
    when: 'OLD.is_terminated <> 0 AND NEW.is_terminated = 0',
    times: TIMES,
    key: [...INCARNATION, 'changed'],
    at: 'changed',
    ...SESSION,
    payload: { created_at: 'created' },
  }),
};
