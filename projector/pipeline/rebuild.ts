import { rmSync } from 'node:fs';
import { HostDatabase } from '../host/host-database.ts';
import type { Keys } from '../host/keys.ts';
import { DerivedFile, type DerivedFileOptions } from '../store/derived/derived-file.ts';
import { type HistoryMark, otherHistory } from '../store/history.ts';
import type { Journal, NewIdentity } from '../store/journal.ts';
import type { Store } from '../store/store.ts';
import { Engine, StaleTables } from './engine.ts';
import { ReadAhead } from './read-ahead.ts';
import { readRejectedAgain } from './rejected-again.ts';

/** Pages of one transaction while nobody waits for the rows. */
export const PAGES_PER_COMMIT = 40;

/** A log of so many rows is read on a thread of its own: to start one takes as long as to read some thousand rows. */
export const WORTH_A_THREAD = 20_000;

export interface RebuildProgress {
  /** Positions of `change_log` that were scanned, and the highest there is. */
  readonly rows: number;
  readonly total: number;
}

/** Where a rebuild reads and what it fills. */
export interface RebuildTarget {
  readonly hostPath: string;
  readonly path: string;
  readonly keys: Keys;
  readonly journal: Journal;
  readonly identities: NewIdentity[] | null;
  readonly now: () => number;
  readonly derived: DerivedFileOptions;
}

/**
 * Fills a new derived file from sequence zero and makes it whole. Yields after each commit, so that whoever runs it decides
 * what happens in between. A file that is not finished is removed.
 */
export function* rebuildFile(target: RebuildTarget): Generator<RebuildProgress> {
  for (;;) {
    try {
      return yield* fillFile(target);
    } catch (error) {
      // The migration that came in between is journaled by now, so every time is the last but for another migration.
      if (!(error instanceof StaleTables)) throw error;
    }
  }
}

function* fillFile(target: RebuildTarget): Generator<RebuildProgress> {
  const host = HostDatabase.open(target.hostPath);
  let derived: DerivedFile | undefined;
  let ahead: ReadAhead | undefined;
  let finished = false;
  try {
    derived = DerivedFile.create(target.path, target.derived);
    const { journal, keys, identities, now } = target;
    const engine = new Engine({ host, journal, derived, keys, identities, now });
    const head = host.look(({ changes }) => changes.head());
    engine.stepJournal();
    // By now every migration before the head is known.
    if (head >= WORTH_A_THREAD) {
      ahead = new ReadAhead({ hostPath: target.hostPath, secret: keys.secret, head, ...engine.knowledge });
    }
    const phases = [() => engine.stepJournal(), () => foldNext(engine, ahead), () => engine.step().more];
    for (const step of phases) {
      for (let more = true; more; ) {
        for (let page = 0; more && page < PAGES_PER_COMMIT; page++) more = step();
        if (!engine.commit()) continue;
        yield { rows: derived.change.position, total: host.look(({ changes }) => changes.head()) };
      }
    }
    derived.finish();
    finished = true;
  } finally {
    ahead?.close();
    host.close();
    derived?.close();
    if (!finished) for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(target.path + suffix, { force: true });
  }
}

/** Folds the next page that was read ahead; false when there is none. */
function foldNext(engine: Engine, ahead: ReadAhead | undefined): boolean {
  const page = ahead?.next();
  if (page) engine.foldAhead(page);
  return Boolean(page);
}

/** Rebuilds the store's derived tables and makes them current. A host database that is another one begins a new history. */
export function* rebuild(store: Store): Generator<RebuildProgress> {
  store.leaveOut(store.toLeaveOut());
  if (isOtherHistory(store)) store.beginHistory();
  readRejectedAgain(store.paths.host, store.journal, store.keys);
  const number = store.nextNumber();
  yield* rebuildFile({
    hostPath: store.paths.host,
    path: store.paths.derived(number),
    keys: store.keys,
    journal: store.journal,
    identities: store.identities,
    now: store.now,
    derived: store.derivedOptions(),
  });
  adopt(store, number);
}

/** Makes a whole derived file the one that answers are read from. */
export function adopt(store: Store, number: number): void {
  const derived = store.openDerived(number);
  const mark = derived.change;
  derived.close();
  store.markHistory(mark);
  store.makeCurrent(number);
  store.finishErasing();
}

function isOtherHistory(store: Store): boolean {
  const mark = presentMark(store);
  const host = HostDatabase.open(store.paths.host);
  try {
    return host.look(({ changes }) => otherHistory(changes, mark, store.keys)) !== null;
  } finally {
    host.close();
  }
}

/** What the present derived file was read up to; what was noted of it where the file is gone. */
function presentMark(store: Store): HistoryMark {
  const current = store.current();
  if ('stale' in current) return store.historyMark();
  const derived = store.openDerived(current.number);
  try {
    return derived.change;
  } finally {
    derived.close();
  }
}
