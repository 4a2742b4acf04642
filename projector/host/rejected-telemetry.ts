import type { Rejected, UNKNOWN } from './decode.ts';
import type { Keys } from './keys.ts';
import { decodeTelemetry, type NewFact } from './telemetry.ts';
import type { TelemetryTable } from './telemetry-table.ts';

export interface DecodedAgain {
  readonly rowid: number;
  readonly decoded: NewFact | Rejected | typeof UNKNOWN;
}

/**
 * What this version makes of rows that were journaled before, by the identities of their facts. Rows that the daemon has deleted
 * since are not among them.
 *
 * @param telemetry null where the daemon has no such table
 */
export function decodeAgain(
  telemetry: TelemetryTable | null,
  keys: Keys,
  identities: ReadonlySet<string>,
): Map<string, DecodedAgain> {
  const again = new Map<string, DecodedAgain>();
  if (!telemetry || identities.size === 0) return again;
  for (const row of telemetry.all()) {
    const identity = keys.telemetry(String(row.id));
    if (identities.has(identity)) again.set(identity, { rowid: row.rowid, decoded: decodeTelemetry(row, keys) });
  }
  return again;
}
