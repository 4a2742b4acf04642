import { type Command, Option } from 'commander';
import { type FailureFilter, type FailureGroup, failureGroup, failures } from '../answers/failures.ts';
import { Source } from '../answers/source.ts';
import { ProjectorError } from '../errors.ts';
import { type Context, jsonOption, nowOption, parseBound, sinceOption } from './context.ts';
import { printEvents } from './events.ts';
import { sparkline, table, time } from './format.ts';

const SPARKLINE_DAYS = 14;
const DAY_MS = 86_400_000;

interface FailuresOptions {
  readonly json?: true;
  readonly now?: number;
  readonly since?: string;
  readonly until?: string;
  readonly project?: string;
}

export function failuresCommand(program: Command, context: () => Context): void {
  const command = program.command('failures').description('what failed, in groups of one reason, the latest first');
  withOptions(command)
    .addHelpText('after', '\nExample:\n  ao-projector failures --since 30d')
    .action((options: FailuresOptions) => failuresAction(context(), options));
  withOptions(command.command('show'))
    .description('one group and its failures')
    .argument('<group>', 'its fingerprint, or the beginning of it')
    .addHelpText('after', '\nExample:\n  ao-projector failures show 3f2a')
    .action((group: string, _: FailuresOptions, self: Command) => {
      showAction(context(), group, self.optsWithGlobals() as FailuresOptions);
    });
}

function withOptions(command: Command): Command {
  return command
    .addOption(sinceOption('failures'))
    .addOption(new Option('--until <time>', 'only failures at or before this time'))
    .addOption(new Option('--project <id>', 'only failures of this project'))
    .addOption(jsonOption())
    .addOption(nowOption());
}

function failuresAction(context: Context, options: FailuresOptions): void {
  const { paths, tiers, out } = context;
  const filter = filterOf(context, options);
  const source = Source.open(paths, tiers);
  try {
    const answer = failures(source, filter);
    out(options.json ? `${JSON.stringify(answer)}\n` : print(answer.groups, filter.now));
  } finally {
    source.close();
  }
}

function showAction(context: Context, prefix: string, options: FailuresOptions): void {
  const { paths, tiers, out } = context;
  const filter = filterOf(context, options);
  const source = Source.open(paths, tiers);
  try {
    const answer = failureGroup(source, filter, prefix);
    if (!answer) throw noSuchGroup(prefix);
    out(options.json ? `${JSON.stringify(answer)}\n` : print([answer.group], filter.now) + printEvents(answer.events));
  } finally {
    source.close();
  }
}

function filterOf({ now: clock }: Context, options: FailuresOptions): FailureFilter {
  const now = options.now ?? clock();
  return {
    since: parseBound(options.since, now),
    until: parseBound(options.until, now),
    project: options.project ?? null,
    now,
  };
}

function print(groups: readonly FailureGroup[], now: number): string {
  if (groups.length === 0) return 'No failure.\n';
  const rows = groups.map((group) => [
    group.fingerprint.slice(0, 8),
    group.name.replace(/^ao\./, ''),
    Object.values(group.dimensions).join(' ') || '-',
    group.state,
    String(group.count),
    sparkline(lastDays(group, now)),
    String(group.sessions || '-'),
    time(group.first_seen),
    time(group.last_seen),
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
  return table(head, rows, [4, 6]);
}

function lastDays({ per_day }: FailureGroup, now: number): number[] {
  const counts = new Map(per_day);
  return Array.from({ length: SPARKLINE_DAYS }, (_, index) => {
    const day = new Date(now - (SPARKLINE_DAYS - 1 - index) * DAY_MS).toISOString().slice(0, 10);
    return counts.get(day) ?? 0;
  });
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
