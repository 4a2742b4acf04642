import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CREATE_EVENT_TABLE, EVENT_TABLE } from '../../projector/answers/clickhouse/event-table.ts';
import { askServer } from '../../projector/answers/clickhouse/server.ts';
import { question } from '../../test/projector/answers/letters.ts';
import { scanned } from '../../test/projector/answers/scanning.ts';
import { type ClickHouse, openClickHouse } from './chdb.ts';
import { rowsOf, streams } from './streams.ts';

const STREAMS = streams(500, 20260714, [0, 1, 7, 20]);

let clickhouse: ClickHouse;
let server: Server;
let url: string;

beforeAll(async () => {
  clickhouse = openClickHouse();
  clickhouse.run(CREATE_EVENT_TABLE);
  const lines = rowsOf(STREAMS).map((row) => JSON.stringify(row));
  clickhouse.run(`INSERT INTO ${EVENT_TABLE} FORMAT JSONEachRow ${lines.join('\n')}`);
  server = createServer(async (request, response) => response.end(clickhouse.answer(await text(request))));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  clickhouse.close();
});

test('what the official client sends, ClickHouse understands, and answers as our own engine does', async () => {
  const asked = question('A > B > C');
  const attempts = STREAMS.flatMap((events) => scanned(asked, events));
  const counts = asked.steps.map((_, index) => attempts.filter(({ reached }) => reached[index]).length);
  const { steps } = await askServer(url, asked);
  expect(steps.map(({ reached }) => reached)).toEqual(counts);
  expect(steps.map((step) => step.converted_from_previous)).toEqual([
    null,
    counts[1]! / counts[0]!,
    counts[2]! / counts[1]!,
  ]);
});
