import type { ChangeFact, SessionCreated } from '../../projections/facts.ts';
import type { Gap } from '../../projections/gaps.ts';
import { type ChangeLog, type ChangePage, type MissingRange, seqOf } from '../host/change-log.ts';
import { ChangeDecoder, type DecodeContext, LEFT_OUT, LEFT_OUT_BIRTH, NOISE, UNKNOWN } from '../host/decode.ts';
import type { Keys } from '../host/keys.ts';
import { parseTimestamp } from '../host/timestamp.ts';
import type { ChangeBatch, ChangeCheckpoint, RejectedRow, TailRow } from '../store/derived/batch.ts';

/** Rows whose digests tell whether the host database is still the same. */
const TAIL_ROWS = 64;

/** Once so many of a page's rows say nothing, the next page leaves them in SQLite. */
const NOISE_WORTH_SKIPPING = 1 / 3;

export interface ReadChanges {
  readonly batch: ChangeBatch & { readonly facts: readonly ChangeFact[] };
  readonly created: readonly SessionCreated[];
  /** Whether rows are left after this page. */
  readonly more: boolean;
}

/** Reads and decodes `change_log` page by page. */
export class ChangeReader {
  readonly #decoder: ChangeDecoder;
  readonly #keys: Keys;
  /** The last rows that say something: digests of those committed, cells of those read since. */
  #tail: (TailRow | string)[];
  #skipNoise = false;

  constructor(context: DecodeContext, committed: readonly TailRow[]) {
    this.#decoder = new ChangeDecoder(context);
    this.#keys = context.keys;
    this.#tail = [...committed];
  }

  /** The page after a checkpoint, of rows up to a position. */
  read(
    changes: ChangeLog,
    { position, lastSeq }: Pick<ChangeCheckpoint, 'position' | 'lastSeq'>,
    upTo = Number.MAX_SAFE_INTEGER,
  ): ReadChanges {
    const page = changes.page(position, lastSeq, this.#skipNoise, upTo);
    const facts: ChangeFact[] = [];
    const created: SessionCreated[] = [];
    const rejected: RejectedRow[] = [];
    const leftOutBirths: number[] = [];
    let unknown = 0;
    let noise = 0;
    for (const cell of page.cells) {
      const decoded = this.#decoder.decode(cell);
      if (decoded === NOISE) {
        noise += 1;
        continue;
      }
      if (decoded === LEFT_OUT_BIRTH) leftOutBirths.push(seqOf(cell));
      if (decoded === LEFT_OUT || decoded === LEFT_OUT_BIRTH) continue;
      if (decoded === UNKNOWN) unknown += 1;
      else if ('rejected' in decoded) rejected.push({ position: seqOf(cell), reason: decoded.rejected });
      else {
        facts.push(decoded);
        if (decoded.type === 'session_created') created.push(decoded);
      }
      this.#remember(cell);
    }
    this.#adapt(page, noise);
    const scannedAt = timeOf(changes, page.to);
    const gaps = page.hasGaps ? this.#gaps(changes, page, lastSeq) : [];
    return {
      batch: { facts, rejected, unknown, leftOutBirths, gaps, scanned: page.to, lastSeq: page.lastSeq, scannedAt },
      created,
      more: page.to < changes.head(),
    };
  }

  /** Goes on after rows that another reader has read. */
  follow(tail: readonly TailRow[]): void {
    this.#tail = [...tail];
  }

  /** Digests of the last rows read. */
  tail(): TailRow[] {
    const tail = this.#tail.slice(-TAIL_ROWS).map((row): TailRow => {
      return typeof row === 'string' ? [seqOf(row), this.#keys.digest(row)] : row;
    });
    this.#tail = [...tail];
    return tail;
  }

  #gaps(changes: ChangeLog, page: ChangePage, after: number): Gap[] {
    if (page.skippedNoise) return gapsBetween(changes, after, page.lastSeq);
    const gaps: Gap[] = [];
    let previous = after;
    for (const cell of page.cells) {
      const seq = seqOf(cell);
      if (seq > previous + 1) gaps.push(between(changes, { from: previous + 1, to: seq - 1 }));
      previous = seq;
    }
    return gaps;
  }

  #remember(cell: string): void {
    this.#tail.push(cell);
    if (this.#tail.length > TAIL_ROWS * 16) this.#tail = this.#tail.slice(-TAIL_ROWS);
  }

  #adapt(page: ChangePage, noise: number): void {
    if (page.rows === 0) return;
    const silent = page.skippedNoise ? page.rows - page.cells.length : noise;
    this.#skipNoise = silent >= page.rows * NOISE_WORTH_SKIPPING;
  }
}

/** The ranges that are missing between two rows, each with the times of the rows around it. */
export function gapsBetween(changes: ChangeLog, after: number, to: number): Gap[] {
  return changes.missing(after, to).map((range) => between(changes, range));
}

function between(changes: ChangeLog, { from, to }: MissingRange): Gap {
  return { from, to, lastAt: timeOf(changes, from - 1), nextAt: timeOf(changes, to + 1) };
}

/** Time of a row in milliseconds UTC; null where there is no such row, or it has none. */
function timeOf(changes: ChangeLog, seq: number): number | null {
  return parseTimestamp(changes.createdAt(seq) ?? '')?.at ?? null;
}
