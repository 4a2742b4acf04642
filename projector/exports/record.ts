import type { EventAnswer } from '../answers/events.ts';
import { ALLOWLIST, COMMON, type DailyName, type ExportedName, OF_MANY } from './allowlist.ts';
import { exportable, type Field } from './field.ts';

/** What may leave of an event, or of many of one name. Only this file makes one, by the allowlist. */
export interface ExportRecord {
  readonly name: ExportedName;
  readonly fields: Readonly<Record<string, string | number>>;
}

/**
 * An event as it may leave.
 *
 * @param order row id of the event
 * @param install keyed hash of the install's id
 */
export function recordOf(event: EventAnswer, order: number, install: string): ExportRecord {
  const { id, at, category, subject_kind, session, project, dimensions, measures } = event;
  return built(event.name as ExportedName, {
    ...{ ...dimensions, ...measures, count: null, runs: measures.count },
    ...{ id, order, at, category, subject_kind, subject: subjectOf(event, install), session, project },
  });
}

/** The subject of a command is the command, and what answers print of the install is hashed without the key. */
function subjectOf({ subject_kind, subject }: EventAnswer, install: string): string | null {
  if (subject_kind === 'command') return null;
  return subject_kind === 'install' ? install : subject;
}

/** How often one command was used by one actor on a day, as it may leave. Times in milliseconds UTC. */
export interface Day {
  readonly name: DailyName;
  readonly id: string;
  readonly command: string;
  readonly actor: string;
  readonly count: number;
  readonly from: number;
  readonly to: number;
}

export function recordOfDay({ name, id, command, actor, count, from, to }: Day): ExportRecord {
  return built(name, {
    ...{ id, at: from, category: 'usage', subject_kind: 'command' },
    ...{ command, actor, count, window_start: from, window_end: to },
  });
}

/** Events of one name and minute that stand for themselves no more. Times in milliseconds UTC. */
export interface Many {
  readonly name: ExportedName;
  readonly id: string;
  readonly count: number;
  readonly from: number;
  readonly to: number;
}

export function recordOfMany({ name, id, count, from, to }: Many): ExportRecord {
  const { id: idField, at } = COMMON;
  const fields = { id: idField, at, ...OF_MANY };
  return { name, fields: passed(fields, { id, at: from, count, window_start: from, window_end: to }) };
}

/** The fields by which counters tell events apart. */
export function countedFields({ name, fields }: ExportRecord): Record<string, string> {
  const counted = Object.entries(ALLOWLIST[name].fields).filter(([, field]) => field.counted);
  return Object.fromEntries(
    counted.flatMap(([key]) => (fields[key] === undefined ? [] : [[key, String(fields[key])]])),
  );
}

function built(name: ExportedName, values: Readonly<Record<string, unknown>>): ExportRecord {
  return { name, fields: passed({ ...COMMON, ...ALLOWLIST[name].fields }, values) };
}

function passed(fields: Readonly<Record<string, Field>>, values: Readonly<Record<string, unknown>>) {
  const passing = Object.entries(fields).map(([key, field]) => [key, exportable(field, values[key])] as const);
  return Object.fromEntries(passing.filter((entry): entry is [string, string | number] => entry[1] !== undefined));
}
