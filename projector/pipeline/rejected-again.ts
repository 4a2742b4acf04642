import { UNKNOWN } from '../host/decode.ts';
import { HostDatabase } from '../host/host-database.ts';
import type { Keys } from '../host/keys.ts';
import { decodeAgain } from '../host/rejected-telemetry.ts';
import type { Journal } from '../store/journal.ts';

/**
 * Takes in what an earlier version rejected and this one can read, as far as the daemon still has the rows. A fact takes the
 * place of the rejected one, and tables that were folded before are stale: so only a rebuild may do this, before it folds.
 */
export function readRejectedAgain(hostPath: string, journal: Journal, keys: Keys): void {
  const identities = new Set(journal.rejected());
  if (identities.size === 0) return;
  const host = HostDatabase.open(hostPath);
  try {
    const again = host.look(({ telemetry }) => decodeAgain(telemetry, keys, identities));
    const decoded = [...again.values()].map((one) => one.decoded);
    journal.replaceRejected(decoded.flatMap((one) => (one === UNKNOWN || 'rejected' in one ? [] : one)));
  } finally {
    host.close();
  }
}
