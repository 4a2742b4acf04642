import type { Database } from 'better-sqlite3';
import type { State } from '../../../projections/state.ts';
import type { Keys } from '../../host/keys.ts';
import { ActiveDayRows } from './active-day-rows.ts';
import { readCheckpoint } from './checkpoint.ts';
import { DailyCountRows } from './daily-count-rows.ts';
import { EndRows } from './end-rows.ts';
import { EventTable } from './event-table.ts';
import { LifeRows } from './life-rows.ts';
import { MarkRows } from './mark-rows.ts';
import { PullRows } from './pull-rows.ts';
import { SessionRows } from './session-rows.ts';
import { TraceRows } from './trace-rows.ts';

/** What the fold of a derived file remembers, for who asks why it told what it told. The file may be open read-only. */
export function readState(db: Database, keys: Keys): State {
  const { progress, firsts } = readCheckpoint(db);
  const nobody = () => {};
  return {
    progress,
    sessions: new SessionRows(db, keys, nobody),
    pulls: new PullRows(db, keys, nobody),
    ends: new EndRows(db),
    marks: new MarkRows(db),
    lives: new LifeRows(db),
    traces: new TraceRows(db),
    dailyCounts: new DailyCountRows(db),
    activeDays: new ActiveDayRows(db),
    events: new EventTable(db, 'event', firsts),
    withheld: new EventTable(db, 'withheld_event', []),
    dirtySessions: new Set(),
    dirtyEnds: new Set(),
    dirtyTraces: new Set(),
    dirtyStarts: new Set(),
    dirtyDays: new Set(),
  };
}
