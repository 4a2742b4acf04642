import type { Database, Statement } from 'better-sqlite3';
import { digest } from '../answers/source.ts';
import type { ExportedName } from './allowlist.ts';
import { type Consent, covers } from './consent.ts';
import { type ExportRecord, recordOfMany } from './record.ts';
import { minuteOf } from './settling.ts';

/** A settled event on its way to the sinks, with what it can be forgotten by: neither is part of what is sent. */
export interface Outgoing {
  readonly record: ExportRecord;
  /** Row id of the event, null of the count of a day; and its time in milliseconds UTC. */
  readonly event: number | null;
  readonly at: number;
  /** Hash of the session id, and key of the project. */
  readonly session: string | null;
  readonly project: number | null;
}

interface OutboxRow {
  readonly seq: number;
  readonly name: ExportedName;
  readonly at: number;
  readonly until: number;
  readonly count: number;
  readonly event: number | null;
  readonly record: string | null;
}

/** Rows of the outbox as records, and the last row that was looked at. */
export interface Waiting {
  readonly records: readonly ExportRecord[];
  readonly seq: number;
}

/** Settled events that some sink has not delivered yet, in the order in which they settled. */
export class Outbox {
  readonly #db: Database;
  readonly #install: string;
  readonly #add: Statement;
  readonly #join: Statement;
  readonly #after: Statement<[number, number], OutboxRow>;

  /** @param install keyed hash of the install's id */
  constructor(analytics: Database, install: string) {
    this.#db = analytics;
    this.#install = install;
    this.#add = analytics.prepare(
      `INSERT INTO outbox (name, at, until, count, event, session, project, record)
       VALUES (@name, @at, @at, 1, @event, @session, @project, @record)`,
    );
    // One that stands in a batch already is sent as it is.
    this.#join = analytics.prepare(
      `UPDATE outbox SET count = count + 1, at = min(at, @at), until = max(until, @at), event = min(event, @event)
       WHERE record IS NULL AND name = @name AND at / 60000 = @minute AND seq > (
         SELECT max(coalesce((SELECT max(seq) FROM export_batch), 0), coalesce((SELECT max(seq) FROM export_mark), 0)))`,
    );
    this.#after = analytics.prepare(
      'SELECT seq, name, at, until, count, event, record FROM outbox WHERE seq > ? ORDER BY seq LIMIT ?',
    );
  }

  /** Adds an event that goes alone. */
  add({ record, event, at, session, project }: Outgoing): void {
    this.#add.run({ name: record.name, at, event, session, project, record: JSON.stringify(record.fields) });
  }

  /** Adds an event to the one that stands for the others of its name and minute. */
  addToMany({ record: { name }, event, at }: Outgoing): void {
    const joined = this.#join.run({ name, at, event, minute: minuteOf(at) });
    if (joined.changes === 0) this.#add.run({ name, at, event, session: null, project: null, record: null });
  }

  /** What waits for a sink, at most so many rows of it; null where nothing does. */
  waiting(consent: Consent, history: number, limit: number): Waiting | null {
    const rows = this.#after.all(consent.seq, limit);
    if (rows.length === 0) return null;
    const covered = rows.filter(({ event, at }) => covers(consent, { id: event, at }, history));
    return { records: covered.map((row) => this.#record(row)), seq: rows.at(-1)!.seq };
  }

  /** How many rows wait for a sink. */
  count({ seq }: Pick<Consent, 'seq'>): number {
    return this.#db.prepare<[number], number>('SELECT count(*) FROM outbox WHERE seq > ?').pluck().get(seq)!;
  }

  #record({ seq, name, at, until, count, event, record }: OutboxRow): ExportRecord {
    if (record !== null) return { name, fields: JSON.parse(record) };
    const id = digest('many', this.#install, name, String(event), String(seq));
    return recordOfMany({ name, id, count, from: at, to: until });
  }
}
