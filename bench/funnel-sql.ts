import type { FunnelQuestion } from '../projector/answers/funnel/question.ts';

/**
 * An ordered funnel in SQL, over a table `happened (session, ms, code, harness)`. No two events of a session have one time. Each
 * function gives one row of counts by step, or rows of harness, week and counts by step; the week as the time at which it begins.
 */
export interface FunnelSql {
  readonly counts: string;
  readonly byHarnessAndWeek: string;
}

const DAY_MS = 86_400_000;

/** For engines that join rows by nearness in time: each step with the latest attempt that came to the step before. */
export function withNearestRows(question: FunnelQuestion): FunnelSql {
  const { codes, windowMs } = parts(question);
  const steps = codes.map((code, index) =>
    index === 0
      ? `step_1 AS (SELECT session, harness, ms, ms AS entry FROM happened WHERE code = ${code})`
      : `step_${index + 1} AS (
          SELECT now.session AS session, now.harness AS harness, now.ms AS ms, before.entry AS entry
          FROM (SELECT * FROM happened WHERE code = ${code}) now ASOF JOIN step_${index} before
          ON now.session = before.session AND now.ms > before.ms WHERE now.ms - before.entry <= ${windowMs})`,
  );
  const all = codes.map((_, index) => `SELECT session, harness, entry, ${index + 1} AS step FROM step_${index + 1}`);
  const furthest = `furthest AS (
    SELECT session, min(harness) AS harness,
      ${codes.map((_, index) => `min(CASE WHEN step = ${index + 1} THEN entry END) AS entry_${index + 1}`).join(', ')}
    FROM (${all.join(' UNION ALL ')}) GROUP BY session)`;
  return told(`WITH ${steps.join(', ')}, ${furthest}`, 'furthest', codes);
}

/** For any engine: the latest entry of each step up to each row, step by step. */
export function withWindowFunctions(question: FunnelQuestion): FunnelSql {
  const { codes, windowMs } = parts(question);
  const rows = codes.reduce(
    (from, code, index) => {
      const reached = index === 0 ? 'ms' : `entry_at_${index}`;
      const inTime = index === 0 ? '' : ` AND ms - ${reached} <= ${windowMs}`;
      return `(SELECT *, max(CASE WHEN code = ${code}${inTime} THEN ${reached} END) OVER so_far AS entry_at_${index + 1}
      FROM ${from} WINDOW so_far AS (PARTITION BY session ORDER BY ms ROWS UNBOUNDED PRECEDING))`;
    },
    `(SELECT * FROM happened WHERE code IN (${codes.join(', ')}))`,
  );
  const furthest = `(SELECT session, min(harness) AS harness,
    ${codes.map((_, index) => `min(entry_at_${index + 1}) AS entry_${index + 1}`).join(', ')} FROM ${rows} GROUP BY session)`;
  return told('', furthest, codes);
}

/** For an engine with an index of sessions by code and time: from each entry the next event of each step after the one before. */
export function countsWithSubqueries(question: FunnelQuestion): string {
  const { codes, windowMs } = parts(question);
  const [first, ...later] = codes;
  const chains = later.reduce(
    (from, code, index) => `(SELECT *, (
        SELECT min(ms) FROM happened
        WHERE code = ${code} AND session = chain.session AND ms > chain.at_${index + 1} AND ms <= chain.at_1 + ${windowMs}
      ) AS at_${index + 2} FROM ${from} chain)`,
    `(SELECT session, ms AS at_1 FROM happened WHERE code = ${first})`,
  );
  const reached = codes.map((_, index) => `max(at_${index + 1}) AS at_${index + 1}`);
  const counts = codes.map((_, index) => `count(at_${index + 1})`);
  return `SELECT ${counts.join(', ')} FROM (SELECT ${reached.join(', ')} FROM ${chains} GROUP BY session)`;
}

/** ClickHouse's own function, which tells no more than counts. */
export function countsWithWindowFunnel(question: FunnelQuestion): string {
  const { codes, windowMs } = parts(question);
  const counts = codes.map((_, index) => `countIf(level > ${index})`);
  const conditions = codes.map((code) => `code = ${code}`);
  return `SELECT ${counts.join(', ')} FROM (
    SELECT windowFunnel(${windowMs})(ms, ${conditions.join(', ')}) AS level
    FROM happened WHERE code IN (${codes.join(', ')}) GROUP BY session)`;
}

function told(before: string, furthest: string, codes: readonly number[]): FunnelSql {
  const counts = codes.map((_, index) => `count(entry_${index + 1}) AS step_${index + 1}`).join(', ');
  const entry = `coalesce(${codes
    .map((_, index) => `entry_${index + 1}`)
    .reverse()
    .join(', ')})`;
  // 1970 began on a Thursday; weeks begin on Mondays.
  const week = `${entry} - (${entry} + ${3 * DAY_MS}) % ${7 * DAY_MS}`;
  return {
    counts: `${before} SELECT ${counts} FROM ${furthest}`,
    byHarnessAndWeek: `${before} SELECT harness, ${week} AS week, ${counts} FROM ${furthest}
      WHERE entry_1 IS NOT NULL GROUP BY harness, week ORDER BY harness, week`,
  };
}

function parts({ steps, windowMs }: FunnelQuestion): { codes: number[]; windowMs: number } {
  return { codes: steps.map(({ events }) => events[0]!.code), windowMs };
}
