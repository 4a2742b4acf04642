import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { INTERVALS, type Interval, intervalOf, startOfInterval } from '../../projector/answers/intervals.ts';
import { type ActiveIntervals, retention } from '../../projector/answers/retention.ts';
import { type ClickHouse, openClickHouse } from './chdb.ts';

const DAY_MS = 86_400_000;
/** A Monday, near the end of a month. */
const BEGIN = Date.UTC(2025, 10, 24);
/** Days between slots: 32 of them, for ClickHouse's function has so many conditions, lie in 32 intervals. */
const STEP: Readonly<Record<Interval, number>> = { day: 1, week: 7, month: 29 };
const SLOTS = 32;

/** Times at which each subject was active, as slot, share of the slot and time of the day; in no order, often several a day. */
const ACTIVE = fc.sample(
  fc.array(
    fc.tuple(
      fc.oneof(fc.nat(3), fc.nat(SLOTS - 1)),
      fc.constantFrom(0, 0.3, 0.5, 0.99),
      fc.constantFrom(0, 1, DAY_MS / 2, DAY_MS - 1),
    ),
    { minLength: 1, maxLength: 60 },
  ),
  { numRuns: 2_000, seed: 20260711 },
);

function timesOf(interval: Interval): number[][] {
  const step = STEP[interval];
  return ACTIVE.map((some) =>
    some.map(([slot, share, time]) => BEGIN + (slot * step + Math.floor(share * step)) * DAY_MS + time),
  );
}

let clickhouse: ClickHouse;

beforeAll(() => {
  clickhouse = openClickHouse();
  clickhouse.run(`
    CREATE TABLE active (interval String, subject UInt32, ms Int64, at DateTime64(3, 'UTC') ALIAS fromUnixTimestamp64Milli(ms, 'UTC'))
    ENGINE = MergeTree ORDER BY ()`);
  const rows = INTERVALS.flatMap((interval) =>
    timesOf(interval).flatMap((times, subject) => times.map((at) => `('${interval}', ${subject}, ${at})`)),
  );
  clickhouse.run(`INSERT INTO active VALUES ${rows.join(', ')}`);
});

afterAll(() => clickhouse.close());

/** What ClickHouse's calendar calls the number of an interval. */
const NUMBER: Readonly<Record<Interval, string>> = {
  day: 'toRelativeDayNum(at)',
  week: 'toRelativeWeekNum(at)',
  month: 'toRelativeMonthNum(at)',
};

/** Rolling retention is not in ClickHouse's function; it is what that says of all intervals up to each one. */
const ROLLING = 'arrayMap(until -> arrayMin(arraySlice(kept, 1, until)), arrayEnumerate(kept))';

function theirs(interval: Interval, last: number, mode: 'recurring' | 'rolling'): { from: number; sizes: number[] }[] {
  const longest = last - intervalOf(BEGIN, interval) + 1;
  const conditions = Array.from({ length: longest }, (_, later) => `number = first + ${later}`);
  const rows = clickhouse.rows<[number, number[]]>(`
    SELECT toUnixTimestamp(begun), sumForEach(${mode === 'rolling' ? ROLLING : 'kept'})
    FROM (
      SELECT subject, any(begin) AS begun, retention(${conditions.join(', ')}) AS kept
      FROM (
        SELECT subject, ${NUMBER[interval]} AS number, min(number) OVER (PARTITION BY subject) AS first,
          toDateTime(date_trunc('${interval}', min(at) OVER (PARTITION BY subject)), 'UTC') AS begin
        FROM active WHERE interval = '${interval}'
      )
      GROUP BY subject
    )
    GROUP BY begun ORDER BY begun`);
  return rows.map(([seconds, sizes]) => {
    const from = seconds * 1_000;
    return { from, sizes: sizes.slice(0, last - intervalOf(from, interval) + 1) };
  });
}

function activeIntervals(times: readonly number[], interval: Interval): ActiveIntervals {
  return [...new Set(times.map((at) => intervalOf(at, interval)))].sort((a, b) => a - b);
}

describe.each(INTERVALS)('retention by %s', (interval) => {
  const active = timesOf(interval).map((times) => activeIntervals(times, interval));
  const last = intervalOf(BEGIN + SLOTS * STEP[interval] * DAY_MS - 1, interval);

  test.each(['recurring', 'rolling'] as const)('%s, is as ClickHouse counts it', (mode) => {
    const ours = retention(active, last, mode).map(({ cohort, sizes }) => ({
      from: startOfInterval(cohort, interval),
      sizes,
    }));
    expect(ours).toEqual(theirs(interval, last, mode));
    expect(ours.length).toBeGreaterThan(3);
  });
});
