import type { Command } from 'commander';
import { type Explained, explain } from '../answers/explain/explain.ts';
import type { ExplainedRow } from '../answers/explain/rows.ts';
import { type Asked, askable, filterOf, respond } from './asking.ts';
import type { Context } from './context.ts';
import { printEvents } from './events.ts';
import { printBreakdown, table, time } from './format.ts';
import { printTimeline } from './timeline.ts';

const ROWS_SHOWN = 50;

export function explainCommand(program: Command, context: () => Context): void {
  askable(program.command('explain'), 'events and attempts')
    .description('why an event was told, why a session or PR came no further, or which rows stand behind a funnel step')
    .argument('<what...>', 'id of an event or NAME@POSITION; session id, PR URL or hash; funnel NAME STEP')
    .addHelpText(
      'after',
      '\nExample:\n  ao-projector explain ao.session.killed@79\n  ao-projector explain web-1\n  ao-projector explain funnel session pr.observed',
    )
    .action((what: string[], options: Asked) => {
      const present = context();
      const filter = filterOf(present, options);
      respond(present, options, (source) => explain(present.paths, source, filter, what), print);
    });
}

function print(explained: Explained): string {
  const { rule, rows, breakdown } = explained;
  return [
    printAnswer(explained),
    `\nRule\n\n${rule}\n`,
    explained.kind === 'event' ? printCauses(explained.causes) : '',
    `\nRows\n\n${rows.length > 0 ? printRows(rows) : 'None.\n'}`,
    printWhyNot(explained),
    breakdown.length > 0 ? `\n${printBreakdown(breakdown)}` : '',
  ].join('');
}

function printAnswer(explained: Explained): string {
  switch (explained.kind) {
    case 'event':
      return printEvents([explained.answer]);
    case 'subject':
      return printTimeline({ ...explained, ...explained.answer, breakdown: [] }) + printStanding(explained.answer);
    case 'step': {
      const { funnel, step, events, reached } = explained.answer;
      return `Step ${step} of the funnel ${funnel}, ${events.join(' | ')}: ${reached} reached it.\n`;
    }
  }
}

function printStanding({ standing }: Extract<Explained, { kind: 'subject' }>['answer']): string {
  const { funnel, state, reached, until } = standing;
  const way = reached.map((name) => name.replace(/^ao\./, '')).join(' > ');
  if (until === null) return `\nIt is not in the funnel ${funnel}.\n`;
  return `\nIn the funnel ${funnel}: ${way}; ${state}, with time until ${time(until)}.\n`;
}

function printCauses(causes: Extract<Explained, { kind: 'event' }>['causes']): string {
  if (causes.length === 0) return '';
  const rows = causes.map(({ cause, rule, held }) => [
    cause,
    held === null ? 'not tried' : held ? 'held' : 'did not hold',
    held === null ? '' : rule,
  ]);
  return `\nCauses, in the order in which they are tried\n\n${table(['cause', '', 'rule'], rows)}`;
}

function printRows(rows: readonly ExplainedRow[]): string {
  const shown = rows.slice(0, ROWS_SHOWN).map((row) => [
    `${row.stream} ${row.position}`,
    time(row.at),
    row.kind ?? `(${row.unread})`,
    Object.entries(row.fields)
      .map(([name, value]) => `${name}=${typeof value === 'string' ? shorten(value) : value}`)
      .join(' '),
    row.role,
  ]);
  const more = rows.length - shown.length;
  const rest = more > 0 ? `... and ${more} more; --json prints all.\n` : '';
  return table(['row', 'at', 'kind', 'fields', 'which is'], shown) + rest;
}

/** Hashes are told apart by their beginning. */
function shorten(value: string): string {
  return /^[0-9a-f]{12,}$/.test(value) ? value.slice(0, 8) : value;
}

function printWhyNot(explained: Explained): string {
  const lines =
    explained.kind === 'step'
      ? explained.why_not.map(({ what, why, count, beside }) => {
          const counts = beside.map(({ value, count: of }) => `  ${value} ${of}\n`);
          return `${count} ${what}. ${why}\n${counts.join('')}`;
        })
      : explained.why_not.map(({ what, why, near }) => {
          const last = near ? ` Nearest: ${near.role}, ${near.stream} ${near.position}.` : '';
          return `${what}: ${why}${last}\n`;
        });
  return lines.length > 0 ? `\nWhy not\n\n${lines.join('')}` : '';
}
