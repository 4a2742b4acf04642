import { type JournalFact, OBSERVED } from '../../projections/facts.ts';
import type { ChangeLog } from '../host/change-log.ts';
import type { HostDatabase, Snapshot } from '../host/host-database.ts';
import { HostVersions } from '../host/host-versions.ts';
import type { Keys } from '../host/keys.ts';
import { type TriggersSeen, triggersState } from '../host/trigger-state.ts';
import type { Vanished } from '../store/derived/batch.ts';
import type { DerivedFile } from '../store/derived/derived-file.ts';
import { historyChanged, otherHistory } from '../store/history.ts';
import type { Journal, NewIdentity } from '../store/journal.ts';
import { ChangeReader, gapsBetween, type ReadChanges } from './change-reader.ts';
import { Intake, observeSessions, type TakenIn } from './intake.ts';
import type { AheadPage, ReadAheadOrder } from './read-ahead.ts';

export const JOURNAL_PAGE_ROWS = 2_000;

/** What one step did. */
export interface Step {
  /** Rows of either stream that were read. */
  readonly rows: number;
  /** Whether more rows are waiting. */
  readonly more: boolean;
}

interface Reading {
  readonly takenIn: TakenIn;
  readonly batch: ReadChanges['batch'] | null;
  readonly vanished: Vanished | null;
  readonly more: boolean;
  readonly dataVersion: number;
}

export interface EngineOptions {
  readonly host: HostDatabase;
  readonly journal: Journal;
  readonly derived: DerivedFile;
  readonly keys: Keys;
  readonly now: () => number;
  /** Raw ids that the derived file met since the last commit; null when the tier keeps none. */
  readonly identities: NewIdentity[] | null;
}

/**
 * Moves facts from the host database into a derived file, one look at a time: read a page in one snapshot, journal what no
 * stream will carry again, fold. After an error the engine and its derived file must be made anew.
 */
export class Engine {
  readonly #options: EngineOptions;
  readonly #versions = new HostVersions();
  readonly #intake: Intake;
  readonly #reader: ChangeReader;
  #tailChecked = false;
  #triggers: TriggersSeen | null = null;

  constructor(options: EngineOptions) {
    this.#options = options;
    const { journal, keys, derived, now } = options;
    this.#versions.add(journal.observed('migration'));
    this.#intake = new Intake(journal, keys, this.#versions, now);
    this.#reader = new ChangeReader(
      { keys, leftOut: journal.leftOut, hostVersion: (at) => this.#versions.at(at) },
      derived.change.tail,
    );
  }

  /** Our triggers, as the last step found them; null before the first. */
  get triggers(): TriggersSeen | null {
    return this.#triggers;
  }

  /** Reads and folds one page of each stream. Nothing is final until {@link Engine.commit}. */
  step(): Step {
    const { host, derived, journal } = this.#options;
    // Asked for before the look: what goes wrong inside of one is told as the host's.
    const journaled = journal.head();
    const reading = host.look((snapshot, dataVersion) => this.#read(snapshot, dataVersion, journaled));
    const { takenIn, batch, vanished } = reading;
    const moreJournal = this.#takeIn(takenIn);
    if (vanished) derived.foldVanished(vanished);
    if (batch && batch.scanned > derived.change.position) derived.foldChanges(batch);
    const more = reading.more || moreJournal;
    if (!more) host.noted(reading.dataVersion);
    return { rows: takenIn.facts.length + (batch?.facts.length ?? 0), more };
  }

  /** As {@link Engine.step}, of all but `change_log`. Returns whether more is waiting. */
  stepJournal(): boolean {
    const takenIn = this.#options.host.look((snapshot) => this.#intake.read(snapshot));
    return this.#takeIn(takenIn) || takenIn.more;
  }

  /** Folds a page of `change_log` that was read elsewhere. */
  foldAhead(page: AheadPage): void {
    if (page.observed.length > 0) this.#takeIn(this.#intake.withSessions(page.observed));
    this.#options.derived.foldChanges(page);
    if (page.tail) this.#reader.follow(page.tail);
  }

  /** What whoever reads `change_log` elsewhere needs to know. */
  get knowledge(): Pick<ReadAheadOrder, 'leftOut' | 'migrations' | 'observedBorn'> {
    const { journal } = this.#options;
    return {
      leftOut: journal.leftOut,
      migrations: journal.observed('migration'),
      observedBorn: this.#intake.observedBorn,
    };
  }

  /** Commits everything folded since the last commit. Returns whether there was anything. */
  commit(): boolean {
    const { derived, journal, identities } = this.#options;
    if (!derived.inBatch) return false;
    derived.commit(this.#reader.tail(), () => {
      if (!identities || identities.length === 0) return;
      journal.identify(identities);
      identities.length = 0;
    });
    return true;
  }

  #read(snapshot: Snapshot, dataVersion: number, journaled: number): Reading {
    const { derived } = this.#options;
    this.#refuseOther(snapshot.changes);
    const takenIn = this.#intake.read(snapshot);
    const state = triggersState(snapshot.triggers, takenIn.mark.installedAt);
    this.#triggers = { state, schemaCookie: snapshot.schemaCookie };
    // The journal first: a rebuild then knows every telemetry fact by the time it meets what the fact explains.
    const behind = takenIn.more || journaled - derived.telemetryPosition > JOURNAL_PAGE_ROWS;
    if (behind) return { takenIn, batch: null, vanished: null, more: true, dataVersion };
    const gone = snapshot.changes.gone(derived.pendingBirths());
    const vanished = gone.length > 0 ? this.#vanished(snapshot.changes, gone) : null;
    const change = vanished ? { ...derived.change, lastSeq: vanished.lastSeq } : derived.change;
    const { batch, created, more } = this.#reader.read(snapshot.changes, change);
    const sessions = observeSessions(snapshot.observed, created, this.#intake.observedBorn, this.#options.keys);
    return { takenIn: this.#intake.withSessions(sessions, takenIn), batch, vanished, more, dataVersion };
  }

  /** Journals what was taken in, and folds one page of the journal. Returns whether more is waiting there. */
  #takeIn(takenIn: TakenIn): boolean {
    const { journal, derived, identities } = this.#options;
    if (this.#intake.isNews(takenIn)) {
      // What is observed once is identified with it: it is not met again.
      journal.append(takenIn.facts, identities === null ? [] : takenIn.identities, takenIn.mark);
      this.#intake.journaled(takenIn);
    }
    const facts = journal.read(derived.telemetryPosition, JOURNAL_PAGE_ROWS);
    this.#refuseNews(facts);
    if (facts.length > 0) derived.foldJournal(facts);
    return facts.length === JOURNAL_PAGE_ROWS;
  }

  #vanished(changes: ChangeLog, born: readonly number[]): Vanished {
    const { lastSeq } = this.#options.derived.change;
    const gapsAfter = changes.lastBefore(Math.min(...born));
    const last = changes.lastBefore(lastSeq + 1);
    return { born, gapsAfter, gaps: gapsBetween(changes, gapsAfter, last), lastSeq: last };
  }

  /** Another database, or an older copy of this one, is another history: the two are never mixed. */
  #refuseOther(changes: ChangeLog): void {
    const { position, tail } = this.#options.derived.change;
    const checked = { position, tail: this.#tailChecked ? tail.slice(-1) : tail };
    const difference = otherHistory(changes, checked, this.#options.keys);
    if (difference !== null) throw historyChanged(difference);
    this.#tailChecked = true;
  }

  /**
   * Rules that depend on the version of the host look it up by a row's time: a migration may speak of rows folded before. No
   * fold goes past one that does, so whoever comes next meets it too.
   */
  #refuseNews(facts: readonly JournalFact[]): void {
    const { change, newestAt } = this.#options.derived;
    if (change.position === 0 || newestAt === null) return;
    const news = facts.some(({ name, at }) => name === OBSERVED.migration && at <= newestAt);
    if (news) throw new StaleTables();
  }
}

/** The derived tables were made before something was known that bears on them: they must be made anew. */
export class StaleTables extends Error {
  override readonly name = 'StaleTables';
  constructor() {
    super("A migration of the daemon's database bears on rows that were read before it was seen.");
  }
}
