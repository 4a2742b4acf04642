import { EXIT, ProjectorError } from '../../errors.ts';
import { attemptsOf } from '../funnel/ask.ts';
import { type Plan, plan } from '../funnel/plan.ts';
import type { FunnelQuestion } from '../funnel/question.ts';
import { describe } from '../funnel/question-json.ts';
import type { OfProject } from '../funnel/select.ts';
import { indexOfStep } from '../funnel/step-index.ts';
import type { AsOf, Source } from '../source.ts';
import { byValue } from './by-value.ts';
import { count, type StepComparison, told } from './comparison.ts';
import { ends } from './ends.ts';
import { holm } from './holm.ts';
import { landmark, type Standing, type Step, type Went } from './landmark.ts';
import { stays } from './stays.ts';
import { troublesOf } from './troubles.ts';
import { watch } from './watch.ts';

export interface WhyAnswer extends StepComparison {
  readonly question: object;
  /** From 1 on. */
  readonly step: number;
  /** The step that those reached who went on, from 1 on. */
  readonly next_step: number;
  /** Milliseconds UTC. */
  readonly now: number;
  readonly as_of: AsOf;
  /** The same for each value that the question is broken down by. */
  readonly breakdown: readonly ({ readonly value: string | null } & StepComparison)[];
}

/**
 * Which failures and waits those had more often who stopped at a step of a funnel than those who went on. It tells what goes
 * together, never a cause. Where nothing goes together, at most 5 of 100 answers claim anything.
 *
 * @param stepText the step, by its number from 1 on or by its event
 */
export function why(source: Source, question: FunnelQuestion, stepText: string, ofProject?: OfProject): WhyAnswer {
  const planned = plan(question);
  const step = stepOf(planned, stepText);
  const all = [...attemptsOf(source, planned, ofProject)];
  const troubles = troublesOf(source, question.subject);
  const staysOf = stays(source, question.subject);
  const endOf = ends(source, question.subject);
  const sessionOf = source.derived.prepare<[number], number>('SELECT session FROM event WHERE id = ?').pluck();
  const groupOf = ({ key, from }: Standing) => (question.subject === 'pr' ? (sessionOf.get(from.id) ?? null) : key);
  const counted = (attempts: readonly Went[]) => {
    const seen = landmark(step, attempts, groupOf);
    return count(seen, watch(seen, endOf), troubles, staysOf);
  };
  const whole = counted(all);
  const parts = byValue(question, all).map(({ value, attempts }) => ({ value, part: counted(attempts) }));
  const tested = [whole, ...parts.map(({ part }) => part)].flatMap((part) => part.tested);
  const corrected = holm(tested.map(({ p }) => p));
  const correctedOf = new Map(tested.map(({ candidate }, index) => [candidate, corrected[index]!]));
  return {
    question: describe(question),
    step: step.index + 1,
    next_step: step.next + 1,
    now: question.now,
    as_of: source.asOf(question.since),
    ...told(whole, correctedOf),
    breakdown: parts.map(({ value, part }) => ({ value, ...told(part, correctedOf) })),
  };
}

/** Where any order counts, what is reached is not a step but so many of them. */
function stepOf(planned: Plan, text: string): Step {
  const { steps, order } = planned.question;
  const isAny = order === 'any';
  const names = steps.map(({ events }, index) => (isAny ? [`completed ${index + 1}`] : events.map(({ name }) => name)));
  const index = indexOfStep(names, text);
  const next = isAny ? index + 1 : planned.after[index]!;
  if (next < steps.length) return { planned, index, next };
  const last = isAny ? steps.length : planned.last + 1;
  throw new ProjectorError(
    {
      code: 'step_is_last',
      message: 'Nobody stops at the last required step, nor after it.',
      expected: `a step before the last required one, which is step ${last}`,
      found: `step ${index + 1}`,
      remedy: 'Name a step before it.',
    },
    EXIT.usage,
  );
}
