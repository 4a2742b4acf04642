import { type ChangeFact, type JournalFact, OBSERVED, TRIGGERED } from '../../projections/facts.ts';
import { countsForClock } from '../../projections/instant.ts';
import { overHost, versionsOf } from '../answers/over-host.ts';
import type { Source } from '../answers/source.ts';
import { ProjectorError } from '../errors.ts';
import type { ChangeLog } from '../host/change-log.ts';
import type { Keys } from '../host/keys.ts';
import { ChangeReader } from '../pipeline/change-reader.ts';
import type { ChangeBatch, RejectedRow } from '../store/derived/batch.ts';
import { Journal } from '../store/journal.ts';
import type { Paths } from '../store/paths.ts';
import { tooLarge } from './problem.ts';
import { Touched } from './touched.ts';

const JOURNAL_PAGE_ROWS = 2_000;

/** Facts are held in memory; so many are more than a bundle may hold. */
const MAX_CHANGES = 500_000;

/** What is told of no moment in particular, and bears on rows of any time. */
const OF_ALL_TIME: ReadonlySet<string> = new Set([
  OBSERVED.migration,
  OBSERVED.triggersLost,
  TRIGGERED.installed,
  TRIGGERED.uninstalled,
]);

/** The facts of a window, and what was passed over. */
export interface Selected {
  readonly changes: readonly ChangeFact[];
  readonly rejected: readonly RejectedRow[];
  readonly journal: readonly JournalFact[];
  readonly leftOut: {
    /** Facts of sessions and PRs that the window does not touch. */
    readonly change_log: number;
    readonly journal: number;
    /** Rows of types that this version does not know. */
    readonly unknown: number;
  };
}

/**
 * The facts that were derived from, as far as they are of a window that begins at `since` (milliseconds UTC), in one look at
 * the daemon's database. Every session and PR that the window touches comes whole, and so does the journal from the first row
 * on that was taken: what explains a row may stand before it.
 */
export function select(paths: Paths, source: Source, keys: Keys, since: number): Selected {
  return overHost(paths, source, keys, (host) => {
    if (typeof host === 'string') throw hostUnreadable(paths, host);
    const journal = new Journal(source.analytics, source.history, source.leftOut);
    const { change_log: upTo, telemetry } = source.positions();
    const versions = versionsOf(source);
    const context = { keys, leftOut: source.leftOut, hostVersion: (at: number) => versions.at(at) };
    const batches = () => readChanges(host.changes, new ChangeReader(context, []), upTo);

    const touched = new Touched(keys, since);
    for (const fact of readJournal(journal, telemetry)) touched.seeJournal(fact);
    for (const { facts } of batches()) for (const fact of facts) touched.see(fact);
    touched.close();

    const changes: ChangeFact[] = [];
    const rejected: RejectedRow[] = [];
    let [seen, unknown] = [0, 0];
    for (const batch of batches()) {
      for (const fact of batch.facts) {
        seen += 1;
        if (touched.has(fact)) changes.push(fact);
      }
      if (changes.length > MAX_CHANGES) throw tooLarge(`at most ${MAX_CHANGES} facts of change_log`, 'more');
      rejected.push(...batch.rejected.filter(({ position }) => position >= touched.firstSeq));
      unknown += batch.unknown;
    }

    const times = changes.map(({ at }) => at).filter(countsForClock);
    const from = times.reduce((oldest, at) => Math.min(oldest, at), since);
    const projects = new Set(changes.map(({ project }) => project));
    const isTaken = ({ name, at, project, session }: JournalFact) =>
      (at >= from && (name !== OBSERVED.session || session === null)) ||
      OF_ALL_TIME.has(name) ||
      (session !== null && touched.hasHash(session)) ||
      (name === OBSERVED.project && project !== null && projects.has(project));
    const taken: JournalFact[] = [];
    let journaled = 0;
    for (const fact of readJournal(journal, telemetry)) {
      journaled += 1;
      if (isTaken(fact)) taken.push(fact);
    }
    const leftOut = { change_log: seen - changes.length, journal: journaled - taken.length, unknown };
    return { changes, rejected, journal: taken, leftOut };
  });
}

type Batch = ChangeBatch & { readonly facts: readonly ChangeFact[] };

function* readChanges(changes: ChangeLog, reader: ChangeReader, upTo: number): Generator<Batch> {
  for (let at = { position: 0, lastSeq: 0 }; at.position < upTo; ) {
    const { batch } = reader.read(changes, at, upTo);
    if (batch.scanned <= at.position) return;
    yield batch;
    at = { position: batch.scanned, lastSeq: batch.lastSeq };
  }
}

function* readJournal(journal: Journal, upTo: number): Generator<JournalFact> {
  for (let position = 0; ; ) {
    const page = journal.read(position, JOURNAL_PAGE_ROWS);
    for (const fact of page) {
      if (fact.position > upTo) return;
      yield fact;
    }
    if (page.length < JOURNAL_PAGE_ROWS) return;
    position = page.at(-1)!.position;
  }
}

function hostUnreadable({ host }: Paths, found: string): ProjectorError {
  return new ProjectorError({
    code: 'host_unreadable',
    message: `The rows behind what was derived cannot be read from ${host}.`,
    expected: 'the database that was read so far',
    found,
    remedy: 'See `ao-projector status` for what stands in the way, and `ao-projector rebuild` where it is another one.',
  });
}
