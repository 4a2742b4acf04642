import type { Command } from 'commander';
import { type FailureGroup, failureGroup, failures } from '../answers/failures.ts';
import type { Source } from '../answers/source.ts';
import { ProjectorError } from '../errors.ts';
import { type Asked, askable, filterOf, respond } from './asking.ts';
import type { Context } from './context.ts';
import { printEvents } from './events.ts';
import { inLine, lastDays, SPARKLINE_DAYS, sparkline, table, time } from './format.ts';

export function failuresCommand(program: Command, context: () => Context): void {
  const command = askable(program.command('failures'), 'failures')
    .description('what failed, in groups of one reason, the latest first')
    .addHelpText('after', '\nExample:\n  ao-projector failures --since 30d')
    .action((options: Asked) => failuresAction(context(), options));
  askable(command.command('show'), 'failures')
    .description('one group and its failures')
    .argument('<group>', 'its fingerprint, or the beginning of it')
    .addHelpText('after', '\nExample:\n  ao-projector failures show 3f2a')
    .action((group: string, _: Asked, self: Command) => showAction(context(), group, self.optsWithGlobals() as Asked));
}

function failuresAction(context: Context, options: Asked): void {
  const filter = filterOf(context, options);
  respond(
    context,
    options,
    (source) => failures(source, filter),
    ({ groups, now }) => printFailures(groups, now),
  );
}

function showAction(context: Context, prefix: string, options: Asked): void {
  const filter = filterOf(context, options);
  const show = (source: Source) => {
    const answer = failureGroup(source, filter, prefix);
    if (!answer) throw noSuchGroup(prefix);
    return answer;
  };
  respond(context, options, show, ({ group, events, now }) => printFailures([group], now) + printEvents(events));
}

/** Groups of failures as people read them, one a line. */
export function printFailures(groups: readonly FailureGroup[], now: number): string {
  if (groups.length === 0) return 'No failure.\n';
  const rows = groups.map((group) => [
    group.fingerprint.slice(0, 8),
    group.name.replace(/^ao\./, ''),
    Object.values(group.dimensions).join(' ') || '-',
    group.state,
    String(group.count),
    sparkline(lastDays(new Map(group.per_day), now)),
    String(group.sessions || '-'),
    time(group.first_seen),
    time(group.last_seen),
    inLine(group.breakdown),
  ]);
  const head = [
    'group',
    'failure',
    'reason',
    'state',
    'count',
    `last ${SPARKLINE_DAYS} days`,
    'sessions',
    'first',
    'last',
  ];
  const isCounted = groups.some(({ breakdown }) => breakdown.length > 0);
  return table([...head, isCounted ? 'of these' : ''], rows, [4, 6]);
}

function noSuchGroup(prefix: string): ProjectorError {
  return new ProjectorError({
    code: 'group_unknown',
    message: `There is no one group of failures that ${JSON.stringify(prefix)} names.`,
    expected: 'the fingerprint of a group, or as much of its beginning as no other has',
    found: JSON.stringify(prefix),
    remedy: 'See `ao-projector failures` for all groups; --since and --until may leave some out.',
  });
}
