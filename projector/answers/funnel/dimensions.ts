import { eventByCode } from '../../../projections/vocabulary.ts';
import { readText } from '../../store/derived/columns.ts';
import type { Source } from '../source.ts';
import { Subjects } from '../subjects.ts';

/** Values that an event has for the dimensions of a question. */
export type Dimensions = Readonly<Record<string, string | null>>;

/** The dimensions of an event, by its text and its code. */
export type DimensionsOf = (text: string, code: number) => Dimensions;

/** Reads texts. Few of them differ, so each is read once. */
export function dimensionReader(source: Source): DimensionsOf {
  const names = new Subjects(source);
  const known = new Map<string, Dimensions>();
  const read = (text: string, code: number): Dimensions => {
    const { project, kind, harness, dimensions } = readText(text);
    return {
      ...{ harness, session_kind: kind, ...dimensions, name: eventByCode(code).name },
      project: project === null ? null : (names.rawProject(project) ?? names.project(project)),
    };
  };
  return (text, code) => {
    const key = `${code} ${text}`;
    let dimensions = known.get(key);
    if (!dimensions) {
      dimensions = read(text, code);
      known.set(key, dimensions);
    }
    return dimensions;
  };
}
