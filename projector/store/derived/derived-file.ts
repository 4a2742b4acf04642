import { existsSync } from 'node:fs';
import SQLite, { type Database } from 'better-sqlite3';
import { type JournalFact, OBSERVED } from '../../../projections/facts.ts';
import { foldChange, foldJournal, foldVanished, PROJECTIONS, settle } from '../../../projections/index.ts';
import { wholeSpan } from '../../../projections/span.ts';
import type { State } from '../../../projections/state.ts';
import type { Keys } from '../../host/keys.ts';
import type { LeftOut } from '../../host/left-out.ts';
import { leaseLost } from '../lease.ts';
import { ActiveDayRows } from './active-day-rows.ts';
import type { ChangeBatch, ChangeCheckpoint, TailRow, Vanished } from './batch.ts';
import { readCheckpoint } from './checkpoint.ts';
import { DailyCountRows } from './daily-count-rows.ts';
import { answerIndexStatements, tableStatements } from './ddl.ts';
import { EndRows } from './end-rows.ts';
import { EventTable } from './event-table.ts';
import { LifeRows } from './life-rows.ts';
import { MarkRows } from './mark-rows.ts';
import { Packing } from './packed.ts';
import { projectionFailed } from './projection-failed.ts';
import { PullRows } from './pull-rows.ts';
import { RowStatements } from './row-statements.ts';
import { SessionRows } from './session-rows.ts';
import type { Identify } from './state-table.ts';
import { TraceRows } from './trace-rows.ts';

const BUSY_TIMEOUT_MS = 5_000;

/** A failed spawn takes its creation row back long before so many others are written. */
const BIRTH_SETTLES_ROWS = 50_000;

export interface DerivedFileOptions {
  readonly keys: Keys;
  /** History that the file is derived from. */
  readonly history: number;
  /** Token of the lease under which the file is written. */
  readonly token: string;
  readonly leftOut: LeftOut;
  readonly identify: Identify;
}

/** How the versions of the projections, and of the tables that they fill, stand in a file's `meta`. */
export const PROJECTION_VERSIONS = JSON.stringify([...PROJECTIONS, { name: 'tables', version: 2 }]);

/**
 * A derived file open for writing. Rows, states and the checkpoint of both folds commit in one transaction, so a killed
 * process goes on from what the tables say. After an error the file must be opened anew: its caches are no longer true.
 */
export class DerivedFile {
  readonly path: string;
  readonly #db: Database;
  readonly #token: string;
  readonly #packing: Packing | null;
  readonly #events: EventTable;
  readonly #withheld: EventTable;
  readonly #sessions: SessionRows;
  readonly #pulls: PullRows;
  readonly #ends: EndRows;
  readonly #lives: LifeRows;
  readonly #dailyCounts: DailyCountRows;
  readonly #state: State;
  readonly #rows: RowStatements;
  #change: ChangeCheckpoint;
  #telemetryUnknown: number;
  #inBatch = false;

  /** Makes an empty file without the indexes that answers need; see {@link DerivedFile.finish}. */
  static create(path: string, options: DerivedFileOptions): DerivedFile {
    if (existsSync(path)) throw new Error(`Expected no file at ${path}, found one`);
    const db = new SQLite(path, { timeout: BUSY_TIMEOUT_MS });
    try {
      // Nobody reads the file before it is whole, and a rebuild that dies leaves nothing that anybody needs.
      db.pragma('cache_size = -4096');
      // Without unsafe mode SQLite keeps its journal whatever it is told.
      db.unsafeMode(true);
      db.pragma('journal_mode = OFF');
      db.pragma('synchronous = OFF');
      db.transaction(() => {
        for (const statement of tableStatements()) db.exec(statement);
        const insert = db.prepare('INSERT INTO meta (key, value) VALUES (?, ?)');
        insert.run('projections', PROJECTION_VERSIONS);
        insert.run('history', String(options.history));
        insert.run('token', options.token);
        insert.run('left_out', JSON.stringify(options.leftOut));
      })();
      return new DerivedFile(db, options, null);
    } catch (error) {
      db.close();
      throw error;
    }
  }

  /** Opens a whole file to go on where it stands, under a lease of one's own. */
  static open(path: string, options: DerivedFileOptions): DerivedFile {
    const db = new SQLite(path, { timeout: BUSY_TIMEOUT_MS, fileMustExist: true });
    try {
      db.pragma('journal_mode = WAL');
      db.pragma('synchronous = NORMAL');
      db.prepare("UPDATE meta SET value = ? WHERE key = 'token'").run(options.token);
      return new DerivedFile(db, options, new Packing(db));
    } catch (error) {
      db.close();
      throw error;
    }
  }

  /** @param packing null while nothing is packed */
  private constructor(db: Database, { keys, token, identify }: DerivedFileOptions, packing: Packing | null) {
    this.path = db.name;
    this.#db = db;
    this.#token = token;
    const { change, telemetryUnknown, progress, firsts } = readCheckpoint(db);
    this.#change = change;
    this.#telemetryUnknown = telemetryUnknown;
    this.#packing = packing;
    this.#events = new EventTable(db, 'event', firsts, packing);
    this.#withheld = new EventTable(db, 'withheld_event', []);
    this.#sessions = new SessionRows(db, keys, identify);
    this.#pulls = new PullRows(db, keys, identify);
    this.#ends = new EndRows(db);
    this.#lives = new LifeRows(db);
    this.#dailyCounts = new DailyCountRows(db);
    this.#rows = new RowStatements(db);
    this.#state = {
      progress,
      sessions: this.#sessions,
      pulls: this.#pulls,
      ends: this.#ends,
      marks: new MarkRows(db),
      lives: this.#lives,
      traces: new TraceRows(db),
      dailyCounts: this.#dailyCounts,
      activeDays: new ActiveDayRows(db),
      events: this.#events,
      withheld: this.#withheld,
      dirtySessions: new Set(),
      dirtyEnds: new Set(),
      dirtyTraces: new Set(),
      dirtyStarts: new Set(),
      dirtyDays: new Set(),
    };
  }

  get change(): ChangeCheckpoint {
    return this.#change;
  }

  /** Journal position of the last fact folded in. */
  get telemetryPosition(): number {
    return this.#state.progress.telemetry;
  }

  /** Latest time of any fact folded in; null when there is none. */
  get newestAt(): number | null {
    return wholeSpan(this.#state).newest;
  }

  /** Creation rows that may still vanish, by seq. */
  pendingBirths(): number[] {
    return [...[...this.#state.sessions.pending()].map(({ born }) => born), ...this.#change.leftOutBirths];
  }

  foldJournal(facts: readonly JournalFact[]): void {
    this.#begin();
    for (const fact of facts) {
      try {
        foldJournal(this.#state, fact);
      } catch (error) {
        throw projectionFailed(`telemetry ${fact.position}`, error);
      }
      if (fact.name === OBSERVED.session) this.#observeSession(fact);
      else if (fact.name === OBSERVED.rejected) this.#rows.reject('telemetry', fact.position, String(fact.data.reason));
      else if (fact.name === OBSERVED.unknown) this.#telemetryUnknown += 1;
    }
  }

  foldVanished({ born, gapsAfter, gaps, lastSeq }: Vanished): void {
    this.#begin();
    try {
      foldVanished(this.#state, born);
    } catch (error) {
      throw projectionFailed(`change_log ${born.join(', ')}, now gone`, error);
    }
    this.#rows.replaceGaps(gapsAfter, gaps);
    const leftOutBirths = this.#change.leftOutBirths.filter((seq) => !born.includes(seq));
    this.#change = { ...this.#change, lastSeq, leftOutBirths };
  }

  foldChanges(batch: ChangeBatch): void {
    this.#begin();
    for (const fact of batch.facts) {
      try {
        foldChange(this.#state, fact);
      } catch (error) {
        throw projectionFailed(`change_log ${fact.seq}`, error);
      }
    }
    for (const { position, reason } of batch.rejected) this.#rows.reject('change_log', position, reason);
    for (const gap of batch.gaps) this.#rows.gap(gap);
    const { scanned, lastSeq, scannedAt } = batch;
    const { unknown, tail } = this.#change;
    const leftOutBirths = [...this.#change.leftOutBirths, ...batch.leftOutBirths].filter(
      (seq) => seq > scanned - BIRTH_SETTLES_ROWS,
    );
    this.#change = { position: scanned, lastSeq, scannedAt, unknown: unknown + batch.unknown, leftOutBirths, tail };
  }

  /** Whether a batch is under way. */
  get inBatch(): boolean {
    return this.#inBatch;
  }

  /**
   * Joins the streams and commits the batch with its checkpoint, of which `tail` are the last rows. `beforeCommit` runs when
   * all is written and nothing is committed yet: what else must be durable first belongs there.
   */
  commit(tail: readonly TailRow[], beforeCommit: () => void): void {
    if (!this.#inBatch) return;
    this.#change = { ...this.#change, tail };
    try {
      settle(this.#state);
    } catch (error) {
      throw projectionFailed(
        `the join of change_log ${this.#change.position} and telemetry ${this.telemetryPosition}`,
        error,
      );
    }
    this.#events.flush();
    this.#withheld.flush();
    this.#packing?.flush();
    this.#sessions.flush();
    this.#pulls.flush();
    this.#ends.flush();
    this.#lives.flush();
    this.#dailyCounts.flush();
    this.#rows.checkpoint({
      change: this.#change,
      telemetryUnknown: this.#telemetryUnknown,
      progress: this.#state.progress,
      firsts: this.#events.firsts(),
      newestAt: this.newestAt,
    });
    beforeCommit();
    if (this.#rows.token() !== this.#token) throw leaseLost();
    this.#db.exec('COMMIT');
    this.#inBatch = false;
    this.#sessions.evict();
    this.#pulls.evict();
    this.#ends.evict();
    this.#lives.evict();
  }

  /** Packs some events again, if many have changed. Returns whether it did; no batch may be under way. */
  pack(): boolean {
    const packing = this.#packing;
    return packing !== null && this.#db.transaction(() => packing.packMostTouched()).immediate();
  }

  /** Makes a created file whole: the indexes of the answers, packed events, WAL, and everything on disk. */
  finish(): void {
    for (const statement of answerIndexStatements()) this.#db.exec(statement);
    this.#db.transaction(() => new Packing(this.#db).packAll())();
    this.#db.pragma('synchronous = FULL');
    this.#db.pragma('journal_mode = WAL');
    this.#db.exec("UPDATE meta SET value = value WHERE key = 'history'");
    this.#db.pragma('wal_checkpoint(TRUNCATE)');
    this.#db.pragma('synchronous = NORMAL');
  }

  /** Closes the file; a batch under way is rolled back. */
  close(): void {
    this.#db.close();
  }

  /** What is known of a session stands beside its packed events, and beside those of its PRs. */
  #observeSession(fact: JournalFact): void {
    this.#rows.observeSession(fact);
    this.#packing?.touchSession(Number(fact.data.born));
  }

  #begin(): void {
    if (this.#inBatch) return;
    this.#db.exec('BEGIN IMMEDIATE');
    this.#inBatch = true;
  }
}
