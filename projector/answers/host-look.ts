import { ProjectorError } from '../errors.ts';
import { HostDatabase, type Snapshot } from '../host/host-database.ts';
import type { Keys } from '../host/keys.ts';
import { parseTimestamp } from '../host/timestamp.ts';
import { type HistoryMark, otherHistory } from '../store/history.ts';
import type { Paths } from '../store/paths.ts';

/** Rows that nothing has read yet. */
export interface Waiting {
  readonly rows: number;
  /** Time of the first of them, in milliseconds; null where none waits, or where its row does not tell. */
  readonly since: number | null;
}

/**
 * How far the host was read: what is after it is waiting.
 *
 * @internal
 */
export interface ReadSoFar extends HistoryMark {
  /** Tells whether rows are those that were read; null where the key is gone. */
  readonly keys: Keys | null;
  readonly rowid: number;
  readonly installedAt: number;
  /** Rows that are in the journal and not in the derived tables. */
  readonly journaled: number;
}

/**
 * What one look at the host database shows.
 *
 * @internal
 */
export interface HostLook {
  readonly schemaVersion: number | null;
  readonly probed: Readonly<Record<string, boolean>> | null;
  readonly head: { readonly seq: number; readonly at: number | null } | null;
  readonly waiting: { readonly change_log: Waiting; readonly telemetry: Waiting } | null;
  readonly otherHistory: string | null;
  readonly triggers: Snapshot['triggers'] | null;
  /** Why it could not be looked at; null when it could. */
  readonly problem: ProjectorError | null;
}

/**
 * Looks at the host database once. What keeps it from being read is part of what was found.
 *
 * @internal
 */
export function lookAtHost(paths: Paths, read: ReadSoFar): HostLook {
  try {
    const host = HostDatabase.open(paths.host);
    try {
      return host.look(({ probe, changes, telemetry, triggers }) => {
        const { schemaVersion, nullable: _, ...probed } = probe;
        const seq = changes.head();
        const telemetryRows = Math.max(0, (telemetry?.head() ?? 0) - read.rowid) + read.journaled;
        return {
          schemaVersion,
          probed,
          head: { seq, at: timeOf(changes.createdAt(seq)) },
          waiting: {
            change_log: { rows: Math.max(0, seq - read.position), since: timeOf(changes.createdAfter(read.position)) },
            telemetry: { rows: telemetryRows, since: timeOf(telemetry?.occurredAfter(read.rowid)) },
          },
          otherHistory: read.keys && otherHistory(changes, read, read.keys),
          triggers,
          problem: null,
        };
      });
    } finally {
      host.close();
    }
  } catch (error) {
    if (!(error instanceof ProjectorError)) throw error;
    return {
      schemaVersion: null,
      probed: null,
      head: null,
      waiting: null,
      otherHistory: null,
      triggers: null,
      problem: error,
    };
  }
}

function timeOf(text: string | undefined): number | null {
  return parseTimestamp(text ?? '')?.at ?? null;
}
