import { ProjectorError } from '../errors.ts';
import { HostDatabase, type Snapshot } from '../host/host-database.ts';
import { HostVersions } from '../host/host-versions.ts';
import type { Keys } from '../host/keys.ts';
import { NOTHING_LEFT_OUT } from '../host/left-out.ts';
import { readCheckpoint } from '../store/derived/checkpoint.ts';
import { otherHistory } from '../store/history.ts';
import { Journal } from '../store/journal.ts';
import type { Paths } from '../store/paths.ts';
import type { Source } from './source.ts';

/** Reads one snapshot of the daemon's database; where that cannot be read, or is another one by now, `read` is told so. */
export function overHost<T>(paths: Paths, source: Source, keys: Keys, read: (host: Snapshot | string) => T): T {
  const host = openHost(paths);
  if (!host) return read("the daemon's database cannot be read");
  try {
    return host.look((snapshot) => {
      const difference = otherHistory(snapshot.changes, readCheckpoint(source.derived).change, keys);
      return read(difference === null ? snapshot : "the daemon's database is another one by now");
    });
  } finally {
    host.close();
  }
}

/** Versions of the daemon's database by time, as they were observed. */
export function versionsOf({ analytics, history }: Pick<Source, 'analytics' | 'history'>): HostVersions {
  const versions = new HostVersions();
  versions.add(new Journal(analytics, history, NOTHING_LEFT_OUT).observed('migration'));
  return versions;
}

function openHost({ host }: Paths): HostDatabase | null {
  try {
    return HostDatabase.open(host);
  } catch (error) {
    if (!(error instanceof ProjectorError)) throw error;
    return null;
  }
}
