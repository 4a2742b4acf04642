import { HostDatabase } from '../host/host-database.ts';
import { HostVersions } from '../host/host-versions.ts';
import type { Keys } from '../host/keys.ts';
import { DerivedFile } from '../store/derived/derived-file.ts';
import type { Journal } from '../store/journal.ts';
import { ChangeReader } from './change-reader.ts';
import { JOURNAL_PAGE_ROWS } from './engine.ts';
import { PAGES_PER_COMMIT, type RebuildProgress } from './rebuild.ts';

/** Positions of both streams. */
export interface Positions {
  readonly change_log: number;
  readonly telemetry: number;
}

export interface ShadowTarget {
  readonly hostPath: string;
  /** A file that is not there yet. */
  readonly path: string;
  readonly keys: Keys;
  readonly history: number;
  /** Leaves out what the tables that are compared leave out. */
  readonly journal: Journal;
  readonly upTo: Positions;
}

/**
 * Fills a scratch file with what the facts up to some positions make by the projections of this program. Nothing else is
 * written: nothing is taken in, and nobody is identified. Yields after each commit.
 */
export function* shadow({ hostPath, path, keys, history, journal, upTo }: ShadowTarget): Generator<RebuildProgress> {
  const derived = DerivedFile.create(path, { keys, history, token: '', leftOut: journal.leftOut, identify: () => {} });
  const host = HostDatabase.open(hostPath);
  try {
    const versions = new HostVersions();
    versions.add(journal.observed('migration').filter(({ position }) => position <= upTo.telemetry));
    const reader = new ChangeReader({ keys, leftOut: journal.leftOut, hostVersion: (at) => versions.at(at) }, []);
    const foldJournal = () => {
      const facts = journal.read(derived.telemetryPosition, JOURNAL_PAGE_ROWS);
      const known = facts.filter(({ position }) => position <= upTo.telemetry);
      if (known.length > 0) derived.foldJournal(known);
      return known.length === JOURNAL_PAGE_ROWS;
    };
    const foldChanges = () => {
      const { batch } = host.look(({ changes }) => reader.read(changes, derived.change, upTo.change_log));
      if (batch.scanned === derived.change.position) return false;
      derived.foldChanges(batch);
      return batch.scanned < upTo.change_log;
    };
    for (const step of [foldJournal, foldChanges]) {
      for (let more = true; more; ) {
        for (let page = 0; more && page < PAGES_PER_COMMIT; page++) more = step();
        derived.commit(reader.tail(), () => {});
        yield { rows: derived.change.position, total: upTo.change_log };
      }
    }
  } finally {
    host.close();
    derived.close();
  }
}
