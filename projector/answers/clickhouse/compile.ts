import { EXIT, ProjectorError } from '../../errors.ts';
import type { FunnelQuestion } from '../funnel/question.ts';
import { EVENT_TABLE } from './event-table.ts';

/**
 * `windowFunnel` sorts by its time alone, and takes events of one time in the order of the steps. So its time is made of `at`
 * and the place of the event among those of its subject at that `at`: `at * PLACES + place`. The window is widened by half of
 * that, less than a millisecond and more than any two places differ, as long as fewer than half as many events share a time.
 */
const PLACES = 2n ** 21n;

/** So that no sum exceeds 64 bits: 139 years. */
const LONGEST_WINDOW_MS = 2n ** 42n;

/** Column that names a subject. */
const KEY_COLUMNS = { session: 'session', pr: 'subject', project: 'project', install: 'install' } as const;

/** The bit of an event's id that tells its stream: at one time changes come before telemetry. */
const TELEMETRY_BIT = 64;

/**
 * The question as one query over the event table, with a column `step_1`, `step_2` ... of how many subjects reached each step. Throws
 * where a part of it means something else to `windowFunnel`, or nothing.
 */
export function compileFunnel(question: FunnelQuestion): string {
  const parts = uncompilable(question);
  if (parts.length > 0) throw cannotCompile(parts);
  const { subject, steps, windowMs } = question;
  const column = KEY_COLUMNS[subject];
  // A name may be that of another subject on another machine: the project that every daemon makes has one hash for all.
  const key = column === 'install' ? column : `install, ${column}`;
  const window = BigInt(windowMs) < LONGEST_WINDOW_MS ? BigInt(windowMs) : LONGEST_WINDOW_MS;
  const counts = steps.map((_, index) => `countIf(level >= ${index + 1}) AS step_${index + 1}`);
  const names = [...new Set(steps.flatMap(({ events }) => events.map(({ name }) => name)))];
  return `SELECT
  ${counts.join(',\n  ')}
FROM (
  SELECT windowFunnel(${window * PLACES + PLACES / 2n - 1n})(
    at * ${PLACES} + place,
    ${conditionsOf(question).join(',\n    ')}
  ) AS level
  FROM (
    SELECT *, row_number() OVER (PARTITION BY ${key}, at ORDER BY bitAnd(id, ${TELEMETRY_BIT}), id) AS place
    FROM ${EVENT_TABLE} FINAL
    WHERE ${column} != '' AND name IN (${list(names)})
  )
  GROUP BY ${key}
)`;
}

/** What must hold of a row that reaches each step. The bounds of the entry are part of the first. */
export function conditionsOf({ steps, since, until }: FunnelQuestion): string[] {
  return steps.map(({ events, where }, index) =>
    [
      `name IN (${list(events.map(({ name }) => name))})`,
      ...Object.entries(where).map(([dimension, values]) => `${dimension} IN (${list(values)})`),
      ...(index === 0 && since !== null ? [`at >= ${since}`] : []),
      ...(index === 0 && until !== null ? [`at <= ${until}`] : []),
    ].join(' AND '),
  );
}

/** Parts of a question that `windowFunnel` does not know, or takes otherwise. */
function uncompilable({ steps, order, exclude, entry, by, interval }: FunnelQuestion): string[] {
  const codes = steps.flatMap(({ events }) => [...new Set(events.map(({ code }) => code))]);
  return Object.entries({
    [`order ${order}`]: order !== 'ordered',
    'optional steps': steps.some(({ optional }) => optional),
    'gaps between steps': steps.some(({ gapMs }) => gapMs !== null),
    exclusions: exclude.length > 0,
    'every entry': entry === 'every',
    'an event that is part of two steps': new Set(codes).size < codes.length,
    'a filter on project, for the table holds no raw ids': steps.some(({ where }) => where.project !== undefined),
    'a breakdown': by !== null,
    'a trend': interval !== null,
  }).flatMap(([part, holds]) => (holds ? [part] : []));
}

function cannotCompile(parts: readonly string[]): ProjectorError {
  return new ProjectorError(
    {
      code: 'question_not_compilable',
      message: 'The funnel question cannot be compiled to ClickHouse SQL.',
      expected: 'required steps in order within a window, each of events of its own, once a subject',
      found: parts.join(', '),
      remedy: 'Leave these parts out, or ask without --print-sql and --engine: our own engine knows them.',
    },
    EXIT.usage,
  );
}

function list(values: readonly string[]): string {
  return values.map(quoted).join(', ');
}

/** A text as ClickHouse reads it. */
export function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
