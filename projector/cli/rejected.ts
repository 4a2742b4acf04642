import type { Command } from 'commander';
import { type RejectedAnswer, rejectedList } from '../answers/rejected/list.ts';
import { type RetryAnswer, retryRejected } from '../answers/rejected/retry.ts';
import { rejectedRow, type ShownRejected } from '../answers/rejected/show.ts';
import type { Source } from '../answers/source.ts';
import { respond } from './asking.ts';
import { type Context, jsonOption, nowOption } from './context.ts';
import { table } from './format.ts';

/** So many rows are printed; `--json` has them all. */
const PRINTED = 50;

interface Options {
  readonly json?: true;
  readonly now?: number;
}

export function rejectedCommand(program: Command, context: () => Context): void {
  const rejected = program
    .command('rejected')
    .description('rows that did not fit and were left out: their positions and the reasons, never what stands in them')
    .addHelpText('after', '\nExample:\n  ao-projector rejected list');
  const subcommand = (name: string, description: string, example: string) =>
    rejected
      .command(name)
      .description(description)
      .addOption(jsonOption())
      .addOption(nowOption())
      .addHelpText('after', `\nExample:\n  ao-projector rejected ${example}`);
  const nowOf = (present: Context, { now }: Options) => now ?? present.now();
  subcommand('list', 'how many there are of each reason, and where', 'list --json').action((options: Options) => {
    const present = context();
    respond(present, options, (source) => rejectedList(source, nowOf(present, options)), printList);
  });
  subcommand('show', 'one row: its reason, and the names and types of its fields', 'show change_log@123')
    .argument('<position>', 'a position, with its stream before it where both have one there')
    .action((place: string, options: Options) => {
      const present = context();
      const show = (source: Source) => rejectedRow(present.paths, source, nowOf(present, options), place);
      respond(present, options, show, printRow);
    });
  subcommand('retry', 'how many of them this version would read; it changes nothing', 'retry').action(
    (options: Options) => {
      const present = context();
      const retry = (source: Source) => retryRejected(present.paths, source, nowOf(present, options));
      respond(present, options, retry, printRetry);
    },
  );
}

function printList({ count, reasons, rejected }: RejectedAnswer): string {
  if (count === 0) return 'No row was rejected.\n';
  const shown = rejected.slice(0, PRINTED);
  const left = count - shown.length;
  return [
    table(
      ['stream', 'reason', 'rows'],
      reasons.map((one) => [one.stream, one.reason, String(one.count)]),
      [2],
    ),
    '\n',
    table(
      ['row', 'reason'],
      shown.map(({ stream, position, reason }) => [`${stream}@${position}`, reason]),
    ),
    left > 0 ? `and ${left} more; --json has all\n` : '',
  ].join('');
}

function printRow({ stream, position, reason, kind, fields, other_fields: others, unread }: ShownRejected): string {
  const head = `${stream}@${position}: ${reason}\n`;
  if (unread !== null) return `${head}\nIts fields cannot be told: ${unread}.\n`;
  const more = others === 0 ? '' : `and ${others} of other names in the payload\n`;
  return [
    head,
    `\nIt is of the type ${kind ?? '(unknown)'}.\n\n`,
    table(
      ['field', 'type'],
      fields.map(({ field, type }) => [field, type]),
    ),
    more,
  ].join('');
}

function printRetry({ readable, rejected, gone, rows }: RetryAnswer): string {
  if (rows.length === 0) return 'No row was rejected.\n';
  const read = rows.filter(({ outcome }) => outcome === 'readable').slice(0, PRINTED);
  return [
    `Of ${rows.length} rejected rows this version reads ${readable}. ${rejected} still do not fit, ${gone} are gone.\n`,
    read.length === 0 ? '' : `\n${read.map(({ stream, position }) => `${stream}@${position}\n`).join('')}`,
    readable === 0 ? '' : '\nA rebuild takes them in: run `ao-projector rebuild`.\n',
  ].join('');
}
