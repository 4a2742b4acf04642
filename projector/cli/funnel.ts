import { Argument, type Command, Option } from 'commander';
import type { FunnelAnswer, StepAnswer } from '../answers/funnel/answer.ts';
import { ask } from '../answers/funnel/ask.ts';
import { type MilestoneAnswer, onboarding } from '../answers/funnel/onboarding.ts';
import { DIMENSIONS, type Dimension } from '../answers/funnel/question.ts';
import { SHIPPED } from '../answers/funnel/shipped.ts';
import { Source } from '../answers/source.ts';
import { type Context, jsonOption, nowOption, parseBound, sinceOption } from './context.ts';
import { bar, duration, percent, table, time } from './format.ts';

const BAR_WIDTH = 20;

interface FunnelOptions {
  readonly json?: true;
  readonly now?: number;
  readonly since?: string;
  readonly until?: string;
  readonly by?: Dimension;
}

export function funnelCommand(program: Command, context: () => Context): void {
  program
    .command('funnel')
    .description('how far sessions, PRs or this install have come, step by step')
    .addArgument(new Argument('<name>', 'which funnel').choices(['session', 'pr', 'onboarding']))
    .addOption(new Option('--by <dimension>', 'break down by a dimension of the entry').choices(DIMENSIONS))
    .addOption(sinceOption('attempts entered'))
    .addOption(new Option('--until <time>', 'only attempts entered at or before this time'))
    .addOption(jsonOption())
    .addOption(nowOption())
    .addHelpText('after', '\nExample:\n  ao-projector funnel session --by harness --since 30d')
    .action((name: 'session' | 'pr' | 'onboarding', options: FunnelOptions) => funnelAction(context(), name, options));
}

function funnelAction(context: Context, name: 'session' | 'pr' | 'onboarding', options: FunnelOptions): void {
  const { paths, tiers, out } = context;
  const now = options.now ?? context.now();
  const since = parseBound(options.since, now);
  const until = parseBound(options.until, now);
  const source = Source.open(paths, tiers);
  try {
    if (name === 'onboarding') {
      const answer = onboarding(source, now);
      out(options.json ? `${JSON.stringify(answer)}\n` : `${printMilestones(answer.steps)}${printAsOf(answer)}`);
      return;
    }
    const answer = ask(source, { ...SHIPPED[name], since, until, by: options.by ?? null, now });
    out(options.json ? `${JSON.stringify(answer)}\n` : printFunnel(answer));
  } finally {
    source.close();
  }
}

/** A funnel as people read it: the steps, the sums, and the same steps for each value that it is broken down by. */
export function printFunnel(answer: FunnelAnswer): string {
  const { steps, attempts, converted, open, dropped, breakdown } = answer;
  const { median_ms, p90_ms } = answer.total_time;
  return [
    printSteps(steps),
    `\n${attempts} entered: ${converted} converted, ${open} open, ${dropped} dropped; `,
    `start to end ${duration(median_ms)} (median), ${duration(p90_ms)} (p90)\n`,
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

/** What the answer knows, and the moment by which it judged. */
function printAsOf({ as_of, now }: Pick<FunnelAnswer, 'as_of' | 'now'>): string {
  return `\nas of change_log ${as_of.change_log}, telemetry ${as_of.telemetry}; now ${time(now)}\n`;
}

function printMilestones(steps: readonly MilestoneAnswer[]): string {
  const rows = steps.map((step) => [
    label(step),
    step.reached === null ? 'unknown' : step.reached === 1 ? 'yes' : 'not yet',
    time(step.at),
    duration(step.median_ms),
  ]);
  return table(['milestone', 'reached', 'at', 'after'], rows, [3]);
}

function label({ events, optional }: Pick<StepAnswer, 'events' | 'optional'>): string {
  const names = events.map((name) => name.replace(/^ao\./, '')).join(' | ');
  return optional ? `${names} ?` : names;
}
