import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { conditionsOf } from '../../projector/answers/clickhouse/compile.ts';
import { CREATE_EVENT_TABLE, EVENT_TABLE } from '../../projector/answers/clickhouse/event-table.ts';
import { askServer, queryServer } from '../../projector/answers/clickhouse/server.ts';
import { question } from '../../test/projector/answers/letters.ts';
import { scanned } from '../../test/projector/answers/scanning.ts';
import { hasOldServer, type OldServer, startOldServer } from './old-server.ts';
import { rowsOf, SECOND, streams } from './streams.ts';

jest.setTimeout(60_000);

/** At whole seconds, and none at one time: this server's funnels know no shorter ones. */
const STREAMS = streams(1_000, 20260713, [1, 7, 20, 45]);

/** What this server wants to be told before it makes a table with columns of few values. */
const FEW_VALUES = { allow_experimental_low_cardinality_type: 1 };

(hasOldServer ? describe : describe.skip)('a ClickHouse server of 2018, spoken to by the official client', () => {
  let server: OldServer | undefined;

  beforeAll(async () => {
    server = await startOldServer();
    const client = createClient({ url: server.url, log: { level: ClickHouseLogLevel.OFF } });
    await client.command({ query: CREATE_EVENT_TABLE, clickhouse_settings: FEW_VALUES });
    const values = rowsOf(STREAMS);
    await client.insert({ table: EVENT_TABLE, values, format: 'JSONEachRow' });
    await client.insert({ table: EVENT_TABLE, values: values.slice(0, 500), format: 'JSONEachRow' });
    await client.close();
  });

  afterAll(() => server?.stop());

  test('holds each event once, however often it was sent', async () => {
    const rows = await queryServer<{ events: string }>(
      server!.url,
      `SELECT count() AS events FROM ${EVENT_TABLE} FINAL`,
    );
    expect(Number(rows[0]!.events)).toBe(STREAMS.flat().length);
  });

  test.each(['A > B', 'A > B > C', 'A > B|C > D'])('counts %s as our own engine does', async (text) => {
    for (const seconds of [1, 10, 60, 1_000]) {
      const asked = question(text, { windowMs: seconds * SECOND });
      const levels = await queryServer<{ level: number }>(
        server!.url,
        `SELECT windowFunnel(${seconds})(toDateTime(intDiv(at, 1000)), ${conditionsOf(asked).join(', ')}) AS level
         FROM ${EVENT_TABLE} FINAL GROUP BY install ORDER BY install`,
      );
      const attempts = STREAMS.flatMap((events) => scanned(asked, events));
      const counts = asked.steps.map((_, index) => [
        levels.filter(({ level }) => level > index).length,
        attempts.filter(({ reached }) => reached[index]).length,
      ]);
      for (const [theirs, ours] of counts) expect(theirs).toBe(ours);
    }
  });

  test('is too old for our SQL, which is said', async () => {
    await expect(askServer(server!.url, question('A > B'))).rejects.toMatchObject({
      code: 'server_failed',
      expected: expect.stringContaining('21.3'),
      found: expect.stringContaining('Syntax error'),
    });
  });
});
