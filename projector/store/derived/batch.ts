import type { ChangeFact } from '../../../projections/facts.ts';
import type { Gap } from '../../../projections/gaps.ts';

export interface RejectedRow {
  readonly position: number;
  readonly reason: string;
}

/** The rows of `change_log` that one look at the host database brought. */
export interface ChangeBatch {
  readonly facts: Iterable<ChangeFact>;
  readonly rejected: readonly RejectedRow[];
  readonly unknown: number;
  /** Creation rows that were left out. */
  readonly leftOutBirths: readonly number[];
  readonly gaps: readonly Gap[];
  /** Position up to which the rows were scanned, and the last one that is there. */
  readonly scanned: number;
  readonly lastSeq: number;
  /** Time of the row at `scanned`; null when it has none. */
  readonly scannedAt: number | null;
}

/** Creation rows that are gone, and the gaps that their going has made from one position on. */
export interface Vanished {
  readonly born: readonly number[];
  readonly gapsAfter: number;
  readonly gaps: readonly Gap[];
  readonly lastSeq: number;
}

/** Position and digest of a row, to tell later whether it is still the same. */
export type TailRow = readonly [seq: number, digest: string];

/** What is committed of `change_log` beside the tables. */
export interface ChangeCheckpoint {
  readonly position: number;
  readonly lastSeq: number;
  readonly scannedAt: number | null;
  readonly unknown: number;
  /** Creation rows that were left out and may yet vanish: a gap in `seq` is then told. */
  readonly leftOutBirths: readonly number[];
  /** The last rows that say something. */
  readonly tail: readonly TailRow[];
}
