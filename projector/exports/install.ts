import type { Database } from 'better-sqlite3';
import type { Keys } from '../host/keys.ts';

/** What this install is called where it is told of: a keyed hash of its id. */
export function installHash(analytics: Database, keys: Keys): string {
  return keys.install(analytics.prepare<[], string>('SELECT install_id FROM install').pluck().get()!);
}
