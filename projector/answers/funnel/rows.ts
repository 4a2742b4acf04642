import { type EventDefinition, eventByCode, eventCode } from '../../../projections/vocabulary.ts';
import { inOrder } from '../lookups.ts';
import type { Source } from '../source.ts';
import { Subjects } from '../subjects.ts';
import type { FunnelQuestion, ScannedEvent } from './question.ts';

/** The events of one subject, in its order; `key` is that of the subject in the event table. */
export interface SubjectEvents {
  readonly key: number;
  readonly events: readonly ScannedEvent[];
}

/** What is asked of the event table beside the question. */
export interface Bounds {
  /** Whether events of a project count, by its key; all do where it is not given. */
  readonly ofProject?: ((key: number | null) => boolean) | undefined;
  /** The only subject that is asked about, by its key. */
  readonly only?: number | undefined;
}

/** Column of the event table that names a subject. Events of PRs belong to the session that owned them, too. */
const KEY_COLUMNS = { session: 'event.session', pr: 'event.subject', project: 'event.project', install: '0' } as const;

/** Columns of an event; `rest` is JSON of project, dimensions, kind and harness where the question asks for any of them. */
type Cells = readonly [key: number, id: number, at: number, rest: string | null];

/** The events that a question asks for, subject by subject, from the rows of the event table. */
export function* subjectsFromRows(
  source: Source,
  question: FunnelQuestion,
  { ofProject, only }: Bounds = {},
): Generator<SubjectEvents> {
  const dimensionsOf = dimensionReader(source);
  let key: number | null = null;
  let events: ScannedEvent[] = [];
  for (const [present, id, at, text] of rowsOf(source, question, only, ofProject !== undefined)) {
    if (key !== null && present !== key && events.length > 0) {
      yield { key, events: inOrder(events) };
      events = [];
    }
    key = present;
    const { project, dimensions } = text === null ? NOTHING : dimensionsOf(text);
    if (ofProject && !ofProject(project)) continue;
    events.push({ id, at, definition: eventByCode(eventCode(id)), dimensions });
  }
  if (key !== null && events.length > 0) yield { key, events: inOrder(events) };
}

/** What the last cell of an event says. */
interface Rest {
  readonly code: number;
  readonly project: number | null;
  readonly dimensions: Readonly<Record<string, string>> | null;
  readonly kind: string | null;
  readonly harness: string | null;
}

/** Cells are what a read costs, so what few events are asked for comes in one cell, and none for the others. */
function rowsOf({ derived }: Source, question: FunnelQuestion, only: number | undefined, all: boolean) {
  const key = KEY_COLUMNS[question.subject];
  const asked = withDimensions(question).map(({ code }) => code);
  // Sorting what is meant is quicker than looking each row up from the index; the + says so to SQLite.
  const rows = derived.prepare<number[], Cells>(
    `SELECT ${key} AS key, id, at, iif(${all} OR id % 64 IN (${asked.join(', ')}), (
       SELECT json_object('code', id % 64, 'project', project, 'dimensions', json(dimensions), 'kind', kind, 'harness', harness)
       FROM (SELECT 1) LEFT JOIN observed_session ON born = session
     ), NULL)
     FROM event WHERE ${key} ${only === undefined ? 'IS NOT NULL' : '= ?'} AND ${meant(question)} ORDER BY +key, id`,
  );
  return rows.raw().iterate(...(only === undefined ? [] : [only]));
}

/** Which events can matter: strictly, all that are of a subject of the kind. */
function meant({ subject, order, steps, exclude }: FunnelQuestion): string {
  const definitions = [...steps, ...exclude].flatMap(({ events }) => events);
  const named = `id % 64 IN (${[...new Set(definitions.map(({ code }) => code))].join(', ')})`;
  if (order !== 'strict') return named;
  // A PR's own events are those whose subject it is; keys of other kinds of subjects are different numbers.
  return subject === 'pr' ? 'event.subject IN (SELECT born FROM pull)' : '1';
}

/** The events whose dimensions are asked for: those of filtered steps, and those whose values the answer is broken down by. */
function withDimensions({ steps, order, by, attribute }: FunnelQuestion): EventDefinition[] {
  // In any order each step may be the first one, or the last.
  const isAnyOfThem = order === 'any' || attribute === 'last';
  const isAsked = (index: number) => by !== null && (isAnyOfThem || index === (attribute === 'first' ? 0 : attribute));
  const asked = steps.filter(({ where }, index) => Object.keys(where).length > 0 || isAsked(index));
  return asked.flatMap(({ events }) => events);
}

interface Said {
  readonly project: number | null;
  readonly dimensions: ScannedEvent['dimensions'];
}

const NOTHING: Said = { project: null, dimensions: {} };

/** Reads last cells. Few of them differ, so each is read once. */
function dimensionReader(source: Source): (text: string) => Said {
  const names = new Subjects(source);
  const known = new Map<string, Said>();
  return (text) => {
    const before = known.get(text);
    if (before) return before;
    const { code, project, dimensions, kind, harness } = JSON.parse(text) as Rest;
    const said = {
      project,
      dimensions: {
        ...{ harness, session_kind: kind, ...dimensions, name: eventByCode(code).name },
        project: project === null ? null : (names.rawProject(project) ?? names.project(project)),
      },
    };
    known.set(text, said);
    return said;
  };
}
