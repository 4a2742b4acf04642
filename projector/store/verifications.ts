import type { Database } from 'better-sqlite3';

/** How the last verification ended. */
export interface VerificationRow {
  /** Milliseconds UTC. */
  readonly at: number;
  /** The positions at which the tables were compared. */
  readonly change_log: number;
  readonly telemetry: number;
  readonly identical: boolean;
}

/** Remembers a verification in place of the one before, with the first difference as JSON. */
export function rememberVerification(
  analytics: Database,
  { at, change_log, telemetry, identical }: VerificationRow,
  difference: object | null,
): void {
  analytics
    .prepare(
      `INSERT OR REPLACE INTO verification (id, verified_at, change_log, telemetry, identical, difference)
       VALUES (1, ?, ?, ?, ?, ?)`,
    )
    .run(at, change_log, telemetry, Number(identical), difference && JSON.stringify(difference));
}

/** The last verification, or null before the first. */
export function lastVerification(analytics: Database): VerificationRow | null {
  const row = analytics
    .prepare<[], { at: number; change_log: number; telemetry: number; identical: number }>(
      'SELECT verified_at AS at, change_log, telemetry, identical FROM verification WHERE id = 1',
    )
    .get();
  return row ? { ...row, identical: row.identical === 1 } : null;
}
