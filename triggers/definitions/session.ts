/** `changed` is the time of the row that the daemon's own trigger writes into `change_log` for the same change. */
export const TIMES = { created: 'NEW.created_at', changed: 'NEW.updated_at' } as const;

/** A session id is reused after a failed spawn; its creation time is not. */
export const INCARNATION = ['NEW.id', 'created'] as const;

export const SESSION = { project: 'NEW.project_id', session: 'NEW.id' } as const;

export const SESSION_COLUMNS = ['id', 'project_id', 'created_at', 'updated_at'] as const;
