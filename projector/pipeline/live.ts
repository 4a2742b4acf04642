import { DaemonWatch } from '../host/daemon-watch.ts';
import { HostDatabase } from '../host/host-database.ts';
import type { LeftOut } from '../host/left-out.ts';
import type { TriggersSeen } from '../host/trigger-state.ts';
import type { DerivedFile } from '../store/derived/derived-file.ts';
import type { Store } from '../store/store.ts';
import { Engine, JOURNAL_PAGE_ROWS } from './engine.ts';
import { fileNumbers, fileSignature, hasLiveWal } from './file-signature.ts';
import { PAGES_PER_COMMIT } from './rebuild.ts';
import type { Pace } from './wake-ups.ts';

/** Without a change for so long, the host database is left alone. */
const QUIET_AFTER_MS = 2_000;

/** A file system may miss a change of a file that somebody has open; so often it is looked at all the same. */
const LOOK_ANYWAY_MS = 60_000;

/** What one look at the host database led to. */
export interface Cycle {
  /** Rows read; the derived tables hold them now. */
  readonly rows: number;
  readonly pace: Pace;
}

/**
 * The live end of the pipeline: looks at the host database when it has changed and commits what it finds. No handle on the
 * host stays open while it is quiet, because an open one keeps a daemon that stops from removing its WAL.
 */
export class Live {
  readonly #store: Store;
  readonly #now: () => number;
  readonly #daemon: DaemonWatch;
  #number: number;
  #derived: DerivedFile;
  #engine: Engine | null = null;
  #host: HostDatabase | null = null;
  #hostFiles = '';
  #signature = '';
  #changedAt: number;
  #lookedAt = 0;
  #mayPack = true;
  #triggers: TriggersSeen | null = null;

  /** @param number the derived file to go on with */
  constructor(store: Store, number: number, now: () => number) {
    this.#store = store;
    this.#now = now;
    this.#daemon = new DaemonWatch(store.paths.runFile, now);
    this.#number = number;
    this.#derived = store.openDerived(number);
    this.#changedAt = now();
  }

  get derived(): DerivedFile {
    return this.#derived;
  }

  /** Our triggers, as the last look found them; null before the first. */
  get triggers(): TriggersSeen | null {
    return this.#triggers;
  }

  /** Looks once. After an error nothing is known any more but what is committed: see {@link Live.reopen}. */
  cycle(): Cycle {
    this.#watchDaemon();
    const host = this.#hostIfChanged();
    if (!host?.hasChanged()) return { rows: 0, pace: this.#rest() };
    const { rows, more, committed } = this.#advance();
    if (committed) {
      this.#changedAt = this.#now();
      this.#mayPack = true;
    }
    return { rows, pace: more ? 'behind' : this.#rest() };
  }

  /**
   * Goes on with a derived file that a rebuild has made without `leftOut`, once it has caught up with the present one; then it
   * is current.
   */
  swap(number: number, leftOut: LeftOut): void {
    const before = this.#store.journal.leftOut;
    this.#store.leaveOut(leftOut);
    this.#open(number);
    try {
      this.#openHost();
      while (this.#advance().more);
      this.#store.makeCurrent(number);
      this.#number = number;
    } catch (error) {
      this.#store.leaveOut(before);
      this.reopen();
      throw error;
    }
  }

  /** Drops everything in memory and goes on from what is committed. */
  reopen(): void {
    this.#open(this.#number);
  }

  close(): void {
    this.#leaveHost();
    this.#derived.close();
  }

  /** Journals what the run file says and folds it at once: the host database need not be opened for that. */
  #watchDaemon(): void {
    const facts = this.#daemon.look();
    if (facts.length === 0) return;
    const { journal } = this.#store;
    journal.append(facts, [], journal.intakeMark());
    for (let more = true; more; ) {
      const page = journal.read(this.#derived.telemetryPosition, JOURNAL_PAGE_ROWS);
      if (page.length > 0) this.#derived.foldJournal(page);
      more = page.length === JOURNAL_PAGE_ROWS;
    }
    this.#derived.commit(this.#derived.change.tail, () => {});
  }

  #open(number: number): void {
    this.#leaveHost();
    this.#signature = '';
    this.#derived.close();
    this.#store.dropMetAgain();
    this.#derived = this.#store.openDerived(number);
  }

  #advance(): { rows: number; more: boolean; committed: boolean } {
    let rows = 0;
    let more = true;
    for (let page = 0; more && page < PAGES_PER_COMMIT; page++) {
      const step = this.#engine!.step();
      rows += step.rows;
      more = step.more;
    }
    this.#triggers = this.#engine!.triggers;
    return { rows, more, committed: this.#engine!.commit() };
  }

  /** The host database, opened if its files say that something happened; null when they say that nothing did. */
  #hostIfChanged(): HostDatabase | null {
    const { host: path } = this.#store.paths;
    if (this.#host && fileNumbers(path) !== this.#hostFiles) {
      // What the files say of themselves was told while others were read.
      this.#leaveHost();
      this.#signature = '';
    }
    if (this.#host) return this.#host;
    const signature = fileSignature(path);
    const overdue = this.#now() - this.#lookedAt >= LOOK_ANYWAY_MS && hasLiveWal(path);
    if (signature === this.#signature && !overdue) return null;
    // A report of a write may come before the write can be seen, so the look goes on for a while.
    if (signature !== this.#signature) this.#changedAt = this.#now();
    this.#signature = signature;
    return this.#openHost();
  }

  #openHost(): HostDatabase {
    const { paths, journal, keys, identities } = this.#store;
    const host = HostDatabase.open(paths.host);
    this.#host = host;
    this.#hostFiles = fileNumbers(paths.host);
    this.#lookedAt = this.#now();
    this.#engine = new Engine({ host, journal, derived: this.#derived, keys, identities, now: this.#now });
    return host;
  }

  /** Nothing waits to be read. */
  #rest(): Pace {
    if (this.#mayPack) {
      this.#mayPack = this.#derived.pack();
      return 'busy';
    }
    if (!this.#host) return 'quiet';
    if (this.#now() - this.#changedAt < QUIET_AFTER_MS) return 'busy';
    // What the files say now is taken for what was read only if it still holds at the next look: by then it can be seen.
    const signature = fileSignature(this.#store.paths.host);
    if (signature !== this.#signature) {
      this.#signature = signature;
      return 'busy';
    }
    this.#leaveHost();
    return 'quiet';
  }

  #leaveHost(): void {
    this.#host?.close();
    this.#host = null;
    this.#engine = null;
  }
}
