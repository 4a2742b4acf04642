import { type Command, Option } from 'commander';
import { eventByName } from '../../projections/vocabulary.ts';
import { type EventAnswer, events } from '../answers/events.ts';
import { Source } from '../answers/source.ts';
import { EXIT, ProjectorError } from '../errors.ts';
import { type Context, jsonOption, parseBound, sinceOption } from './context.ts';
import { duration, table, time } from './format.ts';

const SHORT_ID = 8;

interface EventsOptions {
  readonly json?: true;
  readonly name?: string[];
  readonly since?: string;
  readonly until?: string;
  readonly limit: string;
}

export function eventsCommand(program: Command, context: () => Context): void {
  program
    .command('events')
    .description('what was derived, each with the row that made it; newest first, as JSON lines oldest first')
    .addOption(new Option('--name <event...>', 'only events of these names'))
    .addOption(sinceOption('events'))
    .addOption(new Option('--until <time>', 'only events at or before this time'))
    .addOption(new Option('--limit <n>', 'at most so many lines of the table').default('50'))
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  ao-projector events --name ao.session.killed --since 7d')
    .action((options: EventsOptions) => eventsAction(context(), options));
}

function eventsAction({ paths, tiers, now, out }: Context, options: EventsOptions): void {
  const names = (options.name ?? []).map(definitionOf);
  const limit = parseLimit(options.limit);
  const filter = { names, since: parseBound(options.since, now()), until: parseBound(options.until, now()) };
  const source = Source.open(paths, tiers);
  try {
    let newest: EventAnswer[] = [];
    for (const event of events(source, filter)) {
      if (options.json) out(`${JSON.stringify(event)}\n`);
      else newest.push(event);
      if (newest.length > limit * 2) newest = newest.slice(-limit);
    }
    if (!options.json) out(printEvents(newest.slice(-limit).reverse()));
  } finally {
    source.close();
  }
}

/** Events as people read them, one a line. */
export function printEvents(events: readonly EventAnswer[]): string {
  const rows = events.map((event) => [
    time(event.at),
    event.name,
    event.raw?.subject ?? event.subject.slice(0, SHORT_ID),
    details(event),
    `${event.cause_stream} ${event.cause_position}`,
  ]);
  return table(['at', 'event', 'subject', 'details', 'made by'], rows);
}

function details({ dimensions, measures }: EventAnswer): string {
  const words = Object.entries(dimensions).filter(([, value]) => value !== null);
  const numbers = Object.entries(measures).map(([name, value]) =>
    name.endsWith('_ms') ? [name.slice(0, -'_ms'.length), duration(value)] : [name, String(value)],
  );
  return [...words, ...numbers].map(([name, value]) => `${name}=${value}`).join(' ');
}

function definitionOf(name: string) {
  const definition = eventByName(name);
  if (definition) return definition;
  throw usage(
    'event_unknown',
    'the name of an event such as ao.session.spawned',
    name,
    'See docs/events.md for all names.',
  );
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (Number.isSafeInteger(limit) && limit > 0) return limit;
  throw usage('limit_invalid', 'a whole number above 0', text, 'Write, for example, --limit 20.');
}

function usage(code: string, expected: string, found: string, remedy: string): ProjectorError {
  const message = `${JSON.stringify(found)} is not ${expected}.`;
  return new ProjectorError({ code, message, expected, found: JSON.stringify(found), remedy }, EXIT.usage);
}
