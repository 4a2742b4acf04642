import { sql } from 'drizzle-orm';
import { event } from '../../../drizzle/derived.ts';
import { eventParts } from '../../../projections/vocabulary.ts';
import { type EventRow, fromRow } from '../../store/derived/event-table.ts';
import type { Source } from '../source.ts';
import { Subjects } from '../subjects.ts';
import { answer, type FunnelAnswer } from './answer.ts';
import type { FunnelQuestion, ScannedEvent } from './question.ts';
import { type Attempt, scan } from './scan.ts';

/**
 * Answers a funnel question from the present derived tables, one subject at a time. `ofProject` tells by a project's key
 * whether its events count; all do where it is not given.
 */
export function ask(
  source: Source,
  question: FunnelQuestion,
  ofProject: (key: number | null) => boolean = () => true,
): FunnelAnswer {
  const attempts: Attempt[] = [];
  for (const events of subjects(source, question, ofProject)) {
    const attempt = scan(question, events);
    if (attempt) attempts.push(attempt);
  }
  return answer(question, attempts, source.asOf());
}

/** The events of each subject that match any step, in the order of the subject's events. */
function* subjects(
  source: Source,
  question: FunnelQuestion,
  ofProject: (key: number | null) => boolean,
): Generator<ScannedEvent[]> {
  const printed = new Subjects(source);
  const codes = new Set(question.steps.flatMap(({ events }) => events.map(({ code }) => code)));
  const key = question.subject === 'session' ? event.session : event.subject;
  const query = source.tables
    .select()
    .from(event)
    .where(sql`${event.id} % 64 IN ${[...codes]} AND ${key} IS NOT NULL`)
    .orderBy(key, event.id)
    .toSQL();
  const rows = source.derived.prepare<unknown[], EventRow>(query.sql).iterate(...query.params);
  let subject: number | null = null;
  let events: ScannedEvent[] = [];
  for (const row of rows) {
    const present = question.subject === 'session' ? row.session : row.subject;
    if (present !== subject && events.length > 0) {
      yield events;
      events = [];
    }
    subject = present;
    if (!ofProject(row.project)) continue;
    const { id, at, session, project, dimensions } = fromRow(row);
    const info = session === null ? null : printed.session(session);
    events.push({
      id,
      at,
      definition: eventParts(id).definition,
      dimensions: {
        ...dimensions,
        harness: info?.harness ?? null,
        session_kind: info?.kind ?? null,
        project: project === null ? null : (printed.rawProject(project) ?? printed.project(project)),
      },
    });
  }
  if (events.length > 0) yield events;
}
