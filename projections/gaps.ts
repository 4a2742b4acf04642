import { change, type Evidence, telemetry } from './evidence.ts';

/** A range of seq without rows, and the times of the rows around it in milliseconds UTC; null where there is none. */
export interface Gap {
  readonly from: number;
  readonly to: number;
  readonly lastAt: number | null;
  readonly nextAt: number | null;
}

/**
 * `rolled_back_spawn`: as many spawns are known to have been taken back there as rows are missing. `rolled_back_like`: only
 * the shape says so. `copied_log`: it is older than the migration that copied the log. `restored_backup`: an older copy of the
 * database was put back, which lacks what was read there. `deletion`: rows are gone that the daemon itself does not delete.
 */
export type GapKind =
  | 'rolled_back_spawn'
  | 'rolled_back_like'
  | 'copied_log'
  | 'restored_backup'
  | 'deletion'
  | 'unexplained';

export interface ExplainedGap extends Gap {
  readonly kind: GapKind;
  /** One or two sentences. */
  readonly why: string;
  /** The rows that this rests on. */
  readonly evidence: readonly Evidence[];
}

/** A fact of the journal that tells of a row of `change_log`, and the time of that row in milliseconds UTC. */
export interface Hint {
  readonly position: number;
  readonly at: number;
}

/** What may explain gaps. */
export interface GapFacts {
  /** Creation rows that were read before they went, by seq, with the position of what was observed of each. */
  readonly births: readonly { readonly born: number; readonly position: number }[];
  /** Seeds that triggers saw being taken back. */
  readonly rollbacks: readonly Hint[];
  /** Failed spawns that the daemon recorded and that left no session, by the time at which they began, and how long they took. */
  readonly failures: readonly (Hint & { readonly durationMs: number })[];
  /** Launches that triggers saw of sessions that have no creation row. */
  readonly launches: readonly Hint[];
  readonly migrations: readonly (Hint & { readonly version: number })[];
}

/** A rolled-back spawn leaves a gap of a row or a few; neighbouring ones melt together. A longer gap needs proof. */
export const ROLLBACK_MAX_ROWS = 16;

/** Rows may be written so long after their time: a poll of the provider gives all of its rows the time of its own start. */
const WRITTEN_AFTER_MS = 60_000;

/** A spawn writes its seed within so long after it began. */
const SEEDED_AFTER_MS = 1_000;

/** Migrations that copied the log. The numbers of rows stayed, and those of deleted last rows were handed out again. */
const COPIES_LOG = [4, 6];

/** Whether answers may lack what stood in the gap. */
export function isUnexplained({ kind }: Pick<ExplainedGap, 'kind'>): boolean {
  return kind === 'unexplained' || kind === 'deletion';
}

/**
 * Tells what each gap is. A fact explains one row of one gap. Of failed spawns the longest come first: one that took no time was
 * refused before it wrote a row.
 */
export function explainGaps(gaps: readonly Gap[], facts: GapFacts): ExplainedGap[] {
  const lasting = facts.failures.filter(({ durationMs }) => durationMs > 0);
  const failures = share(
    lasting.sort((a, b) => b.durationMs - a.durationMs),
    gaps,
    SEEDED_AFTER_MS,
  );
  const rollbacks = share(facts.rollbacks, gaps, 0);
  return gaps.map((gap, index) =>
    explain(gap, {
      births: facts.births.filter(({ born }) => born >= gap.from && born <= gap.to),
      rollbacks: rollbacks[index]!,
      failures: failures[index]!,
      launches: facts.launches.filter(({ at }) => isBetween(gap, at)),
      migrations: copyAfter(gap, facts.migrations),
    }),
  );
}

/**
 * Gives each gap at most as many facts as rows are missing: first those between the times of the rows around it, then, where
 * that is too few, those that come a little later.
 *
 * @param seededAfter how long after the time of the fact its row may have been written, in milliseconds
 */
function share<T extends Hint>(hints: readonly T[], gaps: readonly Gap[], seededAfter: number): T[][] {
  const spare = new Set(hints);
  const shares: T[][] = gaps.map(() => []);
  for (const writtenAfter of [0, WRITTEN_AFTER_MS]) {
    for (const [index, { from, to, lastAt, nextAt }] of gaps.entries()) {
      const wanted = to - from + 1 - shares[index]!.length;
      if (wanted === 0) continue;
      const first = lastAt ?? Number.NEGATIVE_INFINITY;
      const last = Math.max(first, nextAt ?? Number.POSITIVE_INFINITY);
      const fit = [...spare].filter(({ at }) => at >= first - seededAfter && at <= last + writtenAfter);
      for (const hint of fit.slice(0, wanted)) {
        spare.delete(hint);
        shares[index]!.push(hint);
      }
    }
  }
  return shares;
}

/** A session so new that its creation row was not read yet is later than the row after any gap. */
function isBetween({ lastAt, nextAt }: Gap, at: number): boolean {
  return nextAt !== null && at <= nextAt && (lastAt === null || at >= lastAt);
}

function explain(gap: Gap, facts: GapFacts): ExplainedGap {
  const rows = gap.to - gap.from + 1;
  const { births, rollbacks, failures, launches, migrations } = facts;
  const known = Math.max(births.length, rollbacks.length, failures.length);
  const missing = count(rows, 'row is', 'rows are');
  const told = (kind: GapKind, why: string): ExplainedGap => {
    return { ...gap, kind, why, evidence: [...around(gap), ...evidenceOf(facts)] };
  };
  if (launches.length > 0) {
    const sessions = count(launches.length, 'session', 'sessions');
    return told('deletion', `${sessions} that triggers saw launched began here. ${NOT_THE_DAEMON}`);
  }
  if (known >= rows) return told('rolled_back_spawn', `${missing} missing. ${sourcesOf(facts)}`);
  if (migrations.length > 0) {
    return told('copied_log', 'The rows around it are older than the migration that copied the log.');
  }
  if (rows <= ROLLBACK_MAX_ROWS) {
    const proof = known === 0 ? 'Nothing recorded tells of one.' : sourcesOf(facts);
    return told('rolled_back_like', `${missing} missing, as failed spawns leave it. ${proof}`);
  }
  if (births.length > 0) return told('deletion', `${missing} missing. ${sourcesOf(facts)} ${NOT_THE_DAEMON}`);
  return told('unexplained', `${missing} missing, and nothing recorded says why. ${NOT_THE_DAEMON}`);
}

const NOT_THE_DAEMON = 'The daemon itself deletes the few rows of a failed spawn and no others.';

function sourcesOf({ births, rollbacks, failures }: GapFacts): string {
  return [
    births.length > 0 && `${count(births.length, 'creation row was', 'creation rows were')} read there before.`,
    rollbacks.length > 0 && `Triggers saw ${count(rollbacks.length, 'spawn', 'spawns')} being taken back.`,
    failures.length > 0 &&
      `The daemon recorded ${count(failures.length, 'failed spawn', 'failed spawns')} that left no session.`,
  ]
    .filter(Boolean)
    .join(' ');
}

function around({ from, to }: Gap): Evidence[] {
  const before = from > 1 ? [change(from - 1, 'the last row before it')] : [];
  return [...before, change(to + 1, 'the first row after it')];
}

function evidenceOf({ births, rollbacks, failures, launches, migrations }: GapFacts): Evidence[] {
  return [
    ...births.map(({ born, position }) => telemetry(position, `observed with creation row ${born} before it went`)),
    ...rollbacks.map(({ position }) => telemetry(position, 'a spawn that triggers saw being taken back')),
    ...failures.map(({ position }) => telemetry(position, 'a failed spawn that the daemon recorded')),
    ...launches.map(({ position }) => telemetry(position, 'the launch of a session without a creation row')),
    ...migrations.map(({ position, version }) => telemetry(position, `migration ${version}, which copied the log`)),
  ];
}

/**
 * The migration that copied the log with the rows around a gap in it. A database that was made by a later version ran it
 * before there was any row, and rows that an import dates back are older than the first migration.
 */
function copyAfter({ lastAt, nextAt }: Gap, migrations: GapFacts['migrations']): GapFacts['migrations'] {
  if (nextAt === null) return [];
  const begun = Math.min(...migrations.map(({ at }) => at));
  const isAmong = (at: number, copiedAt: number) => at > begun && at <= copiedAt;
  return migrations
    .filter(({ version, at }) => COPIES_LOG.includes(version) && isAmong(nextAt, at) && (lastAt ?? nextAt) <= at)
    .slice(0, 1);
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
