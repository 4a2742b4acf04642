import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import SQLite, { type Database } from 'better-sqlite3';
import { ProjectorError } from '../errors.ts';
import { Keys } from '../host/keys.ts';
import { isAlive } from '../host/process-alive.ts';
import { openAnalytics } from './analytics.ts';
import { DerivedFile, type DerivedFileOptions, PROJECTION_VERSIONS } from './derived/derived-file.ts';
import { beginHistory, type HistoryMark, historyMark, markHistory, presentHistory } from './history.ts';
import { Journal, type NewIdentity } from './journal.ts';
import { readOrCreateKey } from './key-file.ts';
import { Lease } from './lease.ts';
import { derivedNumber, type Paths, scratchPid } from './paths.ts';

/** Why tables are stale that another version has made. */
export const OTHER_PROJECTIONS = 'the projections are of another version';

export interface StoreOptions {
  readonly paths: Paths;
  /** Whether raw ids are kept, in the identity table. */
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
    this.#journal = new Journal(analytics, this.#history);
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
    this.#journal = new Journal(this.analytics, this.#history);
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
      identify: (kind, hash, raw) => identities?.push({ kind, hash, raw }),
    };
  }

  /** From this commit on answers are read from another derived file. The old one goes when nobody uses it. */
  makeCurrent(number: number): void {
    this.analytics
      .prepare('INSERT OR REPLACE INTO derived_file (id, number, made_at) VALUES (1, ?, ?)')
      .run(number, this.now());
    this.removeStrayFiles();
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
