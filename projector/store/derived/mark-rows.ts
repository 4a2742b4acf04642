import type { Database, Statement } from 'better-sqlite3';
import { type Instant, nanosBetween } from '../../../projections/instant.ts';
import type { Mark, Start } from '../../../projections/state.ts';
import type { MarkTable } from '../../../projections/tables.ts';

interface MarkRow extends Mark {
  readonly durationMs: number;
}

type Kind = 'recorded' | 'seen' | 'left' | 'stop' | 'hook' | 'spawn_failed' | 'loss';

/**
 * Marks in the derived file. Times are looked up to the millisecond in SQL and compared to the nanosecond here. A daemon
 * starts a few times a day, so its starts are few enough to be held in memory, in time order.
 */
export class MarkRows implements MarkTable {
  readonly #insert: Statement<[Kind, number, number, number | null, number | null, number | null]>;
  readonly #ofKind: Statement<[Kind, number, number], Mark>;
  readonly #failures: Statement<[number, number, number], MarkRow>;
  readonly #newest: Record<'hook' | 'spawn_failed' | 'loss', number>;
  readonly #starts: Start[];
  readonly #left: Mark[];

  constructor(db: Database) {
    this.#insert = db.prepare(
      'INSERT INTO mark (kind, at, nanos, project, duration_ms, position) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#ofKind = db.prepare('SELECT at, nanos, position FROM mark WHERE kind = ? AND at BETWEEN ? AND ?');
    this.#failures = db.prepare(
      `SELECT at, nanos, position, duration_ms AS durationMs FROM mark
       WHERE kind = 'spawn_failed' AND at BETWEEN ? AND ? AND project = ?`,
    );
    const newest = db.prepare<[Kind], number>('SELECT max(at) FROM mark WHERE kind = ?').pluck();
    const of = (kind: Kind) => newest.get(kind) ?? Number.NEGATIVE_INFINITY;
    this.#newest = { hook: of('hook'), spawn_failed: of('spawn_failed'), loss: of('loss') };
    this.#starts = db
      .prepare<[], Start>("SELECT at, nanos, position, kind AS source FROM mark WHERE kind IN ('recorded', 'seen')")
      .all()
      .sort(inTime);
    this.#left = db.prepare<[], Mark>("SELECT at, nanos, position FROM mark WHERE kind = 'left'").all().sort(inTime);
  }

  addStart(start: Start): void {
    this.#insert.run(start.source, start.at, start.nanos, null, null, start.position);
    insertSorted(this.#starts, start);
  }

  addLeft({ at, nanos, position }: Mark): void {
    this.#insert.run('left', at, nanos, null, null, position);
    insertSorted(this.#left, { at, nanos, position });
  }

  addStop({ at, nanos, position }: Mark): void {
    this.#insert.run('stop', at, nanos, null, null, position);
  }

  addHook(hook: Mark): void {
    this.#add('hook', hook, null, null);
  }

  addSpawnFailure(project: number, failure: Mark, durationMs: number): void {
    this.#add('spawn_failed', failure, project, durationMs);
  }

  addLoss(loss: Mark): void {
    this.#add('loss', loss, null, null);
  }

  starts(from: Instant, to: Instant): Mark[] {
    const found = this.allStarts(from.at, to.at);
    return found.filter((start) => start.source === 'recorded' && isBetween(from, start, to));
  }

  allStarts(from: number, to: number): Start[] {
    const first = firstIndex(this.#starts, ({ at }) => at >= from);
    const found: Start[] = [];
    for (let index = first; index < this.#starts.length && this.#starts[index]!.at <= to; index++) {
      found.push(this.#starts[index]!);
    }
    return found;
  }

  start(position: number): Start | undefined {
    return this.#starts.find((start) => start.position === position);
  }

  startsAfter(after: Instant, limit: number): Start[] {
    const first = firstIndex(this.#starts, (start) => nanosBetween(after, start) > 0);
    return this.#starts.slice(first, first + limit);
  }

  lastLeft(before: Instant): Mark | undefined {
    return this.#left[firstIndex(this.#left, (left) => nanosBetween(left, before) <= 0) - 1];
  }

  hook(from: Instant, to: Instant): Mark | undefined {
    return this.#find('hook', from, to);
  }

  hasLoss(from: Instant, to: Instant): boolean {
    return this.#find('loss', from, to) !== undefined;
  }

  spawnFailures(project: number, from: Instant, to: Instant): MarkRow[] {
    if (from.at > this.#newest.spawn_failed) return [];
    return this.#failures.all(from.at, to.at, project).filter((failure) => isBetween(from, failure, to));
  }

  #find(kind: 'hook' | 'loss', from: Instant, to: Instant): Mark | undefined {
    if (from.at > this.#newest[kind]) return undefined;
    return this.#ofKind.all(kind, from.at, to.at).find((mark) => isBetween(from, mark, to));
  }

  #add(
    kind: 'hook' | 'spawn_failed' | 'loss',
    { at, nanos, position }: Mark,
    project: number | null,
    durationMs: number | null,
  ): void {
    this.#insert.run(kind, at, nanos, project, durationMs, position);
    this.#newest[kind] = Math.max(this.#newest[kind], at);
  }
}

function isBetween(from: Instant, at: Instant, to: Instant): boolean {
  return nanosBetween(from, at) >= 0 && nanosBetween(at, to) >= 0;
}

function inTime(a: Instant, b: Instant): number {
  return nanosBetween(b, a);
}

/** Index of the first in time order for which this holds, as it does for all after it. */
function firstIndex<T>(sorted: readonly T[], holds: (one: T) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(sorted[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function insertSorted<T extends Instant>(sorted: T[], one: T): void {
  sorted.splice(
    firstIndex(sorted, (other) => nanosBetween(one, other) > 0),
    0,
    one,
  );
}
