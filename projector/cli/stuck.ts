import { type Command, Option } from 'commander';
import { Source } from '../answers/source.ts';
import { type StuckAnswer, stuck } from '../answers/stuck.ts';
import { type Context, jsonOption, nowOption, parseBound, sinceOption } from './context.ts';
import { duration, table, time } from './format.ts';

interface StuckOptions {
  readonly json?: true;
  readonly now?: number;
  readonly since?: string;
  readonly until?: string;
  readonly project?: string;
}

export function stuckCommand(program: Command, context: () => Context): void {
  program
    .command('stuck')
    .description('where people wait, how long that takes, and where they stop')
    .addOption(sinceOption('waits and attempts that began'))
    .addOption(new Option('--until <time>', 'only those that began at or before this time'))
    .addOption(new Option('--project <id>', 'only those of this project'))
    .addOption(jsonOption())
    .addOption(nowOption())
    .addHelpText('after', '\nExample:\n  ao-projector stuck --since 30d')
    .action((options: StuckOptions) => stuckAction(context(), options));
}

function stuckAction({ paths, tiers, now: clock, out }: Context, options: StuckOptions): void {
  const now = options.now ?? clock();
  const since = parseBound(options.since, now);
  const until = parseBound(options.until, now);
  const source = Source.open(paths, tiers);
  try {
    const answer = stuck(source, { since, until, project: options.project ?? null, now });
    out(options.json ? `${JSON.stringify(answer)}\n` : print(answer));
  } finally {
    source.close();
  }
}

function print({ open_waits, dwell, stopped }: StuckAnswer): string {
  const waiting = open_waits.map(({ session, raw, since, dwell_ms }) => [
    raw ?? session.slice(0, 8),
    time(since),
    duration(dwell_ms),
  ]);
  const waited = dwell.map(({ by, count, median_ms, p90_ms }) => [
    by ?? 'unknown',
    String(count),
    duration(median_ms),
    duration(p90_ms),
  ]);
  const left = stopped.map(({ last_step, count }) => [last_step.replaceAll('ao.', ''), String(count)]);
  return [
    'Waiting now\n\n',
    waiting.length > 0 ? table(['session', 'since', 'for'], waiting, [2]) : 'Nobody waits.\n',
    '\nHow long waits took\n\n',
    waited.length > 0 ? table(['harness', 'waits', 'median', 'p90'], waited, [1, 2, 3]) : 'No wait has ended.\n',
    '\nThe last step of those who stopped\n\n',
    left.length > 0 ? table(['step', 'sessions'], left, [1]) : 'Nobody has stopped.\n',
  ].join('');
}
