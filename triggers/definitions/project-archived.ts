import { TRIGGERED } from '../../projections/facts.ts';
import type { DefinitionOf } from '../definition.ts';

export const projectArchived: DefinitionOf = {
  table: 'projects',
  needs: ['id', 'archived_at'],
  define: () => ({
    fact: TRIGGERED.projectArchived,
    table: 'projects',
    on: 'UPDATE OF archived_at',
    when: 'OLD.archived_at IS NULL AND NEW.archived_at IS NOT NULL',
    times: { archived: 'NEW.archived_at' },
    key: ['NEW.id', 'archived'],
    at: 'archived',
    project: 'NEW.id',
    payload: {},
  }),
};
