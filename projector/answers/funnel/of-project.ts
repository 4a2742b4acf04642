import { readText } from '../../store/derived/columns.ts';
import { firstPlace, type Run } from './runs.ts';

/** Whether events of a project count, by its key. */
export type OfProject = (key: number | null) => boolean;

/** The subjects of a run with those of their events that are of a project. */
export function ofProjectOnly({ columns, first, end }: Run, ofProject: OfProject): Run {
  const { codes, times, ids, said, texts } = columns;
  const passes = texts.map((text) => ofProject(readText(text).project));
  const keys: number[] = [];
  const ends: number[] = [];
  const kept: number[] = [];
  for (let subject = first; subject < end; subject++) {
    const before = kept.length;
    for (let event = firstPlace(columns, subject); event < columns.ends[subject]!; event++) {
      if (passes[said[event]!]) kept.push(event);
    }
    if (kept.length === before) continue;
    keys.push(columns.keys[subject]!);
    ends.push(kept.length);
  }
  const filtered = {
    keys: new Float64Array(keys),
    ends: new Uint32Array(ends),
    codes: Uint8Array.from(kept, (event) => codes[event]!),
    times: Float64Array.from(kept, (event) => times[event]!),
    ids: Float64Array.from(kept, (event) => ids[event]!),
    said: Uint32Array.from(kept, (event) => said[event]!),
    texts,
  };
  return { columns: filtered, first: 0, end: keys.length };
}
