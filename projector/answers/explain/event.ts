import type { DerivedEvent } from '../../../projections/state.ts';
import {
  EVENTS,
  eventByCode,
  eventByName,
  eventId,
  eventParts,
  type StreamName,
} from '../../../projections/vocabulary.ts';
import { EXIT, ProjectorError } from '../../errors.ts';
import { PACKED_KINDS } from '../../store/derived/packed.ts';
import { firstPlace, isPacked, runsOf } from '../../store/derived/runs.ts';
import type { EventAnswer } from '../events.ts';
import { breakdown, dimensionOf, eventsOf, type Filter } from '../filter.ts';
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

/** The events whose ids begin with these digits, at most two. */
export function eventsNamed(context: Explaining, digits: string): DerivedEvent[] {
  const { source, printer } = context;
  const found: number[] = [];
  // An id is a digest, so each is made anew until the one that is meant comes.
  for (const [id, subject] of withSubjects(context)) {
    if (!printer.id(id, subject).startsWith(digits)) continue;
    if (found.push(id) === (digits.length === ID_DIGITS ? 1 : 2)) break;
  }
  return found.flatMap((id) => eventAt(source, id) ?? []);
}

/** Every event by its row id, with its subject as it is printed. */
function* withSubjects({ source, printer, subjects }: Explaining): Generator<[id: number, subject: string]> {
  const others = Object.values(EVENTS).filter(({ subjectKind }) => !isPacked(subjectKind));
  for (const event of eventsOf(source, others)) yield [event.id, printer.subject(event)];
  for (const kind of PACKED_KINDS) {
    for (const { columns, first, end } of runsOf(source.derived, kind)) {
      const { keys, ends, codes, ids } = columns;
      for (let subject = first; subject < end; subject++) {
        const name = kind === 'pr' ? subjects.pull(keys[subject]!) : subjects.subjectOfSession(keys[subject]!);
        for (let event = firstPlace(ends, subject); event < ends[subject]!; event++) {
          if (eventByCode(codes[event]!).subjectKind === kind) yield [ids[event]!, name];
        }
      }
    }
  }
}

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
