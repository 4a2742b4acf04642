import type { Database } from 'better-sqlite3';
import { Random } from '../fixtures/random.ts';
import { EVENTS, type EventDefinition, eventId } from '../projections/vocabulary.ts';

/** Events of sessions and PRs. */
const NAMES: readonly EventDefinition[] = Object.values(EVENTS).filter(
  ({ subjectKind }) => subjectKind === 'session' || subjectKind === 'pr',
);
const HARNESSES = ['claude-code', 'codex', 'aider', 'gemini'];
const BEGIN = Date.UTC(2026, 0, 5);
const DAY_MS = 86_400_000;
/** Sessions begin within so many days, and their events follow within so many. */
const BEGIN_DAYS = 90;
const LONG_DAYS = 14;

/**
 * Replaces the events of a derived file by so many of so many sessions, as many of each name as of any other. No two happen at
 * one time, so that no engine has to be told how to order them.
 */
export function fillEvents(derived: Database, events: number, sessions: number): void {
  const random = new Random(1);
  const begins = Float64Array.from({ length: sessions }, () => BEGIN + random.between(0, BEGIN_DAYS * DAY_MS));
  const session = Uint32Array.from({ length: events }, () => random.between(1, sessions));
  const at = Float64Array.from(session, (born) => begins[born - 1]! + random.between(0, LONG_DAYS * DAY_MS));
  const order = Uint32Array.from({ length: events }, (_, index) => index).sort((a, b) => at[a]! - at[b]!);
  derived.exec('DELETE FROM event; DELETE FROM session; DELETE FROM observed_session');
  const insert = derived.prepare('INSERT INTO event (id, subject, session, project, at) VALUES (?, ?, ?, 1, ?)');
  const observe = derived.prepare("INSERT INTO observed_session (born, kind, harness) VALUES (?, 'worker', ?)");
  derived.transaction(() => {
    for (let born = 1; born <= sessions; born++) observe.run(born, random.pick(HARNESSES));
    let latest = 0;
    order.forEach((index, position) => {
      latest = Math.max(latest + 1, at[index]!);
      const born = session[index]!;
      insert.run(eventId('change_log', position + 1, random.pick(NAMES)), born, born, latest);
    });
  })();
  derived.exec('ANALYZE');
}
