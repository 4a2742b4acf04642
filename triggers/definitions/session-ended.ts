import { ACTIVITIES, TRIGGERED } from '../../projections/facts.ts';
import type { DefinitionOf } from '../definition.ts';
import { truth, word } from '../sql.ts';
import { INCARNATION, SESSION, SESSION_COLUMNS, TIMES } from './session.ts';

/**
 * The reaper alone writes the time of its probe, with a monotonic part and a little older than the row; the next restore
 * overwrites it, so it is read at this moment or never.
 */
const RUNTIME_GONE = "instr(NEW.activity_last_at, ' m=') > 0 AND probed < changed";

export const sessionEnded: DefinitionOf = {
  table: 'sessions',
  needs: [...SESSION_COLUMNS, 'is_terminated', 'runtime_handle_id', 'activity_state', 'activity_last_at'],
  define: () => ({
    fact: TRIGGERED.sessionEnded,
    table: 'sessions',
    on: 'UPDATE OF is_terminated',
    when: 'OLD.is_terminated = 0 AND NEW.is_terminated <> 0',
    times: { ...TIMES, probed: 'NEW.activity_last_at' },
    key: [...INCARNATION, 'changed'],
    at: 'changed',
    ...SESSION,
    payload: {
      created_at: 'created',
      launched: truth("OLD.runtime_handle_id <> '' OR NEW.runtime_handle_id <> ''"),
      activity: word('OLD.activity_state', ACTIVITIES),
      runtime_gone: truth(RUNTIME_GONE),
    },
  }),
};
