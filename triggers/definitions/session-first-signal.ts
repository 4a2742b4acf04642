import { TRIGGERED } from '../../projections/facts.ts';
import type { DefinitionOf } from '../definition.ts';
import { utc } from '../sql.ts';
import { CHANGED_AT, incarnation, SESSION, SESSION_COLUMNS } from './session.ts';

/** Each launch has a first signal; the key lets the first of the incarnation alone become a fact. */
export const sessionFirstSignal: DefinitionOf = {
  table: 'sessions',
  needs: [...SESSION_COLUMNS, 'first_signal_at'],
  define: () => ({
    fact: TRIGGERED.sessionFirstSignal,
    table: 'sessions',
    on: 'UPDATE OF first_signal_at',
    when: 'OLD.first_signal_at IS NULL AND NEW.first_signal_at IS NOT NULL',
    key: incarnation('NEW'),
    at: CHANGED_AT,
    ...SESSION,
    payload: { created_at: utc('NEW.created_at') },
  }),
};
