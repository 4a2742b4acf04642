import type { Database, Statement } from 'better-sqlite3';
import { ProjectorError } from '../errors.ts';
import { SEPARATOR } from './decode.ts';
import type { Probe } from './probe.ts';
import { ID_ONLY_LENGTH } from './session-payload.ts';
import { CHANGE_LOG, type RowShape, shapeOf } from './shapes.ts';

/**
 * A page is at most so many rows, and at most so many positions: rows that say nothing are skipped inside SQLite. A page that
 * is small beside the young part of the heap dies there, and costs its collection nothing.
 */
export const PAGE_ROWS = 500;
const PAGE_SPAN = 50_000;

/** A range of so few positions is looked through rather than halved. */
const SMALL_RANGE = 65_536;

/** A row before another is looked for among so many positions. */
const LOOK_BACK = 50_000;

/** One page of `change_log`, read as one cell a row. */
export interface ChangePage {
  readonly cells: readonly string[];
  /** Last position that was scanned; all cells are at or below it. */
  readonly to: number;
  /** Last row that is there, at or below `to`; `after` when there is none since. */
  readonly lastSeq: number;
  /** Whether rows are missing between `known` and `lastSeq`. */
  readonly hasGaps: boolean;
  /** Rows that were scanned. */
  readonly rows: number;
  readonly skippedNoise: boolean;
}

export interface MissingRange {
  readonly from: number;
  readonly to: number;
}

/** `change_log` inside a snapshot. */
export class ChangeLog {
  readonly #db: Database;
  readonly #page: Statement<[number, number, number], string | null>;
  readonly #pageWithoutNoise: Statement<[number, number, number], string | null>;
  readonly #head: Statement<[], number | null>;
  readonly #sequence: Statement<[], number>;
  readonly #count: Statement<[number, number], { rows: number; last: number | null }>;
  readonly #afterGap: Statement<[number, number], number>;
  readonly #gone: Statement<[string], number>;
  readonly #before: Statement<[number], number | null>;
  readonly #cell: Statement<[number], string | null>;
  readonly #createdAt: Statement<[number], string | null>;
  readonly #createdAfter: Statement<[number], string | null>;
  readonly #sameSession: Statement<[number, number, number], number>;
  readonly #samePull: Statement<[number, number, string, number], string>;

  constructor(db: Database, { nullable }: Probe) {
    this.#db = db;
    const column = (name: string) => (nullable.has(name) ? `coalesce(${name}, '')` : name);
    const cell = ['seq', ...['created_at', 'event_type', 'project_id', 'session_id', 'payload'].map(column)].join(
      ` || char(${SEPARATOR.charCodeAt(0)}) || `,
    );
    const range = 'FROM change_log WHERE seq > ? AND seq <= ?';
    const says = `NOT (length(payload) = length(${column('session_id')}) + ${ID_ONLY_LENGTH} AND event_type = 'session_updated')`;
    this.#page = db
      .prepare<[number, number, number], string | null>(`SELECT ${cell} ${range} ORDER BY seq LIMIT ?`)
      .pluck();
    this.#pageWithoutNoise = db
      .prepare<[number, number, number], string | null>(`SELECT ${cell} ${range} AND ${says} ORDER BY seq LIMIT ?`)
      .pluck();
    this.#head = db.prepare<[], number | null>('SELECT max(seq) FROM change_log').pluck();
    this.#sequence = db.prepare<[], number>("SELECT seq FROM sqlite_sequence WHERE name = 'change_log'").pluck();
    this.#count = db.prepare(`SELECT count(*) AS rows, max(seq) AS last ${range}`);
    this.#afterGap = db
      .prepare<[number, number], number>(
        `SELECT seq ${range} AND NOT EXISTS (SELECT 1 FROM change_log AS one WHERE one.seq = change_log.seq - 1) ORDER BY seq`,
      )
      .pluck();
    this.#gone = db
      .prepare<[string], number>(
        'SELECT value FROM json_each(?) WHERE NOT EXISTS (SELECT 1 FROM change_log WHERE seq = value)',
      )
      .pluck();
    this.#before = db.prepare<[number], number | null>('SELECT max(seq) FROM change_log WHERE seq < ?').pluck();
    this.#cell = db.prepare<[number], string | null>(`SELECT ${cell} FROM change_log WHERE seq = ?`).pluck();
    this.#createdAt = db
      .prepare<[number], string | null>('SELECT CAST(created_at AS TEXT) FROM change_log WHERE seq = ?')
      .pluck();
    this.#createdAfter = db
      .prepare<[number], string | null>(
        'SELECT CAST(created_at AS TEXT) FROM change_log WHERE seq > ? ORDER BY seq LIMIT 1',
      )
      .pluck();
    const back = 'FROM change_log WHERE seq < ? AND seq >= ?';
    this.#sameSession = db
      .prepare<[number, number, number], number>(
        `SELECT seq ${back} AND event_type IN ('session_created', 'session_updated') AND ${says}
         AND session_id = (SELECT session_id FROM change_log WHERE seq = ?) ORDER BY seq DESC LIMIT 1`,
      )
      .pluck();
    this.#samePull = db
      .prepare<[number, number, string, number], string>(
        `SELECT ${cell} ${back} AND event_type IN ('pr_created', 'pr_updated') AND instr(payload, ?) > 0
         AND created_at <> (SELECT created_at FROM change_log WHERE seq = ?) ORDER BY seq DESC LIMIT 8`,
      )
      .pluck();
  }

  /** Highest seq; 0 while the table is empty. */
  head(): number {
    return this.#head.get() ?? 0;
  }

  /** Highest seq that was ever handed out. */
  sequence(): number {
    return this.#sequence.get() ?? 0;
  }

  /**
   * The rows after a position, in seq order. With `skipNoise` rows that hold a session id alone stay in SQLite; they still
   * count as scanned. `known` is the last row that was seen, from which on gaps are looked for; rows above `upTo` are left.
   */
  page(after: number, known: number, skipNoise: boolean, upTo: number): ChangePage {
    const head = Math.min(this.head(), upTo);
    if (head <= after)
      return { cells: [], to: after, lastSeq: known, hasGaps: false, rows: 0, skippedNoise: skipNoise };
    const limit = Math.min(head, after + PAGE_SPAN);
    const statement = skipNoise ? this.#pageWithoutNoise : this.#page;
    const cells = statement.all(after, limit, PAGE_ROWS);
    if (!areWhole(cells)) throw damaged('a row without a value in a column that must have one');
    const to = cells.length === PAGE_ROWS ? seqOf(cells.at(-1)!) : limit;
    if (to <= after) throw damaged('rows that are not in their order');
    if (!skipNoise) {
      const lastSeq = cells.length > 0 ? seqOf(cells.at(-1)!) : known;
      const hasGaps = lastSeq - known !== cells.length;
      return { cells, to, lastSeq, hasGaps, rows: cells.length, skippedNoise: false };
    }
    const { rows, last } = this.#count.get(after, to)!;
    const lastSeq = last ?? known;
    return { cells, to, lastSeq, hasGaps: lastSeq - known !== rows, rows, skippedNoise: true };
  }

  /**
   * The ranges of seq that are missing between two rows that are there. Counting is what SQLite does fastest, so a long range
   * is halved as long as its count says that something is missing, and looked through only when it is short.
   */
  missing(after: number, to: number): MissingRange[] {
    const ranges: MissingRange[] = [];
    const search = (low: number, high: number): void => {
      const { rows } = this.#count.get(low, high)!;
      if (rows === high - low) return;
      const middle = this.lastBefore(Math.floor((low + high) / 2));
      if (high - low > SMALL_RANGE && middle > low) {
        search(low, middle);
        search(middle, high);
        return;
      }
      for (const seq of this.#afterGap.all(low, high)) {
        const from = Math.max(after, this.lastBefore(seq)) + 1;
        if (from < seq) ranges.push({ from, to: seq - 1 });
      }
    };
    if (to > after) search(after, to);
    return ranges;
  }

  /** Which of these rows are gone. */
  gone(seqs: readonly number[]): number[] {
    return seqs.length === 0 ? [] : this.#gone.all(JSON.stringify(seqs));
  }

  /** Last row before a position; 0 when there is none. */
  lastBefore(seq: number): number {
    return this.#before.get(seq) ?? 0;
  }

  createdAt(seq: number): string | undefined {
    return this.#createdAt.get(seq) ?? undefined;
  }

  /** Time of the first row after a position, as its text stands. */
  createdAfter(seq: number): string | undefined {
    return this.#createdAfter.get(seq) ?? undefined;
  }

  /** A row as it stands, as one cell; undefined when it is gone. */
  cell(seq: number): string | undefined {
    return this.#cell.get(seq) ?? undefined;
  }

  /** Names and types of the fields of a row; undefined when it is gone. */
  shape(seq: number): RowShape | undefined {
    return shapeOf(this.#db, CHANGE_LOG, seq);
  }

  /** The session row before this one of the same session, if it is near. */
  beforeOfSession(seq: number): number | undefined {
    return this.#sameSession.get(seq, seq - LOOK_BACK, seq);
  }

  /** Rows of PRs with another time before this one, the last first, of which those of one URL are among the first. */
  beforeOfPull(seq: number, url: string): string[] {
    return this.#samePull.all(seq, seq - LOOK_BACK, JSON.stringify(url), seq);
  }
}

/** Cells are made of columns that are never null, or are read as empty where they are. */
function areWhole(cells: readonly (string | null)[]): cells is string[] {
  return !cells.includes(null);
}

/** The error of a file whose pages SQLite can read, and which contradicts itself. */
function damaged(found: string): ProjectorError {
  return new ProjectorError({
    code: 'host_damaged',
    message: "The daemon's database is damaged.",
    expected: 'rows of change_log as the daemon wrote them',
    found,
    remedy: 'Look at it with `PRAGMA integrity_check`, and put a backup in its place. The file was not touched.',
  });
}

/** The position that a cell begins with. */
export function seqOf(cell: string): number {
  return Number(cell.slice(0, cell.indexOf(SEPARATOR)));
}
