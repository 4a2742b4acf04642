import type { Columns } from '../../store/derived/columns.ts';
import { type EventRow, fromRow } from '../../store/derived/event-table.ts';
import { firstPlace, runOf, runsOf } from '../../store/derived/runs.ts';
import { EventPrinter } from '../events.ts';
import type { Source } from '../source.ts';
import { Subjects } from '../subjects.ts';
import { Answer, type FunnelAnswer } from './answer.ts';
import { Asked, type ToldAttempt } from './asked.ts';
import { dimensionReader } from './dimensions.ts';
import { type Plan, plan } from './plan.ts';
import type { FunnelQuestion } from './question.ts';
import { type Rules, scan } from './scan.ts';
import { type OfProject, select } from './select.ts';

/** Answers a funnel question from the present derived tables, one subject at a time. */
export function ask(
  source: Source,
  question: FunnelQuestion,
  ofProject?: OfProject,
  rules: Rules = scan,
): FunnelAnswer {
  const planned = plan(question);
  const answer = new Answer(planned);
  for (const { asked, first, end } of askedOf(source, planned, ofProject)) {
    const { ends } = asked.columns;
    for (let subject = first; subject < end; subject++) {
      const attempts = rules(asked, firstPlace(ends, subject), ends[subject]!);
      for (const attempt of attempts) answer.add(asked, attempt);
    }
  }
  return answer.told(source.asOf(question.since));
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
  rules: Rules = scan,
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

/** Every attempt, told by its events, with the key of its subject: the attempts that {@link ask} counts. */
export function* attemptsOf(
  source: Source,
  planned: Plan,
  ofProject?: OfProject,
  rules: Rules = scan,
): Generator<{ readonly key: number; readonly attempt: ToldAttempt }> {
  for (const { key, asked, from, to } of subjectsOf(source, planned, ofProject)) {
    for (const attempt of rules(asked, from, to)) yield { key, attempt: asked.told(attempt) };
  }
}

/** How one subject has gone: its first attempt by the rules of the question, and its events that can matter to it. */
export function wayOf(source: Source, planned: Plan, key: number) {
  const run = runOf(source.derived, planned.question.subject, key);
  if (!run) return { events: [], attempt: null };
  const asked = new Asked(planned, select(run.columns, planned, undefined), dimensionReader(source));
  const { length } = asked.times;
  const [attempt] = scan(asked, 0, length);
  return {
    events: Array.from({ length }, (_, event) => asked.event(event)),
    attempt: attempt ? asked.told(attempt) : null,
  };
}

/** Every subject that has events which can matter, and where these stand. */
export function* subjectsOf(source: Source, planned: Plan, ofProject?: OfProject) {
  for (const { asked, first, end } of askedOf(source, planned, ofProject)) {
    const { keys, ends } = asked.columns;
    for (let subject = first; subject < end; subject++) {
      const [from, to] = [firstPlace(ends, subject), ends[subject]!];
      if (from < to) yield { key: keys[subject]!, asked, from, to };
    }
  }
}

/** Runs of subjects, and the question as it is asked of them. */
function* askedOf(source: Source, planned: Plan, ofProject: OfProject | undefined) {
  const dimensionsOf = dimensionReader(source);
  let columns: Columns | undefined;
  let asked: Asked | undefined;
  for (const { columns: all, first, end } of runsOf(source.derived, planned.question.subject)) {
    if (!asked || columns !== all) asked = new Asked(planned, select(all, planned, ofProject), dimensionsOf);
    columns = all;
    yield { asked, first, end };
  }
}
