import { TRIGGERED } from '../../projections/facts.ts';
import { NOTIFICATION_TYPES } from '../../projections/vocabularies.ts';
import type { DefinitionOf } from '../definition.ts';
import { word } from '../sql.ts';

export const notificationRaised: DefinitionOf = {
  table: 'notifications',
  needs: ['id', 'session_id', 'project_id', 'type', 'created_at'],
  define: () => ({
    fact: TRIGGERED.notificationRaised,
    table: 'notifications',
    on: 'INSERT',
    times: { raised: 'NEW.created_at' },
    key: ['NEW.id'],
    at: 'raised',
    project: 'NEW.project_id',
    session: 'NEW.session_id',
    payload: { type: word('NEW.type', NOTIFICATION_TYPES) },
  }),
};
