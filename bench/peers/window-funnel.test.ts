import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { quoted } from '../../projector/answers/clickhouse/compile.ts';
import type { FunnelQuestion, ScannedEvent } from '../../projector/answers/funnel/question.ts';
import {
  WINDOW_FUNNEL_MODES,
  type WindowFunnelMode,
  windowFunnel,
} from '../../projector/answers/funnel/semantics/clickhouse.ts';
import { firstPlace } from '../../projector/store/derived/runs.ts';
import { question, spaced } from '../../test/projector/answers/letters.ts';
import { askedOf } from '../../test/projector/answers/scanning.ts';
import { type ClickHouse, openClickHouse } from './chdb.ts';

const SECOND = 1_000;

/** Streams of events, many at one time, with many re-entries; by subject. */
const STREAMS: readonly (readonly ScannedEvent[])[] = fc.sample(
  fc
    .array(fc.tuple(fc.constantFrom(...'AAABBCCDE'), fc.constantFrom(0, 0, 0, 1, 7, 20, 45)), {
      minLength: 1,
      maxLength: 25,
    })
    .map(spaced),
  { numRuns: 3_000, seed: 20260710 },
);

const ASKED = [
  'A > B',
  'A > B > C',
  'A > B > C > D',
  'A > A',
  'A > B > A',
  'A > A > B > B',
  'A > B|C > C',
  'A|B > B|A',
];
const WINDOWS = [0, 1, 10, 60, 1_000].map((seconds) => seconds * SECOND);
const BOUNDS = { since: 7 * SECOND, until: 60 * SECOND };

/** Every set of modes. */
const MODES: readonly (readonly WindowFunnelMode[])[] = Array.from(
  { length: 2 ** WINDOW_FUNNEL_MODES.length },
  (_, set) => WINDOW_FUNNEL_MODES.filter((_, bit) => set & (1 << bit)),
);

let clickhouse: ClickHouse;

beforeAll(() => {
  clickhouse = openClickHouse();
  clickhouse.run('CREATE TABLE happened (subject UInt32, at UInt64, name String) ENGINE = MergeTree ORDER BY ()');
  const rows = STREAMS.flatMap((stream, subject) =>
    stream.map(({ at, definition }) => `(${subject}, ${at}, ${quoted(definition.name)})`),
  );
  clickhouse.run(`INSERT INTO happened VALUES ${rows.join(', ')}`);
});

afterAll(() => clickhouse.close());

/** Levels by subject, as ClickHouse tells them. */
function theirs({ steps, windowMs, since, until }: FunnelQuestion, modes: readonly WindowFunnelMode[]): number[] {
  const conditions = steps.map(({ events }) => `name IN (${events.map(({ name }) => quoted(name)).join(', ')})`);
  if (since !== null) conditions[0] += ` AND at >= ${since}`;
  if (until !== null) conditions[0] += ` AND at <= ${until}`;
  const parameters = [windowMs, ...modes.map(quoted)].join(', ');
  return clickhouse
    .rows<[number]>(
      `SELECT windowFunnel(${parameters})(at, ${conditions.join(', ')}) FROM happened GROUP BY subject ORDER BY subject`,
    )
    .map(([level]) => level);
}

function ours(asked: FunnelQuestion, modes: readonly WindowFunnelMode[]): number[] {
  const all = askedOf(asked, STREAMS);
  return [...all.columns.ends].map((end, subject) => {
    const furthest = windowFunnel(all, firstPlace(all.columns.ends, subject), end, new Set(modes));
    return (furthest?.level ?? -1) + 1;
  });
}

describe.each(MODES.map((modes) => [modes.join(' + ') || 'no mode', modes] as const))(
  'windowFunnel, %s',
  (_, modes) => {
    test.each(ASKED)('over %s comes as far by our rules as in ClickHouse, in every window', (text) => {
      for (const windowMs of WINDOWS) {
        const asked = question(text, { windowMs });
        expect(ours(asked, modes)).toEqual(theirs(asked, modes));
      }
    });

    test('bounds of the entry are part of the first condition', () => {
      const asked = question('A > B > C', BOUNDS);
      expect(ours(asked, modes)).toEqual(theirs(asked, modes));
    });
  },
);

test('the streams come to every level, and the modes make a difference', () => {
  const asked = question('A > B > C > D');
  expect(new Set(theirs(asked, []))).toEqual(new Set([0, 1, 2, 3, 4]));
  const answers = MODES.map((modes) => theirs(asked, modes).join());
  expect(new Set(answers).size).toBe(MODES.length);
});
