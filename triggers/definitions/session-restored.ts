import { TRIGGERED } from '../../projections/facts.ts';
import type { DefinitionOf } from '../definition.ts';
import { utc } from '../sql.ts';
import { CHANGED_AT, incarnation, SESSION, SESSION_COLUMNS } from './session.ts';

export const sessionRestored: DefinitionOf = {
  table: 'sessions',
  needs: [...SESSION_COLUMNS, 'is_terminated'],
  define: () => ({
    fact: TRIGGERED.sessionRestored,
    table: 'sessions',
    on: 'UPDATE OF is_terminated',
    when: 'OLD.is_terminated <> 0 AND NEW.is_terminated = 0',
    key: [...incarnation('NEW'), CHANGED_AT],
    at: CHANGED_AT,
    ...SESSION,
    payload: { created_at: utc('NEW.created_at') },
  }),
};
