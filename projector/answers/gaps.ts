import type { Evidence } from '../../projections/evidence.ts';
import {
  type ExplainedGap,
  explainGaps,
  type Gap,
  type GapFacts,
  type GapKind,
  type Hint,
  isUnexplained,
  ROLLBACK_MAX_ROWS,
} from '../../projections/gaps.ts';
import { type EarlierHistory, restoredBackup } from '../../projections/restored-backup.ts';
import { EVENTS } from '../../projections/vocabulary.ts';
import { NOTHING_LEFT_OUT } from '../host/left-out.ts';
import { sessionIdentity } from '../host/observed-tables.ts';
import { historyMark } from '../store/history.ts';
import { Journal } from '../store/journal.ts';
import type { AsOf, Source } from './source.ts';

/** A range of `seq` that is missing, what it is, and why that is said. */
export interface GapAnswer {
  readonly stream: 'change_log';
  /** The first and the last position, both inclusive. */
  readonly from: number;
  readonly to: number;
  readonly kind: GapKind;
  /** Times of the rows before and after, in milliseconds UTC; null where there is no such row, or it has no time. */
  readonly last_at: number | null;
  readonly next_at: number | null;
  readonly why: string;
  readonly evidence: readonly Evidence[];
}

export interface GapsAnswer {
  readonly now: number;
  readonly as_of: AsOf;
  /** By position. */
  readonly gaps: readonly GapAnswer[];
}

/** @internal */
type Files = Pick<Source, 'derived' | 'analytics' | 'history'>;

/** Every gap with its evidence. */
export function gaps(source: Source, now: number): GapsAnswer {
  return { now, as_of: source.asOf(), gaps: explainedGaps(source).map(toAnswer) };
}

/**
 * Every gap of the present history, by position, and what an older copy of the database took back. It is told from what is
 * the same live and after a rebuild: the derived tables and the journal.
 *
 * @internal
 */
export function explainedGaps(files: Files): ExplainedGap[] {
  const recorded = files.derived
    .prepare<[], Gap>(`SELECT "from", "to", last_at AS lastAt, next_at AS nextAt FROM gap ORDER BY "from"`)
    .all();
  const explained = recorded.length === 0 ? [] : explainGaps(recorded, factsOf(files));
  return [...explained, ...restoredBackups(files)].sort((a, b) => a.from - b.from);
}

/**
 * How many gaps answers may lack rows by, of those that end at or after a time; of all where that is null.
 *
 * @internal
 */
export function unexplainedGaps(files: Files, since: number | null): number {
  const long = files.derived.prepare<[number], number>('SELECT 1 FROM gap WHERE "to" - "from" >= ? LIMIT 1');
  // A short gap is taken for a rolled-back spawn, unless a session is known to have been launched there.
  if (long.get(ROLLBACK_MAX_ROWS) === undefined && launchesWithoutSession(files).length === 0) return 0;
  return explainedGaps(files).filter((gap) => {
    return isUnexplained(gap) && (since === null || gap.nextAt === null || gap.nextAt >= since);
  }).length;
}

function toAnswer({ from, to, kind, lastAt, nextAt, why, evidence }: ExplainedGap): GapAnswer {
  return { stream: 'change_log', from, to, kind, last_at: lastAt, next_at: nextAt, why, evidence };
}

function factsOf({ derived, analytics, history }: Files): GapFacts {
  const positionOf = analytics
    .prepare<[number, string], number>('SELECT position FROM journal WHERE history = ? AND identity = ?')
    .pluck();
  const births = derived
    .prepare<[], number>(
      'SELECT born FROM gap JOIN observed_session ON born BETWEEN gap."from" AND gap."to" ORDER BY born',
    )
    .pluck()
    .all();
  const rollbacks = derived.prepare<[], Hint>(
    `SELECT at, state ->> '$.rolledBack.position' AS position FROM life
     WHERE state ->> '$.rolledBack' IS NOT NULL ORDER BY position`,
  );
  return {
    births: births.map((born) => ({ born, position: positionOf.get(history, sessionIdentity(born)) ?? 0 })),
    rollbacks: rollbacks.all(),
    failures: failuresWithoutSession(derived),
    launches: launchesWithoutSession({ derived }),
    migrations: new Journal(analytics, history, NOTHING_LEFT_OUT)
      .observed('migration')
      .map(({ position, at, data }) => ({ position, at, version: Number(data.version) })),
  };
}

/**
 * Launches, within the time of a gap, of sessions that have no creation row, by the time at which those were created. The id of
 * a session that was launched is never used again.
 */
function launchesWithoutSession({ derived }: Pick<Files, 'derived'>): Hint[] {
  return derived
    .prepare<[], Hint>(
      `SELECT DISTINCT life.at, life.state ->> '$.launched.position' AS position
       FROM gap CROSS JOIN life ON life.at BETWEEN coalesce(gap.last_at, -1e18) AND gap.next_at
       WHERE life.state ->> '$.launched' IS NOT NULL AND NOT EXISTS (SELECT 1 FROM session WHERE hash = life.session)`,
    )
    .all();
}

interface Failure extends Hint {
  readonly durationMs: number;
  readonly project: number;
}

/** Failed spawns that the daemon recorded, except those whose session is still there: withheld, since it was never one. */
function failuresWithoutSession(derived: Files['derived']): Failure[] {
  const failures = derived.prepare<[], Failure>(
    `SELECT position, at - duration_ms AS at, duration_ms AS durationMs, project FROM mark
     WHERE kind = 'spawn_failed' ORDER BY position`,
  );
  const left = derived
    .prepare<[], { project: number; at: number }>(
      `SELECT project, at FROM withheld_event WHERE id % 64 = ${EVENTS.spawned.code}`,
    )
    .all();
  return failures.all().filter(({ at, durationMs, project }) => {
    const mayHaveLeft = (session: { project: number; at: number }) =>
      session.project === project && session.at >= at - CLOCK_SLACK_MS && session.at <= at + durationMs;
    return !left.some(mayHaveLeft);
  });
}

/** The daemon measures how long a spawn took with another clock than the one that its rows are stamped with. */
const CLOCK_SLACK_MS = 100;

function restoredBackups({ analytics, history }: Files): ExplainedGap[] {
  const earlier = analytics.prepare<[number], number>('SELECT id FROM history WHERE id < ? ORDER BY id').pluck();
  const histories = earlier.all(history);
  if (histories.length === 0) return [];
  const present = birthsOf(analytics, history);
  return histories.flatMap((id) => {
    const { position: readTo } = historyMark(analytics, id);
    return restoredBackup(present, { readTo, births: birthsOf(analytics, id) }) ?? [];
  });
}

function birthsOf(analytics: Files['analytics'], history: number): EarlierHistory['births'] {
  return new Journal(analytics, history, NOTHING_LEFT_OUT)
    .observed('session')
    .map(({ position, at, nanos, data }) => ({ born: Number(data.born), position, at, nanos }))
    .sort((a, b) => a.born - b.born);
}
