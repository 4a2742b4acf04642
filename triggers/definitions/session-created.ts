import { TRIGGERED } from '../../projections/facts.ts';
import { HARNESSES, SESSION_KINDS } from '../../projections/vocabularies.ts';
import type { DefinitionOf } from '../definition.ts';
import { truth, word } from '../sql.ts';
import { INCARNATION, SESSION, SESSION_COLUMNS, TIMES } from './session.ts';

/** Number 0 is an imported session: it was never spawned here. */
export const sessionCreated: DefinitionOf = {
  table: 'sessions',
  needs: [...SESSION_COLUMNS, 'num', 'kind', 'harness', 'issue_id', 'runtime_handle_id'],
  define: () => ({
    fact: TRIGGERED.sessionCreated,
    table: 'sessions',
    on: 'INSERT',
    when: 'NEW.num <> 0',
    times: TIMES,
    key: INCARNATION,
    at: 'changed',
    ...SESSION,
    payload: {
      created_at: 'created',
      kind: word('NEW.kind', SESSION_KINDS),
      harness: word('NEW.harness', HARNESSES),
      has_issue: truth("NEW.issue_id <> ''"),
      launched: truth("NEW.runtime_handle_id <> ''"),
    },
  }),
};
