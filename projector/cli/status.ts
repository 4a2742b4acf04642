import { type Command, Option } from 'commander';
import { parseSpan } from '../answers/bounds.ts';
import { type StatusAnswer, type StreamStatus, status } from '../answers/status.ts';
import { type Context, jsonOption, nowOption } from './context.ts';
import { duration, time } from './format.ts';
import { printGapKinds } from './gaps.ts';
import { checkHealth, DEFAULT_LIMIT } from './health.ts';

interface Options {
  readonly check?: true;
  readonly limit: number;
  readonly json?: true;
  readonly now?: number;
}

export function statusCommand(program: Command, context: () => Context): void {
  program
    .command('status')
    .description('what is switched on, how far each stream was read, and what stands in the way')
    .addOption(jsonOption())
    .addOption(nowOption())
    .option('--check', 'say whether all is well: exit code 0 when every check holds, else 1')
    .addOption(
      new Option('--limit <span>', 'check that no row waits for longer')
        .argParser(parseSpan)
        .default(DEFAULT_LIMIT.ms, DEFAULT_LIMIT.text)
        .implies({ check: true }),
    )
    .addHelpText('after', '\nExample:\n  ao-projector status --check --limit 10m')
    .action(({ check, limit, json, now: asked }: Options) => {
      const asking = context();
      const { paths, tiers, now, out } = asking;
      const answer = status(paths, tiers, asked ?? now());
      if (check) checkHealth(asking, answer, limit, json);
      else out(json ? `${JSON.stringify(answer)}\n` : print(answer));
    });
}

function print(answer: StatusAnswer): string {
  const { tiers, host, streams, lease, projections } = answer;
  const onOff = (on: boolean) => (on ? 'on' : 'off');
  const lines = [
    ['tiers', `metrics ${onOff(tiers.metrics)}, events ${onOff(tiers.events)}, remote ${tiers.remote}`],
    [
      'host',
      host.problem ?? `${host.path}, schema version ${host.schema_version ?? 'unknown'}, triggers: ${host.triggers}`,
    ],
    ['probed', probed(host.probed)],
    ['change_log', stream(streams?.change_log)],
    ['telemetry', stream(streams?.telemetry)],
    [
      'rejected',
      `${answer.rejected} rows, ${answer.unknown_types} of unknown types${answer.rejected > 0 ? '; see `ao-projector rejected list`' : ''}`,
    ],
    ['gaps', printGapKinds(answer.gaps)],
    ['last commit', time(answer.last_commit_at)],
    ['running', lease ? `pid ${lease.pid} since ${time(lease.since)}` : 'no'],
    ['verified', verified(answer.last_verification)],
    ...projections.map(({ name, version, rows }) => [`${name} v${version}`, `${rows} events`]),
    ...answer.poorer_without.map((line) => ['poorer', line]),
  ];
  return lines.map(([label, text]) => `${label!.padEnd(14)}${text}\n`).join('');
}

function verified(last: StatusAnswer['last_verification']): string {
  if (!last) return 'never';
  return `${time(last.at)} at change_log ${last.change_log}: ${last.identical ? 'identical' : 'a difference'}`;
}

function probed(found: Readonly<Record<string, boolean>> | null): string {
  if (!found) return '-';
  const has = Object.entries(found)
    .filter(([, there]) => there)
    .map(([name]) => name);
  const lacks = Object.entries(found)
    .filter(([, there]) => !there)
    .map(([name]) => name);
  return `has ${has.join(', ') || 'nothing'}${lacks.length > 0 ? `; lacks ${lacks.join(', ')}` : ''}`;
}

function stream(found: StreamStatus | undefined): string {
  if (!found) return 'nothing was derived yet';
  const head = found.head === null ? '' : ` of ${found.head}`;
  const behind = found.lag_rows
    ? `, ${found.lag_rows} rows behind${found.lag_ms ? ` (${duration(found.lag_ms)})` : ''}`
    : '';
  return `at ${found.position}${head}${behind}`;
}
