import type { DerivedEvent } from '../../../projections/state.ts';
import { EVENTS, eventByName, eventId, eventParts, type StreamName } from '../../../projections/vocabulary.ts';
import { EXIT, ProjectorError } from '../../errors.ts';
import type { EventAnswer } from '../events.ts';
import { breakdown, dimensionOf, type Filter } from '../filter.ts';
import { eventAt } from '../lookups.ts';
import { type TriedCause, triedCauses, whyNotCauses } from './causes.ts';
import { evidenceOf } from './evidence.ts';
import type { Explaining } from './explaining.ts';
import type { Explanation } from './explanation.ts';
import { ruleOf } from './rules.ts';

export interface EventExplanation extends Explanation<EventAnswer> {
  /** How the cause of an end was looked for; empty for other events. */
  readonly causes: readonly TriedCause[];
}

/** Why an event was told: its rule, and the rows that this looked at. */
export function explainEvent(context: Explaining, { now, by }: Filter, event: DerivedEvent): EventExplanation {
  const { source, state, printer, rows, subjects } = context;
  const { position, definition } = eventParts(event.id);
  const isEnd = definition === EVENTS.killed || definition === EVENTS.terminatedUnexpected;
  const end = isEnd ? state.ends.get(position) : undefined;
  const session = end && state.sessions.byBorn(end.born);
  const causes = session ? triedCauses(context, end, session) : [];
  const held = causes.find((cause) => cause.held === true);
  return {
    now,
    as_of: source.asOf(),
    answer: printer.print(event),
    rule: [ruleOf(definition), held && `${held.cause}: ${held.rule}`].filter(Boolean).join(' '),
    causes,
    rows: evidenceOf(context, event).map((evidence) => rows.read(evidence)),
    why_not: session ? whyNotCauses(context, end, session) : [],
    breakdown: by === null ? [] : breakdown([dimensionOf(subjects, event, by)]),
  };
}

const PLACE = /^([a-z0-9_.]+)@(\d{1,15})(?:@(change_log|telemetry))?$/;

/** The event that is named by its row, such as `ao.session.killed@79`; null where the text is no such name. */
export function eventAtPlace({ source }: Explaining, text: string): DerivedEvent | null {
  const [, name, position, asked] = PLACE.exec(text) ?? [];
  if (name === undefined || position === undefined) return null;
  const definition = eventByName(name);
  if (!definition) throw unknownName(name);
  const streams = asked === undefined ? (['change_log', 'telemetry'] as const) : [asked as StreamName];
  const found = streams.flatMap((stream) => eventAt(source, eventId(stream, Number(position), definition)) ?? []);
  if (found.length === 1) return found[0]!;
  throw new ProjectorError({
    code: found.length === 0 ? 'event_not_there' : 'event_ambiguous',
    message: `There is no one ${name} that row ${position} made.`,
    expected: 'NAME@POSITION, or NAME@POSITION@telemetry, of an event that was derived',
    found: found.length === 0 ? 'none' : 'one in each stream',
    remedy:
      found.length === 0
        ? `See \`ao-projector events --name ${name}\` for those that were, each with the row that made it.`
        : `Write ${text}@change_log or ${text}@telemetry.`,
  });
}

/** The events whose ids begin with these digits, at most two; the newest first. */
export function eventsNamed({ source, printer }: Explaining, digits: string): DerivedEvent[] {
  const limit = digits.length === ID_DIGITS ? 1 : 2;
  // An id is a digest, so each is made anew until the one that is meant comes, from no more than it takes.
  const rows = source.derived.prepare<[], [number, number, number | null, string | null]>(
    `SELECT id, subject, project, iif(id % 64 IN (${OF_COMMANDS}), dimensions, NULL) FROM event ORDER BY id DESC`,
  );
  const ids: number[] = [];
  for (const [id, subject, project, text] of rows.raw().iterate()) {
    const dimensions = text === null ? null : JSON.parse(text);
    if (printer.id({ id, subject, project, dimensions }).startsWith(digits) && ids.push(id) === limit) break;
  }
  return ids.flatMap((id) => eventAt(source, id) ?? []);
}

/** Codes of the events whose subject stands in their dimensions. */
const OF_COMMANDS = Object.values(EVENTS)
  .filter(({ subjectKind }) => subjectKind === 'command')
  .map(({ code }) => code);

const ID_DIGITS = 32;

function unknownName(name: string): ProjectorError {
  return new ProjectorError(
    {
      code: 'event_unknown',
      message: `${JSON.stringify(name)} is not the name of an event.`,
      expected: 'the name of an event such as ao.session.spawned',
      found: JSON.stringify(name),
      remedy: 'See docs/events.md for all names.',
    },
    EXIT.usage,
  );
}
