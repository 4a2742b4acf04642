import { createHash } from 'node:crypto';
import { CLOCK, ONCE, quote, utc } from './sql.ts';

/** Every trigger of ours begins with this, and nothing of the daemon's does. */
export const PREFIX = 'ao_projector_';

/** `source` of the rows that our triggers write. */
export const SOURCE = 'ao-projector';

/** What a trigger records, in SQL expressions over NEW, OLD and its times. No expression may fail, whatever the columns hold. */
export interface Definition {
  /** Name of the fact. */
  readonly fact: string;
  readonly table: string;
  /** `INSERT`, `DELETE`, or `UPDATE OF` a column. */
  readonly on: string;
  /** Firing is dear, so it is guarded wherever an unguarded trigger would fire for rows that say nothing. */
  readonly when?: string;
  /** Columns that hold times: each is turned into the daemon's UTC form, and goes by this name in the other expressions. */
  readonly times: Readonly<Record<string, string>>;
  /** What makes the fact one fact: a second row with the same key is not written. */
  readonly key: readonly string[];
  /** Time of the fact: one of its times, or the clock. */
  readonly at: string;
  readonly project?: string;
  readonly session?: string;
  readonly payload: Readonly<Record<string, string>>;
}

/** A definition once it is known which columns the host has; null where those it needs are missing. */
export interface DefinitionOf {
  readonly table: string;
  readonly needs: readonly string[];
  define(columns: ReadonlySet<string>): Definition;
}

const KEPT_DAYS = 30;

/** A backdated fact is old when it is written, and must be read before it may go. */
const NEWEST_KEPT = 1_000;

/**
 * The daemon prunes only when it writes telemetry itself, so each firing takes a few old rows of its own kind away. The index
 * on name and time finds them; how many rows of ours are newer is counted no further than it matters.
 */
const prune = (fact: string): string => `DELETE FROM telemetry_event WHERE rowid IN (
    SELECT rowid FROM telemetry_event
    WHERE name = ${quote(fact)} AND occurred_at < datetime('now', '-${KEPT_DAYS} days') AND source = ${quote(SOURCE)}
    ORDER BY occurred_at LIMIT 4)
  AND ${NEWEST_KEPT} <= (SELECT count(*) FROM (SELECT 1 FROM telemetry_event AS newer
    WHERE newer.name BETWEEN 'ao_projector.' AND 'ao_projector/' AND newer.rowid > telemetry_event.rowid LIMIT ${NEWEST_KEPT}));`;

/** Name of the trigger that records a fact. */
export function triggerName({ fact }: Pick<Definition, 'fact'>): string {
  return PREFIX + fact.slice(fact.indexOf('.') + 1);
}

/**
 * The statement that makes the trigger. It reads NEW, OLD and `telemetry_event` and nothing else. Uniqueness is asked for in a
 * WHERE as well, because the conflict policy of the daemon's own statement replaces that of ours.
 */
export function createStatement(definition: Definition): string {
  const { table, on, when, times, key, at, project = 'NULL', session = 'NULL', payload, fact } = definition;
  const id = [quote(`aop:${fact.slice(fact.indexOf('.') + 1)}`), ...key.map((part) => `coalesce(${part}, '')`)];
  const fields = Object.entries(payload).map(([name, value]) => `${quote(name)}, ${value}`);
  const inUtc = Object.entries(times).map(([name, column]) => `${utc(column)} AS ${name}`);
  return sealed(
    `CREATE TRIGGER ${triggerName(definition)} AFTER ${on} ON ${table}${when ? `\nWHEN ${when}` : ''}
BEGIN
  `,
    `INSERT OR IGNORE INTO telemetry_event (id, occurred_at, name, source, level, project_id, session_id, request_id, payload_json)
  SELECT fact.id, coalesce(${at}, ${CLOCK}), ${quote(fact)}, ${quote(SOURCE)}, 'info', ${project}, ${session}, '',
    json_object(${fields.join(', ')})
  FROM (SELECT ${id.join(" || ':' || ")} AS id, * FROM (SELECT ${inUtc.join(',\n    ')} ${ONCE}) ${ONCE}) AS fact
  WHERE NOT EXISTS (SELECT 1 FROM telemetry_event WHERE id = fact.id);
  ${prune(fact)}
END`,
  );
}

const SEAL = /-- ao-projector ([0-9a-f]{16})\n {2}/;

/** Whether a statement is one that some version of ours made and nobody has changed since. */
export function isSealed(sql: string): boolean {
  const seal = SEAL.exec(sql);
  return seal !== null && digest(sql.replace(SEAL, '')) === seal[1];
}

function sealed(head: string, body: string): string {
  return `${head}-- ao-projector ${digest(head + body)}\n  ${body}`;
}

function digest(sql: string): string {
  return createHash('sha256').update(sql).digest('hex').slice(0, 16);
}
