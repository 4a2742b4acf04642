import { type EventRow, fromRow } from '../../store/derived/event-table.ts';
import { EventPrinter } from '../events.ts';
import type { Source } from '../source.ts';
import { Subjects } from '../subjects.ts';
import { answer, type FunnelAnswer } from './answer.ts';
import type { Attempt } from './attempt.ts';
import { type Plan, plan } from './plan.ts';
import type { FunnelQuestion, ScannedEvent } from './question.ts';
import { subjectsFromRows } from './rows.ts';
import { scan } from './scan.ts';

/** Whether events of a project count, by its key; all do where it is not given. */
export type OfProject = (key: number | null) => boolean;

/** The rules by which the events of one subject make attempts: ours, or those of another tool. */
export type Scan = (plan: Plan, events: readonly ScannedEvent[]) => Attempt[];

/** Answers a funnel question from the present derived tables, one subject at a time. */
export function ask(source: Source, question: FunnelQuestion, ofProject?: OfProject, rules: Scan = scan): FunnelAnswer {
  const planned = plan(question);
  const attempts = [...attemptsOf(source, planned, ofProject, rules)].map(({ attempt }) => attempt);
  return answer(planned, attempts, source.asOf());
}

/** Who stands behind a number, and the events that made each of its steps. */
export interface ReachedSubject {
  readonly subject: string;
  readonly raw: string | null;
  /** Milliseconds UTC. */
  readonly entered_at: number;
  /** Per step: the event that reached it; null where none did. */
  readonly steps: readonly ({ readonly event_id: string; readonly at: number } | null)[];
}

/** The attempts that reached a step, by its index: as many as {@link ask} counts there. */
export function* reachedBy(
  source: Source,
  question: FunnelQuestion,
  step: number,
  ofProject?: OfProject,
  rules: Scan = scan,
): Generator<ReachedSubject> {
  const subjects = new Subjects(source);
  const printer = new EventPrinter(source);
  const row = source.derived.prepare<[number], EventRow>('SELECT * FROM event WHERE id = ?');
  for (const { key, attempt } of attemptsOf(source, plan(question), ofProject, rules)) {
    if (!attempt.reached[step]) continue;
    yield {
      ...subjects.named(question.subject, key),
      entered_at: attempt.entry.at,
      steps: attempt.reached.map(
        (event) => event && { event_id: printer.print(fromRow(row.get(event.id)!)).id, at: event.at },
      ),
    };
  }
}

/** Every attempt, with the key of its subject. The one scan behind counts, lists, times, trend and breakdown. */
export function* attemptsOf(
  source: Source,
  planned: Plan,
  ofProject?: OfProject,
  rules: Scan = scan,
): Generator<{ readonly key: number; readonly attempt: Attempt }> {
  for (const { key, events } of subjectsFromRows(source, planned.question, { ofProject })) {
    for (const attempt of rules(planned, events)) yield { key, attempt };
  }
}

/** The events of one subject that a question asks for, in their order. */
export function eventsOfSubject(source: Source, question: FunnelQuestion, key: number): readonly ScannedEvent[] {
  return [...subjectsFromRows(source, question, { only: key })][0]?.events ?? [];
}
