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

/** Rows that go in one transaction at most: the daemon's writes wait for it. */
const SLICE = 5_000;

/** Removes our oldest rows above the bound, in short transactions of its own. The daemon may be running. */
export function holdBound(path: string): void {
  while (readHost(path, rowsAboveBound) > 0) writeHost(path, { whileRunning: true, daemon: null }, removeOldest);
}

function removeOldest(db: Database): void {
  db.prepare<[number]>(
    `DELETE FROM telemetry_event WHERE rowid IN (SELECT rowid FROM telemetry_event WHERE ${OURS} ORDER BY rowid LIMIT ?)`,
  ).run(Math.min(SLICE, rowsAboveBound(db)));
}

/** How many rows of ours there are above the bound. */
function rowsAboveBound(db: Database): number {
  if (!hasTelemetry(db)) return 0;
  const rows = db.prepare<[], number>(`SELECT count(*) FROM telemetry_event WHERE ${OURS}`).pluck().get()!;
  return Math.max(0, rows - MOST_ROWS);
}
