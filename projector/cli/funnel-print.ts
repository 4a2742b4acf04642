import type { FunnelAnswer } from '../answers/funnel/answer.ts';
import type { ReachedSubject } from '../answers/funnel/ask.ts';
import type { MilestoneAnswer, OnboardingAnswer } from '../answers/funnel/onboarding.ts';
import type { FunnelQuestion } from '../answers/funnel/question.ts';
import type { StepAnswer } from '../answers/funnel/tally.ts';
import { type Interval, intervalOf, startOfInterval } from '../answers/intervals.ts';
import { bar, duration, percent, sparkline, table, time } from './format.ts';

const BAR_WIDTH = 20;
const MOST_INTERVALS = 60;

/** A funnel as people read it: the steps, the sums, the trend, and the same steps for each value that it is broken down by. */
export function printFunnel(answer: FunnelAnswer, interval: Interval | null = null): string {
  const { steps, attempts, converted, open, dropped, breakdown } = answer;
  const { median_ms, p90_ms, kaplan_meier_median_ms } = answer.total_time;
  const expected =
    kaplan_meier_median_ms === null ? '' : `, ${duration(kaplan_meier_median_ms)} (median with those open)`;
  return [
    printSteps(steps),
    `\n${attempts} entered: ${converted} converted, ${open} open, ${dropped} dropped; `,
    `start to end ${duration(median_ms)} (median), ${duration(p90_ms)} (p90)${expected}\n`,
    printTrend(answer, interval),
    ...breakdown.map((part) => `\n${part.value ?? 'unknown'}\n\n${printSteps(part.steps)}`),
    printAsOf(answer),
  ].join('');
}

function printSteps(steps: readonly StepAnswer[]): string {
  const most = Math.max(1, ...steps.map(({ reached }) => reached));
  const rows = steps.map((step) => [
    label(step),
    String(step.reached),
    bar(step.reached / most, BAR_WIDTH),
    percent(step.converted_from_first),
    percent(step.converted_from_previous),
    String(step.open),
    String(step.dropped),
    duration(step.median_ms),
    duration(step.p90_ms),
  ]);
  const head = ['step', 'reached', '', 'of first', 'of previous', 'open', 'dropped', 'median', 'p90'];
  return table(head, rows, [1, 3, 4, 5, 6, 7, 8]);
}

/** Per step a line of how many reached it, by the interval in which they entered; of the last ones where there are many. */
function printTrend({ trend, steps }: FunnelAnswer, interval: Interval | null): string {
  if (trend.length === 0 || interval === null) return '';
  const counts = new Map(trend.map(({ from, reached }) => [intervalOf(from, interval), reached]));
  const last = intervalOf(trend.at(-1)!.from, interval);
  const first = Math.max(intervalOf(trend[0]!.from, interval), last - MOST_INTERVALS + 1);
  const shown = Array.from({ length: last - first + 1 }, (_, index) => counts.get(first + index));
  const rows = steps.map((step, index) => [label(step), sparkline(shown.map((reached) => reached?.[index] ?? 0))]);
  const day = (number: number) => time(startOfInterval(number, interval)).slice(0, 10);
  return `\nby entry, ${day(first)} to ${day(last)}\n\n${table(['step', ''], rows)}`;
}

/** What the answer knows, and the moment by which it judged. */
export function printAsOf({ as_of, now }: Pick<FunnelAnswer, 'as_of' | 'now'>): string {
  return `\nas of change_log ${as_of.change_log}, telemetry ${as_of.telemetry}; now ${time(now)}\n`;
}

export function printMilestones(answer: OnboardingAnswer): string {
  const rows = answer.steps.map((step: MilestoneAnswer) => [
    label(step),
    step.reached === null ? 'unknown' : step.reached === 1 ? 'yes' : 'not yet',
    time(step.at),
    duration(step.median_ms),
  ]);
  return table(['milestone', 'reached', 'at', 'after'], rows, [3]) + printAsOf(answer);
}

/** Who reached a step, with the times of all steps. */
export function printReached({ steps }: FunnelQuestion, reached: readonly ReachedSubject[]): string {
  if (reached.length === 0) return 'Nobody.\n';
  const heads = steps.map(({ events }) => events.map(({ name }) => name.replace(/^ao\./, '')).join(' | '));
  const rows = reached.map((one) => [
    one.raw ?? one.subject.slice(0, 8),
    ...one.steps.map((step) => time(step?.at ?? null)),
  ]);
  return table(['subject', ...heads], rows);
}

const CSV_COLUMNS = [
  ...[
    'reached',
    'converted_from_first',
    'converted_from_previous',
    'open',
    'dropped',
    'median_ms',
    'p90_ms',
    'mean_ms',
  ],
] as const satisfies readonly (keyof StepAnswer)[];

/** The steps as CSV, those of each value of the breakdown after those of all. */
export function funnelCsv({ steps, breakdown }: FunnelAnswer): string {
  const lines = [
    ['value', 'step', 'optional', ...CSV_COLUMNS],
    ...steps.map((step) => csvRow('', step)),
    ...breakdown.flatMap(({ value, steps: ofValue }) => ofValue.map((step) => csvRow(value ?? 'unknown', step))),
  ];
  return `${lines.map((cells) => cells.map(csvCell).join(',')).join('\n')}\n`;
}

function csvRow(value: string, step: StepAnswer): string[] {
  return [
    value,
    step.events.join(' | '),
    String(step.optional),
    ...CSV_COLUMNS.map((name) => String(step[name] ?? '')),
  ];
}

function csvCell(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function label({ events, optional }: Pick<StepAnswer, 'events' | 'optional'>): string {
  const names = events.map((name) => name.replace(/^ao\./, '')).join(' | ');
  return optional ? `${names} ?` : names;
}
