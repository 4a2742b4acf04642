import type { AsOf, Source } from '../../source.ts';
import { Subjects } from '../../subjects.ts';
import { subjectsOf } from '../ask.ts';
import type { Attempt } from '../attempt.ts';
import { NONE, plan } from '../plan.ts';
import type { FunnelQuestion } from '../question.ts';
import { describe } from '../question-json.ts';
import { scan } from '../scan.ts';
import type { OfProject } from '../select.ts';
import { isKnownStep, notesOn, type Semantics } from './semantics.ts';

/** How many attempts reached a step, by each of the rules; null where they leave the step out. */
export interface ComparedStep {
  readonly events: readonly string[];
  readonly optional: boolean;
  readonly reached: Readonly<Record<string, number | null>>;
}

/** A subject on which the rules differ: the step that it has come to by each of them, 0 for none. */
export interface Difference {
  readonly subject: string;
  readonly raw: string | null;
  readonly levels: Readonly<Record<string, number>>;
}

/** Answers side by side: `ours`, and those of other tools by their names. */
export interface Comparison {
  readonly question: object;
  readonly now: number;
  readonly as_of: AsOf;
  readonly steps: readonly ComparedStep[];
  readonly notes: Readonly<Record<string, readonly string[]>>;
  readonly differences: readonly Difference[];
}

/** Answers a question by our rules and by those of other tools, and tells whose answers differ. */
export function compare(
  source: Source,
  question: FunnelQuestion,
  others: readonly Semantics[],
  ofProject?: OfProject,
): Comparison {
  const { steps } = question;
  const planned = plan(question);
  const subjects = new Subjects(source);
  const rules = [{ name: 'ours' as const, scan }, ...others];
  const sums = rules.map(() => steps.map(() => 0));
  const differences: Difference[] = [];
  for (const { key, asked, from, to } of subjectsOf(source, planned, ofProject)) {
    const attempts = rules.map((by) => by.scan(asked, from, to));
    const counts = attempts.map((some) => countsOf(question, some));
    counts.forEach((reached, by) => {
      for (const [index, count] of reached.entries()) sums[by]![index]! += count;
    });
    const differs = others.some((other, by) =>
      counts[by + 1]!.some((count, index) => isKnownStep(other, question, index) && count !== counts[0]![index]),
    );
    if (!differs) continue;
    const levels = rules.map(({ name }, by) => [name, levelOf(attempts[by]!)]);
    differences.push({ ...subjects.named(question.subject, key), levels: Object.fromEntries(levels) });
  }
  return {
    question: describe(question),
    now: question.now,
    as_of: source.asOf(question.since),
    steps: steps.map(({ events, optional }, index) => ({
      events: question.order === 'any' ? [`completed ${index + 1}`] : events.map(({ name }) => name),
      optional,
      reached: Object.fromEntries([
        ['ours', sums[0]![index]!],
        ...others.map((other, by) => [other.name, isKnownStep(other, question, index) ? sums[by + 1]![index]! : null]),
      ]),
    })),
    notes: Object.fromEntries(others.map((other) => [other.name, notesOn(other, question)])),
    differences,
  };
}

function countsOf({ steps }: FunnelQuestion, attempts: readonly Attempt[]): number[] {
  return steps.map((_, index) => attempts.filter(({ reached }) => reached[index] !== NONE).length);
}

function levelOf(attempts: readonly Attempt[]): number {
  return Math.max(0, ...attempts.map(({ level }) => level + 1));
}
