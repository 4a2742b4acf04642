import { TRIGGERED } from '../../projections/facts.ts';
import { HARNESSES, REVIEW_STATUSES, VERDICTS } from '../../projections/vocabularies.ts';
import type { DefinitionOf } from '../definition.ts';
import { word } from '../sql.ts';

/** A run keeps one time of its changes, that of its delivery, and hosts before v18 not even that. */
export const reviewRunChanged: DefinitionOf = {
  table: 'review_run',
  needs: ['id', 'session_id', 'harness', 'status', 'verdict'],
  define: (columns) => ({
    fact: TRIGGERED.reviewRunChanged,
    table: 'review_run',
    on: 'UPDATE OF status',
    when: 'OLD.status <> NEW.status',
    times: { delivered: columns.has('delivered_at') ? 'NEW.delivered_at' : 'NULL' },
    key: ['NEW.id', word('NEW.status', REVIEW_STATUSES)],
    at: "CASE WHEN NEW.status = 'delivered' THEN delivered END",
    session: 'NEW.session_id',
    payload: {
      harness: word('NEW.harness', HARNESSES),
      status: word('NEW.status', REVIEW_STATUSES),
      verdict: word('NEW.verdict', VERDICTS),
    },
  }),
};
