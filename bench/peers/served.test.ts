import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CREATE_EVENT_TABLE, EVENT_TABLE } from '../../projector/answers/clickhouse/event-table.ts';
import { askServer } from '../../projector/answers/clickhouse/server.ts';
import { question } from '../../test/projector/answers/letters.ts';
import { scanned } from '../../test/projector/answers/scanning.ts';
import { type ClickHouse, openClickHouse } from './chdb.ts';
import { type Served, serve } from './serve.ts';
import { rowsOf, streams } from './streams.ts';

const STREAMS = streams(500, 20260714, [0, 1, 7, 20]);

let clickhouse: ClickHouse;
let served: Served;

beforeAll(async () => {
  clickhouse = openClickHouse();
  clickhouse.run(CREATE_EVENT_TABLE);
  const lines = rowsOf(STREAMS).map((row) => JSON.stringify(row));
  clickhouse.run(`INSERT INTO ${EVENT_TABLE} FORMAT JSONEachRow ${lines.join('\n')}`);
  served = await serve(clickhouse);
});

afterAll(async () => {
  await served.close();
  clickhouse.close();
});

test('what the official client sends, ClickHouse understands, and answers as our own engine does', async () => {
  const asked = question('A > B > C');
  const attempts = STREAMS.flatMap((events) => scanned(asked, events));
  const counts = asked.steps.map((_, index) => attempts.filter(({ reached }) => reached[index]).length);
  const { steps } = await askServer(served.url, asked);
  expect(steps.map(({ reached }) => reached)).toEqual(counts);
  expect(steps.map((step) => step.converted_from_previous)).toEqual([
    null,
    counts[1]! / counts[0]!,
    counts[2]! / counts[1]!,
  ]);
});
