import { TRIGGERED } from '../../projections/facts.ts';
import type { DefinitionOf } from '../definition.ts';
import { CLOCK } from '../sql.ts';

/** A project that is added again keeps its first registration time, so nothing in the row says when this was. */
export const projectReadded: DefinitionOf = {
  table: 'projects',
  needs: ['id', 'archived_at'],
  define: () => ({
    fact: TRIGGERED.projectReadded,
    table: 'projects',
    on: 'UPDATE OF archived_at',
    when: 'OLD.archived_at IS NOT NULL AND NEW.archived_at IS NULL',
    times: { archived: 'OLD.archived_at' },
    key: ['NEW.id', 'archived'],
    at: CLOCK,
    project: 'NEW.id',
    payload: {},
  }),
};
