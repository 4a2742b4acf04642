import type { Database } from 'better-sqlite3';
import { firstPlace, type Run, runsOf } from '../../projector/answers/funnel/runs.ts';
import type { Source } from '../../projector/answers/source.ts';
import { type Columns, columnsFromRows } from '../../projector/store/derived/columns.ts';
import { PACKED_KINDS } from '../../projector/store/derived/packed.ts';

/** Each event of each subject as answers read it: a line. */
export function eventsRead(derived: Database): string[] {
  return PACKED_KINDS.flatMap((kind) => [...runsOf({ derived } as Source, kind)].flatMap((run) => lines(kind, run)));
}

/** The same as the event table has it. */
export function eventsStored(derived: Database): string[] {
  const whole = (columns: Columns): Run => ({ columns, first: 0, end: columns.keys.length });
  return PACKED_KINDS.flatMap((kind) =>
    [...columnsFromRows(derived, kind, null)].flatMap((columns) => lines(kind, whole(columns))),
  );
}

function lines(kind: string, { columns, first, end }: Run): string[] {
  const { keys, ends, codes, times, ids, said, texts } = columns;
  const told: string[] = [];
  for (let subject = first; subject < end; subject++) {
    for (let event = firstPlace(ends, subject); event < ends[subject]!; event++) {
      told.push([kind, keys[subject], ids[event], codes[event], times[event], texts[said[event]!]].join(' '));
    }
  }
  return told;
}
