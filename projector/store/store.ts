import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import SQLite, { type Database } from 'better-sqlite3';
import { ProjectorError } from '../errors.ts';
import { Keys } from '../host/keys.ts';
import type { LeftOut } from '../host/left-out.ts';
import { isAlive } from '../host/process-alive.ts';
import { openAnalytics } from './analytics.ts';
import { DerivedFile, type DerivedFileOptions, PROJECTION_VERSIONS } from './derived/derived-file.ts';
import { erase, eraseIdentities, finishErasing } from './erase.ts';
import { forgetEverything } from './forget-everything.ts';
import { beginHistory, type HistoryMark, historyMark, markHistory, presentHistory } from './history.ts';
import { Journal, type NewIdentity } from './journal.ts';
import { readOrCreateKey, replaceKey } from './key-file.ts';
import { Lease } from './lease.ts';
import { readLeftOut, removeLeftOut } from './left-out-rows.ts';
import { derivedNumber, type Paths, scratchPid } from './paths.ts';

/** Why tables are stale that another version has made. */
export const OTHER_PROJECTIONS = 'the projections are of another version';

export interface StoreOptions {
  readonly paths: Paths;
  /** Whether raw ids are kept, in the identity table; where not, those that are there are erased. */
  readonly events: boolean;
  readonly now: () => number;
  readonly pid: number;
}

/** `analytics.db` and its derived files, held for writing under the lease. */
export class Store {
  readonly paths: Paths;
  readonly analytics: Database;
  readonly keys: Keys;
  readonly lease: Lease;
  /** Raw ids met since the last commit; null when the tier keeps none. */
  readonly identities: NewIdentity[] | null;
  readonly now: () => number;
  #history: number;
  #journal: Journal;

  /** Opens the store and takes the lease; throws, with exit code 3, while another process holds it. */
  static open({ paths, events, now, pid }: StoreOptions): Store {
    if (!existsSync(paths.dataDir)) throw noDataDir(paths);
    const analytics = openAnalytics(paths, now());
    try {
      const lease = Lease.take(analytics, pid, now());
      if (!events) eraseIdentities(analytics);
      finishErasing(analytics);
      return new Store(paths, analytics, lease, events, now);
    } catch (error) {
      analytics.close();
      throw error;
    }
  }

  private constructor(paths: Paths, analytics: Database, lease: Lease, events: boolean, now: () => number) {
    this.paths = paths;
    this.analytics = analytics;
    this.lease = lease;
    this.identities = events ? [] : null;
    this.now = now;
    this.keys = new Keys(readOrCreateKey(paths.key));
    this.#history = presentHistory(analytics, now());
    this.#journal = new Journal(analytics, this.#history, readLeftOut(analytics, this.#history));
    this.removeStrayFiles();
  }

  get history(): number {
    return this.#history;
  }

  get journal(): Journal {
    return this.#journal;
  }

  /** How far the present history was read when that was last noted. */
  historyMark(): HistoryMark {
    return historyMark(this.analytics, this.#history);
  }

  markHistory(mark: HistoryMark): void {
    markHistory(this.analytics, this.#history, mark);
  }

  beginHistory(): void {
    this.#history = beginHistory(this.analytics, this.now());
    this.leaveOut(this.toLeaveOut());
  }

  /** What is to be left out by now: others may have asked to forget something. */
  toLeaveOut(): LeftOut {
    return readLeftOut(this.analytics, this.#history);
  }

  /** From now on rows of this are neither journaled nor derived. */
  leaveOut(leftOut: LeftOut): void {
    this.#journal = new Journal(this.analytics, this.#history, leftOut);
  }

  /** Number of the present derived file when it is there and can be gone on with; else why it must be made anew. */
  current(): { readonly number: number } | { readonly stale: string } {
    const number = currentNumber(this.analytics);
    if (number === null) return { stale: 'nothing was derived yet' };
    if (!existsSync(this.paths.derived(number))) return { stale: 'the derived file is gone' };
    const stale = staleness(this.paths.derived(number), this.#history, this.#journal);
    return stale === null ? { number } : { stale };
  }

  openDerived(number: number): DerivedFile {
    return DerivedFile.open(this.paths.derived(number), this.derivedOptions());
  }

  /** Drops raw ids of rows that were not committed: those are read again. Projects are met once, so theirs stay. */
  dropMetAgain(): void {
    const { identities } = this;
    identities?.splice(0, identities.length, ...identities.filter(({ kind }) => kind === 'project'));
  }

  /** A number that no derived file has. */
  nextNumber(): number {
    const numbers = readdirSync(this.paths.dataDir).map((name) => derivedNumber(name) ?? 0);
    return Math.max(0, currentNumber(this.analytics) ?? 0, ...numbers) + 1;
  }

  derivedOptions(): DerivedFileOptions {
    const { identities } = this;
    return {
      keys: this.keys,
      history: this.#history,
      token: this.lease.token,
      leftOut: this.#journal.leftOut,
      identify: (kind, hash, raw) => identities?.push({ kind, hash, raw }),
    };
  }

  /**
   * From this commit on answers are read from another derived file, and what that was made without is no longer in any table.
   * The old one goes when nobody uses it. {@link Store.finishErasing} is called next.
   */
  makeCurrent(number: number): void {
    erase(this.analytics, () => {
      this.analytics
        .prepare('INSERT OR REPLACE INTO derived_file (id, number, made_at) VALUES (1, ?, ?)')
        .run(number, this.now());
      return this.#removeLeftOut(this.paths.derived(number));
    });
    this.removeStrayFiles();
  }

  /** As {@link Store.makeCurrent} where no derived file can be made: there is none until the next rebuild. */
  dropDerived(): void {
    erase(this.analytics, () => {
      this.analytics.prepare('DELETE FROM derived_file').run();
      return this.#removeLeftOut(null);
    });
    this.removeStrayFiles();
  }

  /**
   * Forgets everything, rows of `change_log` up to `head` and the key included. The store can only be closed after that: its
   * keys are no longer those of the files.
   */
  forgetAll(head: number): void {
    erase(this.analytics, () => forgetEverything(this.analytics, head, this.now()));
    this.removeStrayFiles();
    replaceKey(this.paths.key);
    this.finishErasing();
  }

  /** Leaves no page of what was removed in the files; throws where somebody reads them all the time. */
  finishErasing(): void {
    finishErasing(this.analytics);
  }

  #removeLeftOut(derivedPath: string | null): number {
    return removeLeftOut(this.analytics, this.#journal.leftOut, {
      history: this.#history,
      derivedPath,
      now: this.now(),
    });
  }

  /** Removes derived files that nobody needs: what a killed process left, and what was replaced. */
  removeStrayFiles(): void {
    const current = currentNumber(this.analytics);
    for (const name of readdirSync(this.paths.dataDir)) {
      const number = derivedNumber(name);
      const pid = scratchPid(name);
      const isStray = (number !== null && number !== current) || (pid !== null && !isAlive(pid));
      if (isStray) removeUnlessOpen(join(this.paths.dataDir, name));
    }
  }

  close(): void {
    this.lease.release();
    this.analytics.close();
  }
}

function noDataDir({ dataDir }: Paths): ProjectorError {
  return new ProjectorError({
    code: 'data_dir_missing',
    message: `There is no ${dataDir}.`,
    expected: 'the data directory of the daemon',
    found: 'no such directory',
    remedy: 'Start the daemon once, or set AO_DATA_DIR to its data directory.',
  });
}

/** On Windows a file that a reader has open cannot be removed; the next start tries again. */
function removeUnlessOpen(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EBUSY' && code !== 'EPERM') throw error;
  }
}

/** Number of the derived file that answers are read from, or null. */
export function currentNumber(analytics: Database): number | null {
  return analytics.prepare<[], number>('SELECT number FROM derived_file WHERE id = 1').pluck().get() ?? null;
}

/** Why a derived file cannot be gone on with, or null. */
function staleness(path: string, history: number, journal: Journal): string | null {
  const db = new SQLite(path, { readonly: true });
  try {
    const meta = db.prepare<[string], string>('SELECT value FROM meta WHERE key = ?').pluck();
    if (meta.get('projections') !== PROJECTION_VERSIONS) return OTHER_PROJECTIONS;
    if (meta.get('history') !== String(history)) return 'it was derived from another history';
    if (meta.get('left_out') !== JSON.stringify(journal.leftOut)) return 'it tells of what is not kept any more';
    const telemetry = db
      .prepare<[], number>("SELECT position FROM checkpoint WHERE stream = 'telemetry'")
      .pluck()
      .get();
    if ((telemetry ?? 0) > journal.head()) return 'the journal is older than what was derived from it';
    const rejected = db.prepare<[], number>("SELECT position FROM rejected WHERE stream = 'telemetry'").pluck();
    const isRead = rejected.all().some((position) => journal.isReplaced(position));
    return isRead ? 'rows that were rejected are read by now' : null;
  } catch (error) {
    return `the derived file cannot be read (${(error as Error).message})`;
  } finally {
    db.close();
  }
}

/** There are no derived tables to answer from. */
export function nothingDerived(paths: Paths, found: string): ProjectorError {
  return new ProjectorError({
    code: 'nothing_derived',
    message: `Nothing was derived yet from ${paths.host}.`,
    expected: 'derived tables of this version',
    found,
    remedy: 'Run `ao-projector run` beside the daemon, or `ao-projector rebuild` once, with AO_TELEMETRY_METRICS=on.',
  });
}
