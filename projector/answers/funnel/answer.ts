import type { AsOf } from '../source.ts';
import type { FunnelQuestion, FunnelStep } from './question.ts';
import type { Attempt } from './scan.ts';
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
  /** Attempts that have come this far, no further, and have no time left. */
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
  readonly trend: readonly never[];
}

/** Puts the attempts of all subjects together into one answer. */
export function answer(question: FunnelQuestion, attempts: readonly Attempt[], asOf: AsOf): FunnelAnswer {
  const converted = attempts.filter((attempt) => attempt.converted);
  const open = attempts.filter((attempt) => isOpen(question, attempt));
  const dropped = attempts.length - converted.length - open.length;
  const durations = converted.map((attempt) => duration(question, attempt));
  const watched = attempts
    .filter((attempt) => !attempt.converted)
    .map(({ entry }) => Math.min(question.windowMs, Math.max(0, question.now - entry.at)));
  return {
    question: describe(question),
    now: question.now,
    as_of: asOf,
    steps: stepAnswers(question, attempts),
    attempts: attempts.length,
    converted: converted.length,
    open: open.length,
    dropped,
    total_time: {
      ...times(durations),
      kaplan_meier_median_ms: open.length > 0 ? kaplanMeierMedian(durations, watched) : null,
      histogram: histogram(durations),
    },
    breakdown: question.by === null ? [] : breakdown(question, attempts, question.by),
    trend: [],
  };
}

function breakdown(question: FunnelQuestion, attempts: readonly Attempt[], by: string): FunnelAnswer['breakdown'] {
  const groups = new Map<string | null, Attempt[]>();
  for (const attempt of attempts) {
    const value = attempt.entry.dimensions[by] ?? null;
    const members = groups.get(value);
    if (members) members.push(attempt);
    else groups.set(value, [attempt]);
  }
  return [...groups]
    .sort(([a, ofA], [b, ofB]) => ofB.length - ofA.length || String(a).localeCompare(String(b)))
    .map(([value, members]) => ({ value, steps: stepAnswers(question, members) }));
}

function stepAnswers(question: FunnelQuestion, attempts: readonly Attempt[]): StepAnswer[] {
  const { steps } = question;
  const reachedAt = steps.map((_, index) => attempts.filter(({ reached }) => reached[index] !== null));
  return steps.map((step, index) => {
    const before = steps.findLastIndex((other, at) => at < index && !other.optional);
    const reached = reachedAt[index]!;
    const stopped = attempts.filter(({ level, converted }) => level === index && !converted);
    const open = stopped.filter((attempt) => isOpen(question, attempt)).length;
    const durations =
      before < 0 ? [] : reached.map((attempt) => Math.max(0, attempt.reached[index]!.at - attempt.reached[before]!.at));
    return {
      events: step.events.map(({ name }) => name),
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

/** Whether an attempt may still convert. */
export function isOpen({ now, windowMs }: FunnelQuestion, { converted, entry }: Attempt): boolean {
  return !converted && now - entry.at <= windowMs;
}

function duration({ steps }: FunnelQuestion, { entry, reached }: Attempt): number {
  const last = steps.findLastIndex((step) => !step.optional);
  return Math.max(0, reached[last]!.at - entry.at);
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function describe({ name, subject, steps, windowMs, since, until, by }: FunnelQuestion): object {
  return {
    name,
    subject,
    steps: steps.map(describeStep),
    order: 'ordered',
    entry: 'first',
    window_ms: windowMs,
    since,
    until,
    by,
  };
}

function describeStep({ events, where, optional }: FunnelStep): object {
  return { events: events.map(({ name }) => name), where, optional };
}
