import type { Command } from 'commander';
import { type ActivityAnswer, activity } from '../answers/activity.ts';
import { type Asked, askable, filterOf, respond } from './asking.ts';
import type { Context } from './context.ts';
import { lastDays, percent, SPARKLINE_DAYS, sparkline, table } from './format.ts';

export function activityCommand(program: Command, context: () => Context): void {
  askable(program.command('activity'), 'days')
    .description('on which days ao was used, who stays, who comes back; --by project: by week for projects')
    .addHelpText('after', '\nExample:\n  ao-projector activity --by project')
    .action((options: Asked) => {
      const present = context();
      const filter = filterOf(present, options);
      respond(present, options, (source) => activity(source, filter), print);
    });
}

function print(answer: ActivityAnswer): string {
  const { days, now, dau, wau, mau, stickiness, returns, retained } = answer;
  if (days.length === 0) return 'No day was active.\n';
  const calendar = sparkline(lastDays(new Map(days.map((day) => [day, 1])), now));
  const lines = [
    ['active days', `${days.length}, from ${days[0]} to ${days.at(-1)}`],
    [`last ${SPARKLINE_DAYS} days`, calendar],
    ['today', dau === 1 ? 'active' : 'not active yet'],
    ['last 7 days', String(wau)],
    ['last 30 days', `${mau} (${percent(stickiness)})`],
    ['returns', `${returns}${retained ? ': stays' : ''}`],
  ];
  return [
    ...lines.map(([label, text]) => `${label!.padEnd(14)}${text}\n`),
    `\nRetention by week of the first activity\n\n${retentionTable(answer)}`,
    `\nLife cycle by week\n\n${lifeCycleTable(answer)}`,
  ].join('');
}

function retentionTable({ retention }: ActivityAnswer): string {
  const longest = Math.max(0, ...retention.map(({ sizes }) => sizes.length));
  const head = ['first week', ...Array.from({ length: longest }, (_, week) => `+${week}`)];
  const rows = retention.map(({ cohort, sizes }) => [day(cohort), ...sizes.map(String)]);
  const numbers = head.slice(1).map((_, index) => index + 1);
  return table(
    head,
    rows.map((row) => head.map((_, index) => row[index] ?? '')),
    numbers,
  );
}

function lifeCycleTable({ life_cycle }: ActivityAnswer): string {
  const rows = life_cycle.map(({ from, new: born, returning, resurrecting, dormant }) => [
    day(from),
    ...[born, returning, resurrecting, dormant].map(String),
  ]);
  return table(['week of', 'new', 'returning', 'resurrecting', 'dormant'], rows, [1, 2, 3, 4]);
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
