import SQLite from 'better-sqlite3';
import { eventsRead } from './packed-events.ts';

/** Tables of a derived file that any history must fill alike; where a checkpoint stands depends on when one looked. */
const TABLES = [
  'event',
  'withheld_event',
  'session',
  'life',
  'pull',
  'session_end',
  'mark',
  'trace',
  'daily_count',
  'active_day',
  'observed_session',
  'rejected',
  'gap',
] as const;

/**
 * Every row of a derived file as text, each with the name of its table, in an order of its own; and the events again, as answers
 * read them from what is packed.
 */
export function derivedRows(path: string): string[] {
  const db = new SQLite(path, { readonly: true });
  try {
    const rows = TABLES.flatMap((table) =>
      db
        .prepare(`SELECT * FROM ${table}`)
        .all()
        .map((row) => `${table} ${JSON.stringify(row)}`),
    );
    return [...rows, ...eventsRead(db).map((event) => `read of ${event}`)].sort();
  } finally {
    db.close();
  }
}

/** The first rows that only one of two derived files has; empty when they are the same. */
export function differences(live: readonly string[], rebuilt: readonly string[]): string[] {
  const ofLive = new Set(live);
  const ofRebuilt = new Set(rebuilt);
  return [
    ...live.filter((row) => !ofRebuilt.has(row)).map((row) => `only live: ${row}`),
    ...rebuilt.filter((row) => !ofLive.has(row)).map((row) => `only rebuilt: ${row}`),
  ].slice(0, 6);
}
