import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { JsonLogsSerializer } from '@opentelemetry/otlp-transformer';
import { EVENT_TABLE } from '../../projector/answers/clickhouse/event-table.ts';
import { askServer } from '../../projector/answers/clickhouse/server.ts';
import { parseQuestion, type QuestionJson } from '../../projector/answers/funnel/question-json.ts';
import { packagePath } from '../../projector/store/paths.ts';
import { builtCollector } from '../../test/collector/build.ts';
import { startCollector } from '../../test/collector/collector.ts';
import { logRecords, type MadeEvent } from '../../test/collector/made.ts';
import { freePort } from '../../test/support/free-port.ts';
import { withFolder } from '../../test/support/temporary.ts';
import { type ClickHouse, openClickHouse } from './chdb.ts';
import { type Served, serve } from './serve.ts';

jest.setTimeout(60_000);

const START = Date.UTC(2026, 5, 1, 9);
const MINUTE = 60_000;

/** What happened on three machines, session by session; each event with its minute. */
const TOLD = {
  anna: [
    'a-1 codex: session.spawned@0 pr.observed@10 pr.merged@60',
    'a-2 aider: session.spawned@3 pr.observed@20',
    'a-3 codex: session.spawned@4 pr.observed@5 pr.merged@5',
    ': onboarding.first_session_spawned@0 onboarding.first_merge@5',
  ],
  ben: [
    'b-1 codex: session.spawned@1',
    'b-2 codex: session.spawned@2 pr.merged@5 pr.observed@9',
    'b-3 codex: session.spawned@4 pr.merged@5 pr.observed@5',
    ': onboarding.first_session_spawned@1',
  ],
  // The last one after more than 30 days, which is the window.
  cleo: ['c-1 codex: session.spawned@0 pr.observed@10 pr.merged@50000'],
};
type Install = keyof typeof TOLD;
const INSTALLS = Object.keys(TOLD) as Install[];

/** A name that was told so often in a minute that only the count was sent. */
const STORM: MadeEvent = {
  name: 'ao.session.spawned',
  at: START,
  attributes: {
    category: 'funnel',
    subject_kind: 'session',
    count: 900,
    window_start: START,
    window_end: START + MINUTE,
  },
};

function eventsOf(install: Install): MadeEvent[] {
  let position = 0;
  return TOLD[install].flatMap((line) => {
    const [who = '', happened = ''] = line.split(': ');
    const [session, harness] = who.split(' ');
    return happened.split(' ').map((event) => {
      const [name = '', minute] = event.split('@');
      position += 1;
      return {
        name: `ao.${name}`,
        at: START + Number(minute) * MINUTE,
        attributes: {
          order: position * 128,
          ...(session
            ? {
                subject_kind: name.split('.')[0]!,
                subject: name.startsWith('pr.') ? `pr of ${session}` : session,
                session,
              }
            : { subject_kind: 'install', subject: install }),
          ...(harness && { harness }),
        },
      };
    });
  });
}

/** The bodies of the OTLP requests that carried the events of an install: two of them, the last of which was sent again. */
function requestsOf(install: Install): Uint8Array[] {
  const records = logRecords(install, [...eventsOf(install), STORM]);
  const requests = [records.slice(0, 2), records.slice(2)].map((some) => JsonLogsSerializer.serializeRequest(some)!);
  return [...requests, requests[1]!];
}

const docs = (name: string) => readFileSync(packagePath('docs', 'teams', name), 'utf8');

let clickhouse: ClickHouse;
let served: Served;

beforeAll(async () => {
  clickhouse = openClickHouse();
  clickhouse.run(docs('clickhouse.sql'));
  served = await serve(clickhouse);
});

afterAll(async () => {
  await served.close();
  clickhouse.close();
});

beforeEach(() => clickhouse.run(`TRUNCATE TABLE ${EVENT_TABLE}`));

async function post(url: string, body: Uint8Array): Promise<void> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  expect([response.status, await response.text()]).toEqual([200, expect.not.stringContaining('rejected')]);
}

/** Where the collector of the page posts logs to, on our server. */
function logsEndpoint(): string {
  return /logs_endpoint: (\S+)/.exec(docs('collector.yaml'))![1]!.replace('http://clickhouse:8123', served.url);
}

async function reached(asked: QuestionJson): Promise<number[]> {
  const { steps } = await askServer(served.url, parseQuestion(asked, START + 60 * 24 * 60 * MINUTE));
  return steps.map(({ reached: count }) => count);
}

const rows = () => clickhouse.rows(`SELECT * FROM ${EVENT_TABLE} FINAL ORDER BY install, id`);

async function expectAnswersCountedByHand(): Promise<void> {
  const spawned = { events: ['ao.session.spawned' as const] };
  const observed = { events: ['ao.pr.observed' as const] };
  const merged = { events: ['ao.pr.merged' as const] };
  // Of seven sessions all but b-1 had a PR; a-1 and a-3 saw it merged afterwards and in time.
  expect(await reached({ subject: 'session', steps: [spawned, observed, merged] })).toEqual([7, 6, 2]);
  // a-2 was none of codex.
  expect(
    await reached({ subject: 'session', steps: [{ ...spawned, where: { harness: 'codex' } }, observed, merged] }),
  ).toEqual([6, 5, 2]);
  expect(await reached({ subject: 'pr', steps: [observed, merged] })).toEqual([6, 2]);
  const first = ['ao.onboarding.first_session_spawned' as const, 'ao.onboarding.first_merge' as const];
  expect(await reached({ subject: 'install', steps: first.map((name) => ({ events: [name] })) })).toEqual([2, 1]);
}

test('what three installs send as the collector hands it on makes one table, and answers', async () => {
  for (const install of INSTALLS) for (const request of requestsOf(install)) await post(logsEndpoint(), request);
  await expectAnswersCountedByHand();
  expect(rows()).toHaveLength(INSTALLS.flatMap(eventsOf).length);
});

test('records of other programs are no rows', async () => {
  const request = Buffer.from(JsonLogsSerializer.serializeRequest(logRecords('anna', eventsOf('anna')))!).toString();
  await post(logsEndpoint(), Buffer.from(request.replace('"scope":{"name":"ao-projector"', '"scope":{"name":"other"')));
  expect(rows()).toEqual([]);
});

test('the table of the contrib exporter makes the same rows', async () => {
  for (const install of INSTALLS) for (const request of requestsOf(install)) await post(logsEndpoint(), request);
  const expected = rows();
  clickhouse.run(`TRUNCATE TABLE ${EVENT_TABLE}`);
  clickhouse.run(`CREATE TABLE otel_logs (
    Timestamp DateTime64(9), EventName String, ScopeName String,
    ResourceAttributes Map(LowCardinality(String), String), LogAttributes Map(LowCardinality(String), String)
  ) ENGINE = MergeTree ORDER BY Timestamp`);
  clickhouse.run(docs('clickhouse-contrib.sql'));
  const logs = INSTALLS.flatMap((install) => logRecords(install, [...eventsOf(install), STORM]));
  const lines = logs.map(({ hrTime: [seconds, nanoseconds], eventName, resource, instrumentationScope, attributes }) =>
    JSON.stringify({
      Timestamp: `${seconds}.${String(nanoseconds).padStart(9, '0')}`,
      ...{ EventName: eventName, ScopeName: instrumentationScope.name, ResourceAttributes: resource.attributes },
      LogAttributes: Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, String(value)])),
    }),
  );
  clickhouse.run(`INSERT INTO otel_logs FORMAT JSONEachRow ${lines.join('\n')}`);
  expect(expected).not.toEqual([]);
  expect(rows()).toEqual(expected);
});

const program = builtCollector();

(program ? describe : describe.skip)('with the collector that npm run test:collector has built', () => {
  test('the configuration of the page hands on what installs send', () =>
    withFolder(async (folder) => {
      const url = `http://127.0.0.1:${await freePort()}`;
      const config = join(folder, 'collector.yaml');
      const here = docs('collector.yaml')
        .replace('0.0.0.0:4318', new URL(url).host)
        .replace('http://clickhouse:8123', served.url)
        .replace('service:\n', 'service:\n  telemetry:\n    metrics:\n      level: none\n');
      writeFileSync(config, here);
      const collector = await startCollector(program!, url, config);
      try {
        for (const install of INSTALLS)
          for (const request of requestsOf(install)) await post(`${url}/v1/logs`, request);
        await expectAnswersCountedByHand();
      } finally {
        await collector.stop();
      }
    }));
});
