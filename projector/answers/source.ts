import * as crypto from 'node:crypto';
import { existsSync } from 'node:fs';
import SQLite, { type Database } from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import type { LeftOut } from '../host/left-out.ts';
import { openAnalyticsReadOnly } from '../store/analytics.ts';
import { PROJECTION_VERSIONS } from '../store/derived/derived-file.ts';
import type { Paths } from '../store/paths.ts';
import { currentNumber, nothingDerived } from '../store/store.ts';
import type { Tiers } from '../tiers.ts';
import { unexplainedGaps } from './gaps.ts';

/** The positions that an answer was computed at. */
export interface AsOf {
  readonly change_log: number;
  readonly telemetry: number;
  /** Time of the newest fact folded in, in milliseconds; null before the first. */
  readonly at: number | null;
  /** Gaps in `change_log`, among those that the answer rests on, by which it may lack rows. */
  readonly unexplained_gaps: number;
  /** Facts of the journal before this time, in milliseconds, were pruned; null where none were. */
  readonly pruned_before: number | null;
}

/** What answers are read from: the present derived file and what stands beside it, both read-only. */
export class Source {
  /** @internal */
  readonly analytics: Database;
  /** @internal */
  readonly derived: Database;
  /** Whether answers may show raw ids. */
  readonly showsRaw: boolean;
  /** Number of the history that the derived file was made from, and its id. */
  readonly history: number;
  readonly historyId: string;
  /** What the derived file was made without. */
  readonly leftOut: LeftOut;
  /** As {@link AsOf.pruned_before}. */
  readonly prunedBefore: number | null;

  /** Opens the present derived file; throws when nothing was derived yet. */
  static open(paths: Paths, tiers: Tiers): Source {
    const analytics = openAnalyticsReadOnly(paths);
    if (!analytics) throw nothingDerived(paths, 'no analytics.db of this version');
    try {
      return new Source(analytics, openPresent(paths, analytics), tiers.events);
    } catch (error) {
      analytics.close();
      throw error;
    }
  }

  private constructor(analytics: Database, derived: Database, showsRaw: boolean) {
    this.analytics = analytics;
    this.derived = derived;
    this.showsRaw = showsRaw;
    const history = derived.prepare<[], string>("SELECT value FROM meta WHERE key = 'history'").pluck().get();
    const leftOut = derived.prepare<[], string>("SELECT value FROM meta WHERE key = 'left_out'").pluck().get();
    const id = analytics.prepare<[number], string>('SELECT history_id FROM history WHERE id = ?').pluck();
    this.history = Number(history);
    this.leftOut = JSON.parse(leftOut!);
    this.prunedBefore = this.leftOut.factsBefore || null;
    this.historyId = id.get(this.history) ?? '';
    // One answer is read in one snapshot, however many queries it takes.
    derived.exec('BEGIN');
  }

  /** @internal */
  get tables() {
    return drizzle(this.derived);
  }

  /** @param since where the answer rests on rows at or after a time alone, that time in milliseconds */
  asOf(since: number | null = null): AsOf {
    return { ...this.positions(), unexplained_gaps: unexplainedGaps(this, since) };
  }

  positions(): Omit<AsOf, 'unexplained_gaps'> {
    const checkpoint = this.derived.prepare<[string], { position: number; state: string }>(
      'SELECT position, state FROM checkpoint WHERE stream = ?',
    );
    const change = checkpoint.get('change_log');
    const telemetry = checkpoint.get('telemetry');
    const { newestAt = null, scannedAt = null } = change ? JSON.parse(change.state) : {};
    const times = [newestAt, scannedAt].filter((at): at is number => at !== null);
    return {
      change_log: change?.position ?? 0,
      telemetry: telemetry?.position ?? 0,
      at: times.length > 0 ? Math.max(...times) : null,
      pruned_before: this.prunedBefore,
    };
  }

  close(): void {
    this.derived.close();
    this.analytics.close();
  }
}

/** A rebuild may replace the file between the look at its number and its opening; then the next number is there. */
const OPEN_TRIES = 3;

function openPresent(paths: Paths, analytics: Database): Database {
  let found = 'no derived file';
  for (let tries = 0; tries < OPEN_TRIES; tries++) {
    const number = currentNumber(analytics);
    if (number === null) break;
    const path = paths.derived(number);
    found = `no ${path}`;
    if (!existsSync(path)) continue;
    const derived = new SQLite(path, { readonly: true });
    const versions = derived.prepare<[], string>("SELECT value FROM meta WHERE key = 'projections'").pluck().get();
    if (versions === PROJECTION_VERSIONS) return derived;
    derived.close();
    found = 'a derived file of another version';
  }
  throw nothingDerived(paths, found);
}

/** The subject of an incarnation: a session id that is used again is another session. */
export function sessionSubject(hash: string, born: number): string {
  return digest(hash, String(born));
}

/** How a project's key is printed. */
export function projectSubject(key: number): string {
  return key.toString(16).padStart(12, '0');
}

/** A digest of parts; 32 hex digits. */
export function digest(...parts: string[]): string {
  return sha256(parts.join('\0')).slice(0, 32);
}

/** Whole answers are looked through by digest. One call takes a third of the time; Node has it from 20.12 on. */
const sha256: (text: string) => string = crypto.hash
  ? (text) => crypto.hash('sha256', text)
  : (text) => crypto.createHash('sha256').update(text).digest('hex');
