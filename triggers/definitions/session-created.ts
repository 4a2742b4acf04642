import { TRIGGERED } from '../../projections/facts.ts';
import { HARNESSES, SESSION_KINDS } from '../../projections/vocabularies.ts';
import type { DefinitionOf } from '../definition.ts';
import { truth, utc, word } from '../sql.ts';
import { CHANGED_AT, incarnation, SESSION, SESSION_COLUMNS } from './session.ts';

/** Number 0 is an imported session: it was never spawned here. */
export const sessionCreated: DefinitionOf = {
  table: 'sessions',
  needs: [...SESSION_COLUMNS, 'num', 'kind', 'harness', 'issue_id', 'runtime_handle_id'],
  define: () => ({
    fact: TRIGGERED.sessionCreated,
    table: 'sessions',
    on: 'INSERT',
    when: 'NEW.num <> 0',
    key: incarnation('NEW'),
    at: CHANGED_AT,
    ...SESSION,
    payload: {
      created_at: utc('NEW.created_at'),
      kind: word('NEW.kind', SESSION_KINDS),
      harness: word('NEW.harness', HARNESSES),
      has_issue: truth("NEW.issue_id <> ''"),
      launched: truth("NEW.runtime_handle_id <> ''"),
    },
  }),
};
