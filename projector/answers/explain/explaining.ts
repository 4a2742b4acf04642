import type { State } from '../../../projections/state.ts';
import { ProjectorError } from '../../errors.ts';
import type { ChangeLog } from '../../host/change-log.ts';
import { HostDatabase } from '../../host/host-database.ts';
import { HostVersions } from '../../host/host-versions.ts';
import { Keys } from '../../host/keys.ts';
import { readCheckpoint } from '../../store/derived/checkpoint.ts';
import { readState } from '../../store/derived/read-state.ts';
import { otherHistory } from '../../store/history.ts';
import { Journal } from '../../store/journal.ts';
import { readKey } from '../../store/key-file.ts';
import type { Paths } from '../../store/paths.ts';
import { EventPrinter } from '../events.ts';
import type { Source } from '../source.ts';
import { Subjects } from '../subjects.ts';
import { RowReader } from './rows.ts';

/** What an explanation is made from. */
export interface Explaining {
  readonly source: Source;
  /** @internal */
  readonly keys: Keys;
  /** What the fold remembers; it is read and never changed. */
  readonly state: State;
  readonly subjects: Subjects;
  readonly printer: EventPrinter;
  readonly rows: RowReader;
}

/** Explains over one snapshot of the daemon's database. Where that cannot be read, its rows are told without their fields. */
export function explaining<T>(paths: Paths, source: Source, explain: (context: Explaining) => T): T {
  const keys = new Keys(readKey(paths.key));
  const over = (changes: ChangeLog | string) =>
    explain({
      source,
      keys,
      state: readState(source.derived, keys),
      subjects: new Subjects(source),
      printer: new EventPrinter(source),
      rows: new RowReader(source, keys, versionsOf(source), changes),
    });
  const host = openHost(paths);
  if (!host) return over("the daemon's database cannot be read");
  try {
    return host.look(({ changes }) => {
      const difference = otherHistory(changes, readCheckpoint(source.derived).change, keys);
      return over(difference === null ? changes : "the daemon's database is another one by now");
    });
  } finally {
    host.close();
  }
}

function openHost({ host }: Paths): HostDatabase | null {
  try {
    return HostDatabase.open(host);
  } catch (error) {
    if (!(error instanceof ProjectorError)) throw error;
    return null;
  }
}

function versionsOf({ analytics, history }: Source): HostVersions {
  const versions = new HostVersions();
  versions.add(new Journal(analytics, history).observed('migration'));
  return versions;
}
