import type { Database } from 'better-sqlite3';
import { TRIGGERED } from '../projections/facts.ts';
import { createStatement, isSealed, PREFIX, triggerName } from './definition.ts';
import { definitionsFor } from './definitions.ts';

/**
 * `missing`: a trigger is not there, because a migration of the daemon rebuilt its table. `outdated`: one is as another version
 * of ours made it, or for columns that are other ones now. `foreign`: something has a name of ours that we did not make so.
 */
export type TriggerState = 'ok' | 'missing' | 'outdated' | 'foreign';

export interface TriggerCheck {
  readonly name: string;
  readonly table: string;
  readonly state: TriggerState;
}

export interface Verification {
  /** The worst of the states; `none` when there is no trigger of ours and none is known to have been installed. */
  readonly state: TriggerState | 'none';
  /** Whether they were uninstalled, as far as the host database still says so. */
  readonly uninstalled: boolean;
  readonly triggers: readonly TriggerCheck[];
}

export interface PresentObject {
  readonly name: string;
  readonly type: string;
  readonly table: string;
  readonly sql: string;
}

const WORST_FIRST = ['foreign', 'missing', 'outdated'] as const;

/**
 * Compares the triggers that are there with those that this host should have.
 *
 * @internal
 */
export function verify(db: Database): Verification {
  const present = new Map(presentObjects(db).map((object) => [object.name, object]));
  const triggers: TriggerCheck[] = [];
  for (const definition of definitionsFor(db)) {
    const name = triggerName(definition);
    const found = present.get(name);
    present.delete(name);
    const state = found ? stateOf(found, createStatement(definition)) : 'missing';
    triggers.push({ name, table: definition.table, state });
  }
  for (const left of present.values()) {
    triggers.push({ name: left.name, table: left.table, state: isOurs(left) ? 'outdated' : 'foreign' });
  }
  const marker = lastMarker(db);
  const uninstalled = marker === TRIGGERED.uninstalled;
  const noneIsLeft = triggers.every(({ state }) => state === 'missing');
  if (noneIsLeft && marker !== TRIGGERED.installed) return { state: 'none', uninstalled, triggers };
  const worst = WORST_FIRST.find((one) => triggers.some(({ state }) => state === one)) ?? 'ok';
  return { state: worst, uninstalled, triggers };
}

/** Name of the last marker that `install` or `uninstall` left and nobody has pruned. */
function lastMarker(db: Database): string | undefined {
  if (!hasTelemetry(db)) return undefined;
  return db
    .prepare<[string, string], string>(
      'SELECT name FROM telemetry_event WHERE name IN (?, ?) ORDER BY rowid DESC LIMIT 1',
    )
    .pluck()
    .get(TRIGGERED.installed, TRIGGERED.uninstalled);
}

/**
 * Whether the host database is of a version that keeps telemetry.
 *
 * @internal
 */
export function hasTelemetry(db: Database): boolean {
  return (
    db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'telemetry_event'").get() !== undefined
  );
}

/**
 * Everything in the schema that bears our prefix.
 *
 * @internal
 */
export function presentObjects(db: Database): PresentObject[] {
  const objects = db.prepare<[string], PresentObject>(
    'SELECT name, type, tbl_name AS "table", coalesce(sql, \'\') AS sql FROM sqlite_master WHERE name GLOB ? ORDER BY name',
  );
  return objects.all(`${PREFIX}*`);
}

/** Whether we made it, in this version or another, and nobody has changed it since. */
export function isOurs({ type, sql }: PresentObject): boolean {
  return type === 'trigger' && isSealed(sql);
}

function stateOf(found: PresentObject, expected: string): TriggerState {
  if (found.sql === expected) return 'ok';
  return isOurs(found) ? 'outdated' : 'foreign';
}
