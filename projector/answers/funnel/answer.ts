import { OTHER } from '../filter.ts';
import { intervalOf, startOfInterval } from '../intervals.ts';
import type { AsOf } from '../source.ts';
import type { Attempt } from './attempt.ts';
import type { Plan } from './plan.ts';
import type { FunnelQuestion } from './question.ts';
import { describe } from './question-json.ts';
import { type HistogramBucket, histogram, kaplanMeierMedian, type Times, times } from './statistics.ts';

export interface StepAnswer extends Times {
  readonly events: readonly string[];
  readonly optional: boolean;
  readonly reached: number;
  readonly converted_from_first: number | null;
  /** From the nearest required step before. */
  readonly converted_from_previous: number | null;
  /** Attempts that have come this far, no further, and still have time. */
  readonly open: number;
  /** Attempts that have come this far, no further, and have no time left, or were voided. */
  readonly dropped: number;
}

export interface FunnelAnswer {
  readonly question: object;
  readonly now: number;
  readonly as_of: AsOf;
  readonly steps: readonly StepAnswer[];
  readonly attempts: number;
  readonly converted: number;
  readonly open: number;
  readonly dropped: number;
  readonly total_time: Times & {
    readonly kaplan_meier_median_ms: number | null;
    readonly histogram: readonly HistogramBucket[];
  };
  readonly breakdown: readonly { readonly value: string | null; readonly steps: readonly StepAnswer[] }[];
  /** By the interval of the entry, which begins at `from`: how many attempts reached each step. */
  readonly trend: readonly { readonly from: number; readonly reached: readonly number[] }[];
}

/** Puts the attempts of all subjects together into one answer. */
export function answer(plan: Plan, attempts: readonly Attempt[], asOf: AsOf): FunnelAnswer {
  const { question } = plan;
  const converted = attempts.filter((attempt) => attempt.converted);
  const open = attempts.filter((attempt) => isOpen(plan, attempt));
  const durations = converted.map((attempt) => duration(plan, attempt));
  const watched = attempts
    .filter((attempt) => !attempt.converted)
    .map(({ entry }) => Math.min(question.windowMs, Math.max(0, question.now - entry.at)));
  return {
    question: describe(question),
    now: question.now,
    as_of: asOf,
    steps: stepAnswers(plan, attempts),
    attempts: attempts.length,
    converted: converted.length,
    open: open.length,
    dropped: attempts.length - converted.length - open.length,
    total_time: {
      ...times(durations),
      kaplan_meier_median_ms: open.length > 0 ? kaplanMeierMedian(durations, watched) : null,
      histogram: histogram(durations),
    },
    breakdown: breakdown(plan, attempts),
    trend: trend(question, attempts),
  };
}

function breakdown(plan: Plan, attempts: readonly Attempt[]): FunnelAnswer['breakdown'] {
  const { by, top } = plan.question;
  if (by === null) return [];
  const groups = new Map<string | null, Attempt[]>();
  for (const attempt of attempts) {
    const event = attributed(plan.question, attempt);
    if (!event) continue;
    const value = event.dimensions[by] ?? null;
    const members = groups.get(value);
    if (members) members.push(attempt);
    else groups.set(value, [attempt]);
  }
  const sorted = [...groups].sort(
    ([a, ofA], [b, ofB]) => ofB.length - ofA.length || String(a).localeCompare(String(b)),
  );
  const rest = sorted.slice(top).flatMap(([, members]) => members);
  const told = rest.length > 0 ? [...sorted.slice(0, top), [OTHER, rest] as const] : sorted;
  return told.map(([value, members]) => ({ value, steps: stepAnswers(plan, members) }));
}

/** The event whose value an attempt counts for; null where it did not come to that step. */
function attributed({ attribute }: FunnelQuestion, { entry, reached, level }: Attempt) {
  if (attribute === 'first') return entry;
  return reached[attribute === 'last' ? level : attribute] ?? null;
}

function trend({ interval, steps }: FunnelQuestion, attempts: readonly Attempt[]): FunnelAnswer['trend'] {
  if (interval === null) return [];
  const byEntry = new Map<number, number[]>();
  for (const { entry, reached } of attempts) {
    const number = intervalOf(entry.at, interval);
    const counts = byEntry.get(number) ?? Array<number>(steps.length).fill(0);
    byEntry.set(number, counts);
    reached.forEach((event, index) => {
      if (event) counts[index]! += 1;
    });
  }
  return [...byEntry]
    .sort(([a], [b]) => a - b)
    .map(([number, reached]) => ({ from: startOfInterval(number, interval), reached }));
}

function stepAnswers(plan: Plan, attempts: readonly Attempt[]): StepAnswer[] {
  const { steps } = plan.question;
  const isAny = plan.question.order === 'any';
  const reachedAt = steps.map((_, index) => attempts.filter(({ reached }) => reached[index] !== null));
  return steps.map((step, index) => {
    const before = isAny ? index - 1 : plan.before[index]!;
    const reached = reachedAt[index]!;
    const stopped = attempts.filter(({ level, converted }) => level === index && !converted);
    const open = stopped.filter((attempt) => isOpen(plan, attempt)).length;
    const durations =
      before < 0 ? [] : reached.map((attempt) => Math.max(0, attempt.reached[index]!.at - attempt.reached[before]!.at));
    return {
      events: isAny ? [`completed ${index + 1}`] : step.events.map(({ name }) => name),
      optional: step.optional,
      reached: reached.length,
      converted_from_first: ratio(reached.length, reachedAt[0]!.length),
      converted_from_previous: before < 0 ? null : ratio(reached.length, reachedAt[before]!.length),
      open,
      dropped: stopped.length - open,
      ...times(durations),
    };
  });
}

/** Whether an attempt may still convert: within its window, and within the gap to its next required step. */
export function isOpen({ question, after, last }: Plan, { converted, over, entry, reached }: Attempt): boolean {
  const { now, windowMs, steps, order } = question;
  if (converted || over || now - entry.at > windowMs) return false;
  if (order === 'any') return true;
  const at = reached.findLastIndex((event, index) => event !== null && !steps[index]!.optional);
  const gapMs = at === last ? null : steps[after[at]!]!.gapMs;
  return gapMs === null || now - reached[at]!.at <= gapMs;
}

function duration({ last }: Plan, { entry, reached }: Attempt): number {
  return Math.max(0, reached[last]!.at - entry.at);
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
