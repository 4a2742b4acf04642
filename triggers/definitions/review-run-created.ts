import { TRIGGERED } from '../../projections/facts.ts';
import { HARNESSES } from '../../projections/vocabularies.ts';
import type { DefinitionOf } from '../definition.ts';
import { word } from '../sql.ts';

export const reviewRunCreated: DefinitionOf = {
  table: 'review_run',
  needs: ['id', 'session_id', 'harness', 'created_at'],
  define: () => ({
    fact: TRIGGERED.reviewRunCreated,
    table: 'review_run',
    on: 'INSERT',
    times: { created: 'NEW.created_at' },
    key: ['NEW.id'],
    at: 'created',
    session: 'NEW.session_id',
    payload: { harness: word('NEW.harness', HARNESSES) },
  }),
};
