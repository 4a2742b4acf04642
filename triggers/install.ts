import type { Database } from 'better-sqlite3';
import { TRIGGERED } from '../projections/facts.ts';
import { ProjectorError } from '../projector/errors.ts';
import { createStatement, SOURCE, triggerName } from './definition.ts';
import { definitionsFor } from './definitions.ts';
import { refuseBroken, refuseUnsafe } from './safety.ts';
import { isOurs, presentObjects } from './verify.ts';

/** What an installation does, statement by statement. */
export interface InstallPlan {
  readonly drop: readonly string[];
  readonly create: readonly string[];
}

/** What would bring the triggers to what they should be; nothing where they are so already. Throws where that is not safe. */
export function planInstall(db: Database, schemaVersion: number | null): InstallPlan {
  refuseUnsafe(db, schemaVersion);
  const present = presentObjects(db);
  const foreign = present.filter((object) => !isOurs(object));
  if (foreign.length > 0) throw foreignFound(foreign.map(({ name }) => name));
  const wanted = definitionsFor(db).map((definition) => ({
    name: triggerName(definition),
    sql: createStatement(definition),
  }));
  const isWanted = (name: string, sql: string) => wanted.some((one) => one.name === name && one.sql === sql);
  return {
    drop: present.filter(({ name, sql }) => !isWanted(name, sql)).map(({ name }) => `DROP TRIGGER ${name}`),
    create: wanted
      .filter(({ name, sql }) => !present.some((one) => one.name === name && one.sql === sql))
      .map(({ sql }) => sql),
  };
}

/** Carries a plan out, with the marker row, inside the caller's transaction. Returns how many triggers were made. */
export function install(db: Database, schemaVersion: number | null, now: number): number {
  const { drop, create } = planInstall(db, schemaVersion);
  for (const statement of [...drop, ...create]) db.exec(statement);
  refuseBroken(db, new Set(definitionsFor(db).map(({ table }) => table)));
  if (drop.length + create.length > 0) mark(db, TRIGGERED.installed, now);
  return create.length;
}

/** Removes every trigger of ours, with the marker row, inside the caller's transaction. Returns how many there were. */
export function uninstall(db: Database, now: number): number {
  const ours = presentObjects(db).filter(isOurs);
  for (const { name } of ours) db.exec(`DROP TRIGGER ${name}`);
  if (ours.length > 0) mark(db, TRIGGERED.uninstalled, now);
  return ours.length;
}

/** Our markers are facts like the others: whoever reads them knows from when to when the triggers wrote. */
function mark(db: Database, name: string, now: number): void {
  const at = new Date(now).toISOString().replace('T', ' ').replace('Z', ' +0000 UTC');
  db.prepare(
    `INSERT OR IGNORE INTO telemetry_event (id, occurred_at, name, source, level, project_id, session_id, request_id, payload_json)
     VALUES (?, ?, ?, ?, 'info', NULL, NULL, '', '{}')`,
  ).run(`aop:${name.slice(name.indexOf('.') + 1)}:${at}`, at, name, SOURCE);
}

function foreignFound(names: readonly string[]): ProjectorError {
  return new ProjectorError({
    code: 'triggers_foreign',
    message: 'Something that ao-projector did not make bears one of its names; nothing was changed.',
    expected: `no object with such a name, or one as ao-projector made it (see \`ao-projector triggers verify\`)`,
    found: names.join(', '),
    remedy: `Look at it, and remove it by hand: ${names.map((name) => `DROP TRIGGER ${name};`).join(' ')}`,
  });
}
