import type { Database } from 'better-sqlite3';
import { columnsFromRows } from './columns.ts';
import { PACKED_KINDS } from './packed.ts';
import { firstPlace, type Run, runsOf, whole } from './runs.ts';

/** An event as funnels read it, and its place among all. */
export type SubjectEvent = Readonly<
  Record<'place' | 'kind' | 'key' | 'id' | 'code' | 'at' | 'text', number | string | null>
>;

/** Every event of every packed subject as answers read it: from what is packed, and from rows what changed since. */
export function* eventsAsRead(derived: Database): Generator<SubjectEvent> {
  yield* numbered(PACKED_KINDS.map((kind) => [kind, runsOf(derived, kind)]));
}

/** The same events as the event table has them. */
export function* eventsAsStored(derived: Database): Generator<SubjectEvent> {
  yield* numbered(PACKED_KINDS.map((kind) => [kind, wholes(derived, kind)]));
}

function* wholes(derived: Database, kind: (typeof PACKED_KINDS)[number]): Generator<Run> {
  for (const columns of columnsFromRows(derived, kind, null)) yield whole(columns);
}

function* numbered(kinds: readonly (readonly [kind: string, runs: Iterable<Run>])[]): Generator<SubjectEvent> {
  let place = 0;
  for (const [kind, runs] of kinds) {
    for (const { columns, first, end } of runs) {
      const { keys, ends, codes, times, ids, said, texts } = columns;
      for (let subject = first; subject < end; subject++) {
        for (let event = firstPlace(ends, subject); event < ends[subject]!; event++) {
          const [id, code, at, text] = [ids[event]!, codes[event]!, times[event]!, texts[said[event]!]!];
          yield { place, kind, key: keys[subject]!, id, code, at, text };
          place += 1;
        }
      }
    }
  }
}
