import type { Database } from 'better-sqlite3';
import { type DerivedEvent, initialProgress, type Progress } from '../../../projections/state.ts';
import type { ChangeCheckpoint } from './batch.ts';

/** What is committed of both folds beside their tables. */
export interface Checkpoint {
  change: ChangeCheckpoint;
  telemetryUnknown: number;
  progress: Progress;
  firsts: [string, DerivedEvent | null][];
  /** Latest time of any fact folded in. */
  newestAt: number | null;
}

/** The checkpoint of a file; that of a fold which has seen nothing where there is none. */
export function readCheckpoint(db: Database): Omit<Checkpoint, 'newestAt'> {
  const select = db.prepare<[string], { position: number; state: string }>(
    'SELECT position, state FROM checkpoint WHERE stream = ?',
  );
  const changeRow = select.get('change_log');
  const telemetryRow = select.get('telemetry');
  if (!changeRow || !telemetryRow) {
    const change = { position: 0, lastSeq: 0, scannedAt: null, unknown: 0, leftOutBirths: [], tail: [] };
    return { change, telemetryUnknown: 0, progress: initialProgress(), firsts: [] };
  }
  const { progress, firsts, newestAt: _, ...rest } = JSON.parse(changeRow.state);
  return {
    change: { position: changeRow.position, ...rest },
    telemetryUnknown: JSON.parse(telemetryRow.state).unknown,
    progress,
    firsts,
  };
}
