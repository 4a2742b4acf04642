import type { Database } from 'better-sqlite3';
import { eventsAsRead, eventsAsStored, type SubjectEvent } from '../../projector/store/derived/subject-events.ts';

/** Each event of each packed subject as answers read it: a line. */
export function eventsRead(derived: Database): string[] {
  return Array.from(eventsAsRead(derived), line);
}

/** The same as the event table has it. */
export function eventsStored(derived: Database): string[] {
  return Array.from(eventsAsStored(derived), line);
}

function line({ kind, key, id, code, at, text }: SubjectEvent): string {
  return [kind, key, id, code, at, text].join(' ');
}
