import type { Database, Statement } from 'better-sqlite3';
import type { DerivedEvent } from '../../projections/state.ts';
import { CODES, EVENTS, type EventDefinition, eventCode } from '../../projections/vocabulary.ts';
import type { EventRow } from '../store/derived/event-table.ts';

const DAY_MS = 86_400_000;

/** What an install comes to once, wherever the row stands that shows it. */
const ONCE: readonly EventDefinition[] = [
  ...[EVENTS.daemonStarted, EVENTS.firstProjectAdded, EVENTS.firstSessionSpawned, EVENTS.firstAgentOutput],
  ...[EVENTS.firstPrObserved, EVENTS.firstPrReviewed, EVENTS.firstPrRevised, EVENTS.firstMerge],
];

const ONCE_CODES: ReadonlySet<number> = new Set(ONCE.map(({ code }) => code));

/** Below every key of a return. */
const DAILY_KEYS = -(2 ** 40);

/**
 * What an event is settled as: its row id; but where another row may later turn out to be the one that shows it, something that
 * stays: a milestone is reached once, and a day returned to once.
 */
export function settledKey({ id, at }: Pick<DerivedEvent, 'id' | 'at'>): number {
  const code = eventCode(id);
  if (ONCE_CODES.has(code)) return code;
  return code === EVENTS.returned.code ? -(Math.max(0, Math.floor(at / DAY_MS)) * CODES + code) : id;
}

/** What the count of a day, command and actor is settled as; `digest` is one of them in hexadecimal digits. */
export function settledDayKey(digest: string): number {
  return DAILY_KEYS - Number.parseInt(digest.slice(0, 12), 16);
}

/** A number that differs where what an event says does; never 0. */
export function saidDigest({ at, session, project, dimensions, measures }: EventRow): number {
  const text = `${at} ${session} ${project} ${dimensions} ${measures}`;
  let digest = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    digest = Math.imul(digest ^ text.charCodeAt(index), 0x01000193);
  }
  return (digest >>> 0) + 1;
}

/** The events that are settled, and what became of them since. */
export class Settled {
  readonly #digest: Statement<[number], number>;
  readonly #between: Statement<[number, number], { event: number; digest: number }>;
  readonly #add: Statement;
  readonly #revise: Statement;

  constructor(analytics: Database) {
    this.#digest = analytics.prepare<[number], number>('SELECT digest FROM settled_event WHERE event = ?').pluck();
    this.#between = analytics.prepare('SELECT event, digest FROM settled_event WHERE event BETWEEN ? AND ?');
    this.#add = analytics.prepare('INSERT INTO settled_event (event, digest, revisions) VALUES (?, ?, 0)');
    this.#revise = analytics.prepare(
      'UPDATE settled_event SET digest = ?, revisions = revisions + 1 WHERE event = ? AND digest <> ?',
    );
  }

  /** What an event said when it was last looked at; undefined where it has not settled, 0 where it was taken back. */
  digest(key: number): number | undefined {
    return this.#digest.get(key);
  }

  /** The same of those with keys between two, both inclusive. */
  between(first: number, last: number): Map<number, number> {
    return new Map(this.#between.all(first, last).map(({ event, digest }) => [event, digest]));
  }

  add(key: number, digest: number): void {
    this.#add.run(key, digest);
  }

  /** Counts a revision if an event says something else now; 0 for one that was taken back. */
  revise(key: number, digest: number): void {
    this.#revise.run(digest, key, digest);
  }
}

/** How often settled events have said something else since. */
export function revisions(analytics: Database): number {
  return analytics.prepare<[], number | null>('SELECT sum(revisions) FROM settled_event').pluck().get() ?? 0;
}
