import type { Database } from 'better-sqlite3';
import { TRIGGERED } from '../projections/facts.ts';
import { SOURCE } from './definition.ts';
import { quote } from './sql.ts';

/** Rows of ours that a host database holds at most. */
const MOST_ROWS = 100_000;

const OURS = `name IN (${Object.values(TRIGGERED).map(quote).join(', ')}) AND source = ${quote(SOURCE)}`;

/** How many rows of ours there are above the bound. */
export function rowsAboveBound(db: Database): number {
  const rows = db.prepare<[], number>(`SELECT count(*) FROM telemetry_event WHERE ${OURS}`).pluck().get()!;
  return Math.max(0, rows - MOST_ROWS);
}

/** Removes our oldest rows above the bound, inside the caller's transaction. Returns how many. */
export function holdBound(db: Database): number {
  const above = rowsAboveBound(db);
  if (above === 0) return 0;
  const remove = db.prepare<[number]>(
    `DELETE FROM telemetry_event WHERE rowid IN (SELECT rowid FROM telemetry_event WHERE ${OURS} ORDER BY rowid LIMIT ?)`,
  );
  return remove.run(above).changes;
}
