import type { Database } from 'better-sqlite3';
import { TRIGGERED } from '../projections/facts.ts';
import { SOURCE } from './definition.ts';
import { readHost } from './read-host.ts';
import { quote } from './sql.ts';
import { hasTelemetry } from './verify.ts';
import { writeHost } from './write-host.ts';

/** Rows of ours that a host database holds at most. */
const MOST_ROWS = 100_000;

const OURS = `name IN (${Object.values(TRIGGERED).map(quote).join(', ')}) AND source = ${quote(SOURCE)}`;

/** Removes our oldest rows above the bound, if there are any, in a transaction of its own. The daemon may be running. */
export function trim(path: string): void {
  if (readHost(path, rowsAboveBound) > 0) writeHost(path, { whileRunning: true, daemon: null }, holdBound);
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

/** How many rows of ours there are above the bound. */
function rowsAboveBound(db: Database): number {
  if (!hasTelemetry(db)) return 0;
  const rows = db.prepare<[], number>(`SELECT count(*) FROM telemetry_event WHERE ${OURS}`).pluck().get()!;
  return Math.max(0, rows - MOST_ROWS);
}
