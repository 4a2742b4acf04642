import * as v from 'valibot';
import { type EventAnswer, events } from '../answers/events.ts';
import { type FailuresAnswer, failures } from '../answers/failures.ts';
import type { Source } from '../answers/source.ts';
import { invalidBundle } from './problem.ts';

/** What was derived from the facts of a bundle. */
export interface Derived {
  readonly events: readonly EventAnswer[];
  readonly failures: FailuresAnswer;
}

/** Derives it, by the clock that failures are judged by (milliseconds UTC). */
export function derive(source: Source, now: number): Derived {
  const everything = { since: null, until: null, project: null };
  return {
    events: [...events(source, { ...everything, names: [] })],
    failures: failures(source, { ...everything, by: null, now }),
  };
}

/** Terminals act on other letters. */
const text = v.pipe(v.string(), v.regex(/^[ -~]{0,200}$/));
const textOrNull = v.nullable(text);
const integer = v.pipe(v.number(), v.safeInteger());
const milliseconds = v.pipe(integer, v.minValue(-1e15), v.maxValue(1e15));

const EVENT = v.strictObject({
  ...{
    id: text,
    name: text,
    category: text,
    subject_kind: text,
    subject: text,
    session: textOrNull,
    project: textOrNull,
  },
  at: milliseconds,
  cause_stream: v.picklist(['change_log', 'telemetry']),
  cause_position: integer,
  dimensions: v.record(text, textOrNull),
  measures: v.record(text, integer),
  raw: v.nullable(v.strictObject({ subject: textOrNull, session: textOrNull, project: textOrNull })),
});

const FAILURES = v.strictObject({
  now: milliseconds,
  as_of: v.strictObject({
    ...{ change_log: integer, telemetry: integer, at: v.nullable(milliseconds) },
    ...{ unexplained_gaps: integer, pruned_before: v.nullable(milliseconds) },
  }),
  groups: v.array(
    v.strictObject({
      ...{ fingerprint: text, name: text, dimensions: v.record(text, text) },
      state: v.picklist(['new', 'ongoing', 'regressed', 'quiet']),
      ...{ count: integer, first_seen: milliseconds, last_seen: milliseconds, sessions: integer, projects: integer },
      per_day: v.array(v.tuple([text, integer])),
      breakdown: v.array(v.strictObject({ value: textOrNull, count: integer })),
    }),
  ),
});

/** Reads what a bundle says was derived; throws where it cannot have been. */
export function readDerived(eventLines: Iterable<string>, failuresText: string): Derived {
  const told: EventAnswer[] = [];
  for (const line of eventLines) told.push(read(EVENT, `events.ndjson, line ${told.length + 1},`, line));
  return { events: told, failures: read(FAILURES, 'failures.json', failuresText) };
}

function read<Schema extends v.GenericSchema>(schema: Schema, what: string, json: string): v.InferOutput<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw invalidBundle(what, 'JSON', 'something else');
  }
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw invalidBundle(what, `${v.getDotPath(issue) ?? 'an object'}: as an answer has it`, 'something else');
}
