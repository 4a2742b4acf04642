import type { Database, Statement } from 'better-sqlite3';
import { type FactValue, type JournalFact, OBSERVED } from '../../projections/facts.ts';
import type { LeftOut } from '../host/left-out.ts';
import type { NewFact } from '../host/telemetry.ts';
import { LeftOutFacts } from './left-out-facts.ts';

const COLUMNS = 'position, name, at, nanos, project, session, data';

interface JournalRow extends Omit<JournalFact, 'data'> {
  readonly data: string;
}

/** How far the journal has taken in what does not stay where it was seen. */
export interface IntakeMark {
  /** The last row of `telemetry_event`, and the digest that tells whether it is still the same row. */
  readonly rowid: number;
  readonly identity: string;
  /** Seq of the last creation row whose session was observed. */
  readonly observedBorn: number;
  /** When our triggers were installed, in milliseconds UTC, unless they were uninstalled since; else 0. */
  readonly installedAt: number;
}

/** Raw ids on their way into the identity table. */
export interface NewIdentity {
  readonly kind: 'project' | 'session' | 'pr';
  readonly hash: string;
  readonly raw: string;
}

/**
 * Our durable copy of telemetry facts and observed facts, in the order in which they were first seen, kept apart by history.
 * What is left out is neither taken in nor given out, even while rows of it still stand here.
 */
export class Journal {
  readonly leftOut: LeftOut;
  readonly #db: Database;
  readonly #history: number;
  readonly #insert: Statement;
  readonly #mark: Statement;
  readonly #read: Statement<[number, number, number], JournalRow>;
  readonly #observed: Statement<[number, string, string], JournalRow & { readonly identity: string }>;
  readonly #head: Statement<[number], number | null>;
  readonly #identify: Statement;
  readonly #leftOut: LeftOutFacts;

  constructor(db: Database, history: number, leftOut: LeftOut) {
    this.leftOut = leftOut;
    this.#db = db;
    this.#history = history;
    this.#insert = db.prepare(
      `INSERT OR IGNORE INTO journal (history, identity, name, at, nanos, project, session, data)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#mark = db.prepare(
      'INSERT OR REPLACE INTO intake (history, rowid, identity, observed_born, installed_at) VALUES (?, ?, ?, ?, ?)',
    );
    this.#leftOut = new LeftOutFacts(leftOut);
    const kept = `NOT (${this.#leftOut.condition})`;
    // Histories follow one another in the journal, so rows are found by position; the + keeps the index on history out of it.
    this.#read = db.prepare(
      `SELECT ${COLUMNS} FROM journal WHERE +history = ? AND position > ? AND ${kept} ORDER BY position LIMIT ?`,
    );
    this.#observed = db.prepare(
      `SELECT ${COLUMNS}, identity FROM journal WHERE history = ? AND identity >= ? AND identity < ? AND ${kept} ORDER BY position`,
    );
    this.#head = db
      .prepare<[number], number | null>(
        `SELECT iif(history = ?, position, 0) FROM journal WHERE ${kept} ORDER BY position DESC LIMIT 1`,
      )
      .pluck();
    this.#identify = db.prepare('INSERT OR IGNORE INTO identity (kind, hash, raw) VALUES (?, ?, ?)');
  }

  /**
   * Appends facts, the raw ids that they alone name, and the mark of what they were read from, in one transaction. What is there
   * already is passed over.
   */
  append(facts: readonly NewFact[], identities: readonly NewIdentity[], mark: IntakeMark): void {
    const append = this.#db.transaction(() => {
      for (const fact of facts) {
        if (this.#leftOut.has(fact)) continue;
        const { identity, name, at, nanos, project, session, data } = fact;
        this.#insert.run(this.#history, identity, name, at, nanos, project, session, JSON.stringify(data));
      }
      this.#identifyKept(identities);
      this.#mark.run(this.#history, mark.rowid, mark.identity, mark.observedBorn, mark.installedAt);
    });
    append.immediate();
  }

  /** The facts after a position, at most `limit` of them. */
  read(after: number, limit: number): JournalFact[] {
    return this.#read.all(this.#history, after, limit).map(fromRow);
  }

  /** Everything observed of a kind, whose identities begin with the kind and a colon. */
  observed(
    kind: 'session' | 'project' | 'migration' | 'triggers_lost',
  ): (JournalFact & { readonly identity: string })[] {
    return this.#observed
      .all(this.#history, `${kind}:`, `${kind};`)
      .map((row) => ({ ...fromRow(row), identity: row.identity }));
  }

  /** Identities of the facts that did not fit their schemas. */
  rejected(): string[] {
    return this.#db
      .prepare<[number, string], string>('SELECT identity FROM journal WHERE history = ? AND name = ?')
      .pluck()
      .all(this.#history, OBSERVED.rejected);
  }

  /** Whether a fact that was rejected has been replaced by one that was read. */
  isReplaced(position: number): boolean {
    const other = this.#db.prepare('SELECT 1 FROM journal WHERE position = ? AND name <> ?');
    return other.get(position, OBSERVED.rejected) !== undefined;
  }

  /** Puts facts in the places of rejected ones with their identities, but for those that are left out. */
  replaceRejected(facts: readonly NewFact[]): void {
    const replace = this.#db.prepare(
      `UPDATE journal SET name = ?, at = ?, nanos = ?, project = ?, session = ?, data = ?
       WHERE history = ? AND identity = ? AND name = ?`,
    );
    const all = this.#db.transaction(() => {
      for (const fact of facts) {
        if (this.#leftOut.has(fact)) continue;
        const { identity, name, at, nanos, project, session, data } = fact;
        replace.run(
          name,
          at,
          nanos,
          project,
          session,
          JSON.stringify(data),
          this.#history,
          identity,
          OBSERVED.rejected,
        );
      }
    });
    all.immediate();
  }

  /** Position of the newest fact; 0 when there is none. */
  head(): number {
    return this.#head.get(this.#history) ?? 0;
  }

  intakeMark(): IntakeMark {
    const mark = this.#db.prepare<[number], IntakeMark>(
      `SELECT rowid, identity, observed_born AS observedBorn, installed_at AS installedAt FROM intake WHERE history = ?`,
    );
    return mark.get(this.#history) ?? { rowid: 0, identity: '', observedBorn: 0, installedAt: 0 };
  }

  identify(identities: readonly NewIdentity[]): void {
    this.#db.transaction(() => this.#identifyKept(identities)).immediate();
  }

  #identifyKept(identities: readonly NewIdentity[]): void {
    for (const { kind, hash, raw } of identities) {
      const isLeftOut = kind === 'project' ? this.#leftOut.hasProject(Number(hash)) : this.#leftOut.hasSession(hash);
      if (!isLeftOut) this.#identify.run(kind, hash, raw);
    }
  }
}

function fromRow(row: JournalRow): JournalFact {
  return { ...row, data: JSON.parse(row.data) as Record<string, FactValue> };
}
