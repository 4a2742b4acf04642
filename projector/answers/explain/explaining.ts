import type { State } from '../../../projections/state.ts';
import { Keys } from '../../host/keys.ts';
import { readState } from '../../store/derived/read-state.ts';
import { readKey } from '../../store/key-file.ts';
import type { Paths } from '../../store/paths.ts';
import { EventPrinter } from '../events.ts';
import { overHost, versionsOf } from '../over-host.ts';
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
  return overHost(paths, source, keys, (host) =>
    explain({
      source,
      keys,
      state: readState(source.derived, keys),
      subjects: new Subjects(source),
      printer: new EventPrinter(source),
      rows: new RowReader(source, keys, versionsOf(source), typeof host === 'string' ? host : host.changes),
    }),
  );
}
