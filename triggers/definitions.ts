import type { Database } from 'better-sqlite3';
import type { Definition, DefinitionOf } from './definition.ts';
import { notificationRaised } from './definitions/notification-raised.ts';
import { projectAdded } from './definitions/project-added.ts';
import { projectArchived } from './definitions/project-archived.ts';
import { projectReadded } from './definitions/project-readded.ts';
import { reviewRunChanged } from './definitions/review-run-changed.ts';
import { reviewRunCreated } from './definitions/review-run-created.ts';
import { sessionCreated } from './definitions/session-created.ts';
import { sessionEnded } from './definitions/session-ended.ts';
import { sessionFirstSignal } from './definitions/session-first-signal.ts';
import { sessionLaunched } from './definitions/session-launched.ts';
import { sessionRestored } from './definitions/session-restored.ts';
import { sessionRolledBack } from './definitions/session-rolled-back.ts';
import { terminalOpened } from './definitions/terminal-opened.ts';

const ALL: readonly DefinitionOf[] = [
  projectAdded,
  projectArchived,
  projectReadded,
  sessionCreated,
  sessionLaunched,
  sessionFirstSignal,
  sessionEnded,
  sessionRestored,
  sessionRolledBack,
  reviewRunCreated,
  reviewRunChanged,
  notificationRaised,
  terminalOpened,
];

/** Columns that our triggers on a table need and this host lacks. */
export function columnsLacking(db: Database, table: string): string[] {
  const columns = db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table);
  const needed = new Set(ALL.flatMap((definition) => (definition.table === table ? definition.needs : [])));
  return [...needed].filter((name) => !columns.includes(name));
}

/** The triggers that this host can carry: those whose tables and columns it has, whatever its version table says. */
export function definitionsFor(db: Database): Definition[] {
  const namesOf = db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck();
  return ALL.flatMap(({ table, needs, define }) => {
    const columns = new Set(namesOf.all(table));
    return needs.every((name) => columns.has(name)) ? [define(columns)] : [];
  });
}
