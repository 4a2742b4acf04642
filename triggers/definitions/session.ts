import { utc } from '../sql.ts';

/** A session id is reused after a failed spawn; its creation time is not. */
export const incarnation = (row: 'NEW' | 'OLD') => [`${row}.id`, utc(`${row}.created_at`)];

/** Time of the row that the daemon's own trigger writes into `change_log` for the same change. */
export const CHANGED_AT = utc('NEW.updated_at');

export const SESSION = { project: 'NEW.project_id', session: 'NEW.id' } as const;

export const SESSION_COLUMNS = ['id', 'project_id', 'created_at', 'updated_at'] as const;
