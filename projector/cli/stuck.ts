import type { Command } from 'commander';
import { type StuckAnswer, stuck } from '../answers/stuck.ts';
import { type Asked, askable, filterOf, respond } from './asking.ts';
import type { Context } from './context.ts';
import { duration, table, time } from './format.ts';

export function stuckCommand(program: Command, context: () => Context): void {
  askable(program.command('stuck'), 'waits and attempts that began')
    .description('where people wait, how long that takes, and where they stop')
    .addHelpText('after', '\nExample:\n  ao-projector stuck --since 30d')
    .action((options: Asked) => {
      const present = context();
      const filter = filterOf(present, options);
      const by = options.by ?? 'harness';
      respond(
        present,
        options,
        (source) => stuck(source, filter),
        (answer) => print(answer, by),
      );
    });
}

function print({ open_waits, dwell, stopped }: StuckAnswer, dimension: string): string {
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
    waited.length > 0 ? table([dimension, 'waits', 'median', 'p90'], waited, [1, 2, 3]) : 'No wait has ended.\n',
    '\nThe last step of those who stopped\n\n',
    left.length > 0 ? table(['step', 'sessions'], left, [1]) : 'Nobody has stopped.\n',
  ].join('');
}
