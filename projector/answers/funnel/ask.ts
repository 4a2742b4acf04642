import { type EventRow, fromRow } from '../../store/derived/event-table.ts';
import { EventPrinter } from '../events.ts';
import type { Source } from '../source.ts';
import { Subjects } from '../subjects.ts';
import { Answer, type FunnelAnswer } from './answer.ts';
import { Asked, type ToldAttempt } from './asked.ts';
import { dimensionReader } from './dimensions.ts';
import { type OfProject, ofProjectOnly } from './of-project.ts';
import { type Plan, plan } from './plan.ts';
import type { FunnelQuestion } from './question.ts';
import { firstPlace, runOf, runsOf } from './runs.ts';
import { type Rules, scan } from './scan.ts';

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
    for (let subject = first; subject < end; subject++) {
      const attempts = rules(asked, firstPlace(asked.columns, subject), asked.columns.ends[subject]!);
      for (const attempt of attempts) answer.add(asked, attempt);
    }
  }
  return answer.told(source.asOf());
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

/** How one subject has gone: its first attempt by the rules of the question, and its events that the question names. */
export function wayOf(source: Source, planned: Plan, key: number) {
  const run = runOf(source, planned.question.subject, key);
  if (!run) return { events: [], attempt: null };
  const asked = new Asked(planned, run.columns, dimensionReader(source));
  const { codes } = asked.columns;
  const [attempt] = scan(asked, 0, codes.length);
  const named = [...codes.keys()].filter((event) => planned.isNamed[codes[event]!]);
  return { events: named.map((event) => asked.event(event)), attempt: attempt ? asked.told(attempt) : null };
}

/** Every subject that has events, and where these stand. */
export function* subjectsOf(source: Source, planned: Plan, ofProject?: OfProject) {
  for (const { asked, first, end } of askedOf(source, planned, ofProject)) {
    for (let subject = first; subject < end; subject++) {
      const { keys, ends } = asked.columns;
      yield { key: keys[subject]!, asked, from: firstPlace(asked.columns, subject), to: ends[subject]! };
    }
  }
}

/** Runs of subjects, and the question as it is asked of them. */
function* askedOf(source: Source, planned: Plan, ofProject: OfProject | undefined) {
  const dimensionsOf = dimensionReader(source);
  let asked: Asked | undefined;
  for (const all of runsOf(source, planned.question.subject)) {
    const { columns, first, end } = ofProject ? ofProjectOnly(all, ofProject) : all;
    if (asked?.columns !== columns) asked = new Asked(planned, columns, dimensionsOf);
    yield { asked, first, end };
  }
}
