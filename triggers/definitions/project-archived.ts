import { TRIGGERED } from '../../projections/facts.ts';
import type { DefinitionOf } from '../definition.ts';
import { utc } from '../sql.ts';

export const projectArchived: DefinitionOf = {
  table: 'projects',
  needs: ['id', 'archived_at'],
  define: () => ({
    fact: TRIGGERED.projectArchived,
    table: 'projects',
    on: 'UPDATE OF archived_at',
    when: 'OLD.archived_at IS NULL AND NEW.archived_at IS NOT NULL',
    key: ['NEW.id', utc('NEW.archived_at')],
    at: utc('NEW.archived_at'),
    project: 'NEW.id',
    payload: {},
  }),
};
