import type { Database } from 'better-sqlite3';

/** How a verification ended. */
export interface VerificationRow {
  /** Milliseconds UTC. */
  readonly at: number;
  /** The positions at which the tables were compared. */
  readonly change_log: number;
  readonly telemetry: number;
  readonly identical: boolean;
}

/**
 * Remembers a verification in place of the one before, with the first difference as JSON.
 *
 * @internal
 */
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

/**
 * The last verification of the present derived file, or null before the first: one of other tables says nothing of these.
 *
 * @internal
 */
export function lastVerification(analytics: Database): VerificationRow | null {
  const row = analytics
    .prepare<[], { at: number; change_log: number; telemetry: number; identical: number }>(
      `SELECT verified_at AS at, change_log, telemetry, identical FROM verification
       WHERE id = 1 AND verified_at >= coalesce((SELECT made_at FROM derived_file), 0)`,
    )
    .get();
  return row ? { ...row, identical: row.identical === 1 } : null;
}
