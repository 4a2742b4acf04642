import { setTimeout } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import { eventByName } from '../../projections/vocabulary.ts';
import { details } from '../answers/details.ts';
import {
  countEvents,
  type EventAnswer,
  type EventFilter,
  EventPrinter,
  events,
  newestEvents,
  oldestEvents,
  passing,
} from '../answers/events.ts';
import { Follower } from '../answers/follow.ts';
import { Source } from '../answers/source.ts';
import { EXIT, ProjectorError } from '../errors.ts';
import { type Asked, askable, filterOf, printLacks } from './asking.ts';
import type { Context } from './context.ts';
import { printBreakdown, table, time } from './format.ts';

const SHORT_ID = 8;
const FOLLOW_EVERY_MS = 250;

interface EventsOptions extends Asked {
  readonly follow?: true;
  readonly name?: string[];
  readonly limit?: string;
  readonly oldest?: true;
}

export function eventsCommand(program: Command, context: () => Context): void {
  askable(program.command('events'), 'events')
    .description('what was derived, each with the row that made it; newest first, as JSON lines oldest first')
    .addOption(new Option('--name <event...>', 'only events of these names'))
    .addOption(new Option('--limit <n>', 'at most so many, the newest (default: 50 for the table, all for JSON)'))
    .addOption(new Option('--oldest', 'with --limit: the oldest ones').conflicts('follow'))
    .addOption(new Option('--follow', 'then print what comes, oldest first, until stopped').conflicts('by'))
    .addHelpText('after', '\nExample:\n  ao-projector events --name ao.session.killed --since 7d')
    .action((options: EventsOptions) => eventsAction(context(), options));
}

async function eventsAction(context: Context, options: EventsOptions): Promise<void> {
  const { paths, tiers, out } = context;
  const limit = parseLimit(options.limit);
  const filter = { ...filterOf(context, options), names: (options.name ?? []).map(definitionOf) };
  const source = Source.open(paths, tiers);
  const few = options.oldest ? oldestEvents : newestEvents;
  let follower: Follower | null = null;
  try {
    if (filter.by !== null) {
      const counts = countEvents(source, filter, filter.by);
      out(options.json ? counts.map(jsonLine).join('') : printBreakdown(counts));
    } else if (options.json) {
      const listed = limit === null ? events(source, filter) : few(source, filter, limit);
      for (const event of listed) out(jsonLine(event));
    } else {
      const listed = few(source, filter, limit ?? 50);
      out(options.follow ? printEvents(listed) : printEvents(listed.reverse()));
    }
    if (!options.json && !options.follow) out(printLacks(source, filter.since));
    if (options.follow) follower = new Follower(source);
  } finally {
    source.close();
  }
  if (follower) await follow(context, follower, filter, options.json ? jsonLine : printLine);
}

/** Prints what comes until the process is told to stop. */
async function follow(
  { paths, tiers, out }: Context,
  follower: Follower,
  filter: EventFilter,
  print: (event: EventAnswer) => string,
): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  while (!stop.signal.aborted) {
    await setTimeout(FOLLOW_EVERY_MS, undefined, { signal: stop.signal }).catch(() => {});
    const source = Source.open(paths, tiers);
    try {
      const printer = new EventPrinter(source);
      for (const derived of follower.next(source).filter(passing(source, filter))) out(print(printer.print(derived)));
    } finally {
      source.close();
    }
  }
}

const HEAD = ['at', 'event', 'subject', 'details', 'made by'];

const jsonLine = (line: object) => `${JSON.stringify(line)}\n`;

/** An event in one line. */
export const printLine = (event: EventAnswer) => `${cells(event).join('  ')}\n`;

/** Events as people read them, one a line. */
export function printEvents(events: readonly EventAnswer[]): string {
  return table(HEAD, events.map(cells));
}

function cells(event: EventAnswer): string[] {
  return [
    time(event.at),
    event.name,
    event.subject_kind === 'install' ? 'install' : (event.raw?.subject ?? event.subject.slice(0, SHORT_ID)),
    details(event),
    `${event.cause_stream} ${event.cause_position}`,
  ];
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

function parseLimit(text: string | undefined): number | null {
  if (text === undefined) return null;
  const limit = Number(text);
  if (Number.isSafeInteger(limit) && limit > 0) return limit;
  throw usage('limit_invalid', 'a whole number above 0', text, 'Write, for example, --limit 20.');
}

function usage(code: string, expected: string, found: string, remedy: string): ProjectorError {
  const message = `${JSON.stringify(found)} is not ${expected}.`;
  return new ProjectorError({ code, message, expected, found: JSON.stringify(found), remedy }, EXIT.usage);
}
