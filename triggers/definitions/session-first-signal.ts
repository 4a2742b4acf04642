import { TRIGGERED } from '../../projections/facts.ts';
import type { DefinitionOf } from '../definition.ts';
import { INCARNATION, SESSION, SESSION_COLUMNS, TIMES } from './session.ts';

/** Each launch has a first signal; the key lets the first of the incarnation alone become a fact. */
export const sessionFirstSignal: DefinitionOf = {
  table: 'sessions',
  needs: [...SESSION_COLUMNS, 'first_signal_at'],
  define: () => ({
    fact: TRIGGERED.sessionFirstSignal,
    table: 'sessions',
    on: 'UPDATE OF first_signal_at',
    when: 'OLD.first_signal_at IS NULL AND NEW.first_signal_at IS NOT NULL',
    times: TIMES,
    key: INCARNATION,
    at: 'changed',
    ...SESSION,
    payload: { created_at: 'created' },
  }),
};
