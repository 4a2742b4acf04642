import { type EventDefinition, eventParts } from '../../../projections/vocabulary.ts';
import { inOrder } from '../lookups.ts';
import type { Source } from '../source.ts';
import { Subjects } from '../subjects.ts';
import { answer, type FunnelAnswer } from './answer.ts';
import type { FunnelQuestion, ScannedEvent } from './question.ts';
import { type Attempt, plan, scan } from './scan.ts';

/**
 * Answers a funnel question from the present derived tables, one subject at a time. `ofProject` tells by a project's key
 * whether its events count; all do where it is not given.
 */
export function ask(
  source: Source,
  question: FunnelQuestion,
  ofProject: (key: number | null) => boolean = () => true,
): FunnelAnswer {
  const found = [...attempts(source, question, ofProject)].map(({ attempt }) => attempt);
  return answer(question, found, source.asOf());
}

/** The furthest attempt of each subject that made one. */
export function* attempts(
  source: Source,
  question: FunnelQuestion,
  ofProject: (key: number | null) => boolean,
): Generator<{ readonly subject: number; readonly attempt: Attempt }> {
  const planned = plan(question);
  for (const { subject, events } of subjects(source, question, ofProject)) {
    const attempt = scan(planned, events);
    if (attempt) yield { subject, attempt };
  }
}

/** The events of one subject that match any step, in their order. */
export function eventsOfSubject(source: Source, question: FunnelQuestion, subject: number): ScannedEvent[] {
  return [...subjects(source, question, () => true, subject)][0]?.events ?? [];
}

/** Columns of an event, with kind and harness of its session. */
type Cells = readonly [
  subject: number,
  id: number,
  at: number,
  project: number | null,
  dimensions: string | null,
  kind: string | null,
  harness: string | null,
];

/** The events of each subject, or of the only one, that match any step, in the order of the subject's events. */
function* subjects(
  source: Source,
  question: FunnelQuestion,
  ofProject: (key: number | null) => boolean,
  only: number | null = null,
): Generator<{ readonly subject: number; readonly events: ScannedEvent[] }> {
  const names = new Subjects(source);
  const asked = withDimensions(question);
  const steps = new Set(question.steps.flatMap(({ events }) => events));
  const key = question.subject === 'session' ? 'session' : 'subject';
  const codes = [...steps].map(({ code }) => code).join(', ');
  const rows = source.derived
    .prepare<[], Cells>(
      `SELECT event.${key}, id, at, project, dimensions, kind, harness FROM event LEFT JOIN observed_session ON born = session
       WHERE id % 64 IN (${codes}) AND event.${key} ${only === null ? 'IS NOT NULL' : `= ${only}`} ORDER BY event.${key}, id`,
    )
    .raw();
  let subject = 0;
  let events: ScannedEvent[] = [];
  for (const cells of rows.iterate()) {
    const [present, id, at, project] = cells;
    if (present !== subject && events.length > 0) {
      yield { subject, events: inOrder(events) };
      events = [];
    }
    subject = present;
    if (!ofProject(project)) continue;
    const { definition } = eventParts(id);
    const dimensions = asked.has(definition) ? dimensionsOf(names, cells) : NONE;
    events.push({ id, at, definition, dimensions });
  }
  if (events.length > 0) yield { subject, events: inOrder(events) };
}

const NONE = {};

/** The events whose dimensions are asked for: those of filtered steps, and entries where the answer is broken down. */
function withDimensions({ steps, by }: FunnelQuestion): Set<EventDefinition> {
  const filtered = steps.filter(({ where }, index) => Object.keys(where).length > 0 || (by !== null && index === 0));
  return new Set(filtered.flatMap(({ events }) => events));
}

function dimensionsOf(names: Subjects, [, , , project, dimensions, kind, harness]: Cells): ScannedEvent['dimensions'] {
  return {
    ...(dimensions === null ? NONE : JSON.parse(dimensions)),
    harness,
    session_kind: kind,
    project: project === null ? null : (names.rawProject(project) ?? names.project(project)),
  };
}
