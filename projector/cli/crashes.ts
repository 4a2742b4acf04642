import type { Command } from 'commander';
import { type CrashesAnswer, crashes, type StartAnswer } from '../answers/crashes.ts';
import { type Asked, askable, filterOf, respond } from './asking.ts';
import type { Context } from './context.ts';
import { printEvents } from './events.ts';
import { printBreakdown, table, time } from './format.ts';

/** So many of the newest are printed; `--json` has them all. */
const PRINTED = 20;

export function crashesCommand(program: Command, context: () => Context): void {
  askable(program.command('crashes'), 'crashes')
    .description('what crashed and when, and how the daemon went down before each start')
    .addHelpText('after', '\nExample:\n  ao-projector crashes --since 30d')
    .action((options: Asked) => {
      const present = context();
      const filter = filterOf(present, options);
      respond(present, options, (source) => crashes(source, filter), print);
    });
}

function print({ crashes, starts, breakdown }: CrashesAnswer): string {
  const newest = crashes.slice(-PRINTED).reverse();
  const rows = starts.slice(-PRINTED).reverse().map(startRow);
  return [
    'Crashes\n\n',
    newest.length > 0 ? printEvents(newest) : 'Nothing crashed.\n',
    breakdown.length > 0 ? printBreakdown(breakdown) : '',
    '\nStarts of the daemon\n\n',
    rows.length > 0 ? table(['at', 'before it', 'found dead'], rows, [2]) : 'No start is known.\n',
  ].join('');
}

function startRow({ at, clean, found_dead }: StartAnswer): string[] {
  return [time(at), clean === null ? 'unknown' : clean ? 'a clean stop' : 'no stop: a crash', String(found_dead)];
}
