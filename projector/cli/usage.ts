import type { Command } from 'commander';
import { type UsageAnswer, type UsageDay, usage } from '../answers/usage.ts';
import { type Asked, askable, filterOf, respond } from './asking.ts';
import type { Context } from './context.ts';
import { lastDays, printBreakdown, SPARKLINE_DAYS, sparkline, table } from './format.ts';

export function usageCommand(program: Command, context: () => Context): void {
  askable(program.command('usage'), 'days')
    .description('what is done with ao, by day')
    .addHelpText('after', '\nExample:\n  ao-projector usage --since 14d --by actor')
    .action((options: Asked) => {
      const present = context();
      const filter = filterOf(present, options);
      respond(present, options, (source) => usage(source, filter), print);
    });
}

function print({ days, breakdown, now }: UsageAnswer): string {
  if (days.length === 0) return 'Nothing was done.\n';
  const verbs = rows(days, now, ({ verbs }) => verbs.map(({ name, count }) => [name.replace(/^ao\./, ''), count]));
  const commands = rows(days, now, ({ commands }) =>
    commands.map((one) => [`${one.command}\0${one.actor}`, one.count]),
  );
  const spark = `last ${SPARKLINE_DAYS} days`;
  return [
    verbs.length > 0 ? table(['done', 'times', spark], verbs, [1]) : '',
    commands.length > 0 ? `\n${table(['command', 'by', 'times', spark], commands.map(split), [2])}` : '',
    breakdown.length > 0 ? `\n${printBreakdown(breakdown)}` : '',
  ].join('');
}

/** Each key with its sum and its last days, most first. */
function rows(
  days: readonly UsageDay[],
  now: number,
  of: (day: UsageDay) => (readonly [string, number])[],
): string[][] {
  const perDay = new Map<string, Map<string, number>>();
  for (const day of days) {
    for (const [key, count] of of(day)) {
      const counts = perDay.get(key) ?? new Map<string, number>();
      perDay.set(key, counts.set(day.day, (counts.get(day.day) ?? 0) + count));
    }
  }
  const sum = (counts: Map<string, number>) => [...counts.values()].reduce((total, count) => total + count, 0);
  return [...perDay]
    .sort(([, a], [, b]) => sum(b) - sum(a))
    .map(([key, counts]) => [key, String(sum(counts)), sparkline(lastDays(counts, now))]);
}

function split([key, ...rest]: readonly string[]): string[] {
  return [...key!.split('\0'), ...rest];
}
