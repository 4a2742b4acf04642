import { existsSync, rmSync } from 'node:fs';
import SQLite, { type Database } from 'better-sqlite3';
import { ProjectorError } from '../errors.ts';
import type { ChangeLog } from '../host/change-log.ts';
import { HostDatabase } from '../host/host-database.ts';
import { Keys } from '../host/keys.ts';
import { NOTHING_LEFT_OUT } from '../host/left-out.ts';
import { readCheckpoint } from '../store/derived/checkpoint.ts';
import { type Comparison, compareDerived } from '../store/derived/compare.ts';
import { type HistoryMark, historyChanged, otherHistory } from '../store/history.ts';
import { Journal } from '../store/journal.ts';
import { readKey } from '../store/key-file.ts';
import type { Paths } from '../store/paths.ts';
import { currentNumber, nothingDerived } from '../store/store.ts';
import type { RebuildProgress } from './rebuild.ts';
import { type Positions, shadow } from './shadow.ts';

/** The present tables beside those that this program makes of the same facts. */
export interface Compared extends Comparison {
  readonly positions: Positions;
}

/** The daemon may take a row back while it is being read: then what was compared did not rest on the same facts. */
const TRIES = 3;

/**
 * Rebuilds into a scratch file up to the positions of the present derived file, and compares the tables. Nothing else is
 * written, so another process may tail meanwhile. Yields progress.
 */
export function* compareWithRebuild(paths: Paths, analytics: Database): Generator<RebuildProgress, Compared> {
  for (let left = TRIES - 1; ; left--) {
    const present = openPresent(paths, analytics);
    try {
      const { compared, vanished } = yield* compareOnce(paths, analytics, present);
      if (compared.changes.length === 0 || !vanished) return compared;
      if (left === 0) throw behind();
    } finally {
      present.close();
    }
  }
}

function* compareOnce(paths: Paths, analytics: Database, present: Database) {
  const keys = new Keys(readKey(paths.key));
  const history = Number(present.prepare("SELECT value FROM meta WHERE key = 'history'").pluck().get());
  const { change, progress } = readCheckpoint(present);
  const positions: Positions = { change_log: change.position, telemetry: progress.telemetry };
  const path = paths.scratch(process.pid);
  const leftOut = present.prepare<[], string>("SELECT value FROM meta WHERE key = 'left_out'").pluck().get();
  const journal = new Journal(analytics, history, leftOut ? JSON.parse(leftOut) : NOTHING_LEFT_OUT);
  refuseOther(paths, keys, change);
  try {
    yield* shadow({ hostPath: paths.host, path, keys, history, journal, upTo: positions });
    const rebuilt = new SQLite(path, { readonly: true });
    const comparison = compareDerived(present, rebuilt);
    rebuilt.close();
    return { compared: { positions, ...comparison }, vanished: hasVanished(paths, present) };
  } finally {
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(path + suffix, { force: true });
  }
}

/** The present derived file, whichever version made it, in one snapshot. */
function openPresent(paths: Paths, analytics: Database): Database {
  const number = currentNumber(analytics);
  if (number === null || !existsSync(paths.derived(number))) throw nothingDerived(paths, 'no derived file');
  const present = new SQLite(paths.derived(number), { readonly: true });
  present.exec('BEGIN');
  return present;
}

function refuseOther(paths: Paths, keys: Keys, mark: HistoryMark): void {
  const difference = lookAt(paths, (changes) => otherHistory(changes, mark, keys));
  if (difference !== null) throw historyChanged(difference);
}

/** Whether a creation row that the present tables rest on is gone by now. Who tails has not un-read it yet. */
function hasVanished(paths: Paths, present: Database): boolean {
  const pending = present.prepare<[], number>('SELECT born FROM session WHERE unsettled = 1').pluck().all();
  return lookAt(paths, (changes) => changes.gone(pending).length > 0);
}

function lookAt<T>(paths: Paths, look: (changes: ChangeLog) => T): T {
  const host = HostDatabase.open(paths.host);
  try {
    return host.look(({ changes }) => look(changes));
  } finally {
    host.close();
  }
}

function behind(): ProjectorError {
  return new ProjectorError({
    code: 'tables_behind',
    message: 'The tables cannot be compared: rows that they rest on have vanished since they were read.',
    expected: 'the rows that were read',
    found: 'creation rows of sessions that the daemon took back',
    remedy: 'Let `ao-projector run` catch up, or run `ao-projector rebuild`, and verify again.',
  });
}
