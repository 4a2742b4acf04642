import type { Database } from 'better-sqlite3';

/**
 * Removes what waits to be sent of a session or project, and what the ledger holds of single events: the bytes of a request tell
 * of many. When and where they were sent stays. Batches that were not received are made anew without it. Returns how many rows
 * that were.
 */
export function forgetExported(
  analytics: Database,
  { kind, hash }: { readonly kind: 'session' | 'project'; readonly hash: string },
): number {
  const statements = [
    analytics.prepare(`DELETE FROM outbox WHERE ${kind} = ?`).bind(kind === 'project' ? Number(hash) : hash),
    analytics.prepare("DELETE FROM export_batch WHERE done = 0 AND sink <> 'metrics'"),
    analytics.prepare(
      "UPDATE export_batch SET payload = x'' WHERE done = 1 AND sink <> 'metrics' AND length(payload) > 0",
    ),
  ];
  return statements.reduce((rows, statement) => rows + statement.run().changes, 0);
}
