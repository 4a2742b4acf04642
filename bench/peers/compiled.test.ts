import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { compileFunnel } from '../../projector/answers/clickhouse/compile.ts';
import { CREATE_EVENT_TABLE, EVENT_TABLE } from '../../projector/answers/clickhouse/event-table.ts';
import { FUNNEL_SUBJECTS, type FunnelQuestion } from '../../projector/answers/funnel/question.ts';
import { question } from '../../test/projector/answers/letters.ts';
import { scanned } from '../../test/projector/answers/scanning.ts';
import { type ClickHouse, openClickHouse } from './chdb.ts';
import { rowsOf, SECOND, streams } from './streams.ts';

const STREAMS = streams(3_000, 20260712, [0, 0, 0, 0.001, 1, 7, 20, 45]);
const [FIRST] = STREAMS[0]!;

let clickhouse: ClickHouse;

beforeAll(() => {
  clickhouse = openClickHouse();
  clickhouse.run(CREATE_EVENT_TABLE);
  const rows = rowsOf(STREAMS);
  // What is sent again replaces what was sent before.
  const outdated = rows.filter((_, index) => index % 7 === 0).map((row) => ({ ...row, at: row.at - 30 * SECOND }));
  for (const some of [outdated, rows]) {
    const lines = some.map((row) => JSON.stringify(row)).join('\n');
    clickhouse.run(`INSERT INTO ${EVENT_TABLE} FORMAT JSONEachRow ${lines}`);
  }
});

afterAll(() => clickhouse.close());

function theirs(asked: FunnelQuestion): number[] {
  return clickhouse.rows<number[]>(compileFunnel(asked))[0]!;
}

function ours(asked: FunnelQuestion): number[] {
  const attempts = STREAMS.flatMap((events) => scanned(asked, events));
  return asked.steps.map((_, index) => attempts.filter(({ reached }) => reached[index]).length);
}

function withFilter(asked: FunnelQuestion, index: number, harness: readonly string[]): FunnelQuestion {
  return { ...asked, steps: asked.steps.map((step, at) => (at === index ? { ...step, where: { harness } } : step)) };
}

describe('the SQL of a funnel counts as our own engine does', () => {
  test.each(['A > B', 'A > B > C', 'A > B|C > D', 'C > B > A', 'A > B > C > D > E'])('%s, in every window', (text) => {
    for (const seconds of [0, 0.001, 1, 7, 10, 60, 1_000]) {
      const asked = question(text, { windowMs: seconds * SECOND });
      expect(theirs(asked)).toEqual(ours(asked));
    }
  });

  test.each(FUNNEL_SUBJECTS)('of the subject %s', (subject) => {
    const asked = question('A > B > C', { subject });
    expect(theirs(asked)).toEqual(ours(asked));
  });

  test.each([0, 1, 2])('with a filter on step %#', (index) => {
    for (const harness of [['codex'], ['codex', "o'ne \\ more"], ['nobody']]) {
      const asked = withFilter(question('A > B > C'), index, harness);
      expect(theirs(asked)).toEqual(ours(asked));
    }
  });

  test('within bounds of the entry', () => {
    const since = FIRST!.at + 7 * SECOND;
    for (const bounds of [{ since }, { until: since }, { since, until: since + 60 * SECOND }]) {
      const asked = question('A > B > C', bounds);
      expect(theirs(asked)).toEqual(ours(asked));
    }
  });

  test('in a window as long as all of time', () => {
    const asked = question('A > B > C', { windowMs: Number.MAX_SAFE_INTEGER });
    expect(theirs(asked)).toEqual(ours(asked));
  });
});
