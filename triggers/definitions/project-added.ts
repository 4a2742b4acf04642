import { TRIGGERED } from '../../projections/facts.ts';
import { PROJECT_KINDS } from '../../projections/vocabularies.ts';
import type { DefinitionOf } from '../definition.ts';
import { truth, word } from '../sql.ts';

/** A project's row is made once and never deleted. */
export const projectAdded: DefinitionOf = {
  table: 'projects',
  needs: ['id', 'registered_at', 'repo_origin_url', 'kind'],
  define: () => ({
    fact: TRIGGERED.projectAdded,
    table: 'projects',
    on: 'INSERT',
    times: { registered: 'NEW.registered_at' },
    key: ['NEW.id'],
    at: 'registered',
    project: 'NEW.id',
    payload: { kind: word('NEW.kind', PROJECT_KINDS), has_git_remote: truth("NEW.repo_origin_url <> ''") },
  }),
};
