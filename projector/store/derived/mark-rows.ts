import type { Database, Statement } from 'better-sqlite3';
import { type Instant, nanosBetween } from '../../../projections/instant.ts';
import type { MarkTable } from '../../../projections/state.ts';

interface MarkRow extends Instant {
  readonly durationMs: number;
}

type Kind = 'start' | 'hook' | 'spawn_failed' | 'loss';

/** Marks in the derived file. Times are looked up to the millisecond in SQL and compared to the nanosecond here. */
export class MarkRows implements MarkTable {
  readonly #insert: Statement<[Kind, number, number, number | null, number | null]>;
  readonly #starts: Statement<[number, number], Instant>;
  readonly #ofKind: Statement<[Kind, number, number], Instant>;
  readonly #failures: Statement<[number, number, number], MarkRow>;
  readonly #newest: Record<Kind, number>;

  constructor(db: Database) {
    this.#insert = db.prepare('INSERT INTO mark (kind, at, nanos, project, duration_ms) VALUES (?, ?, ?, ?, ?)');
    this.#starts = db.prepare(
      "SELECT at, nanos FROM mark WHERE kind = 'start' AND at BETWEEN ? AND ? ORDER BY at, nanos",
    );
    this.#ofKind = db.prepare('SELECT at, nanos FROM mark WHERE kind = ? AND at BETWEEN ? AND ?');
    this.#failures = db.prepare(
      `SELECT at, nanos, duration_ms AS durationMs FROM mark
       WHERE kind = 'spawn_failed' AND at BETWEEN ? AND ? AND project = ?`,
    );
    const newest = db.prepare<[Kind], number>('SELECT max(at) FROM mark WHERE kind = ?').pluck();
    const of = (kind: Kind) => newest.get(kind) ?? Number.NEGATIVE_INFINITY;
    this.#newest = { start: of('start'), hook: of('hook'), spawn_failed: of('spawn_failed'), loss: of('loss') };
  }

  addStart(start: Instant): void {
    this.#add('start', start, null, null);
  }

  addHook(hook: Instant): void {
    this.#add('hook', hook, null, null);
  }

  addSpawnFailure(project: number, failure: Instant, durationMs: number): void {
    this.#add('spawn_failed', failure, project, durationMs);
  }

  addLoss(loss: Instant): void {
    this.#add('loss', loss, null, null);
  }

  starts(from: Instant, to: Instant): Instant[] {
    if (from.at > this.#newest.start) return [];
    return this.#starts.all(from.at, to.at).filter((start) => isBetween(from, start, to));
  }

  hasHook(from: Instant, to: Instant): boolean {
    return this.#has('hook', from, to);
  }

  hasLoss(from: Instant, to: Instant): boolean {
    return this.#has('loss', from, to);
  }

  spawnFailures(project: number, from: Instant, to: Instant): MarkRow[] {
    if (from.at > this.#newest.spawn_failed) return [];
    return this.#failures.all(from.at, to.at, project).filter((failure) => isBetween(from, failure, to));
  }

  #has(kind: Kind, from: Instant, to: Instant): boolean {
    if (from.at > this.#newest[kind]) return false;
    return this.#ofKind.all(kind, from.at, to.at).some((instant) => isBetween(from, instant, to));
  }

  #add(kind: Kind, { at, nanos }: Instant, project: number | null, durationMs: number | null): void {
    this.#insert.run(kind, at, nanos, project, durationMs);
    this.#newest[kind] = Math.max(this.#newest[kind], at);
  }
}

function isBetween(from: Instant, at: Instant, to: Instant): boolean {
  return nanosBetween(from, at) >= 0 && nanosBetween(at, to) >= 0;
}
