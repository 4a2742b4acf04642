import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { EVENT_TABLE } from '../../projector/answers/clickhouse/event-table.ts';
import { askServer } from '../../projector/answers/clickhouse/server.ts';
import { parseQuestion, type QuestionJson } from '../../projector/answers/funnel/question-json.ts';
import { BURST } from '../../projector/exports/rates.ts';
import { funnel, open } from '../../projector/library/index.ts';
import { packagePath } from '../../projector/store/paths.ts';
import { builtCollector } from '../../test/collector/build.ts';
import { startCollector } from '../../test/collector/collector.ts';
import { ExportedInstall } from '../../test/exports/exported-install.ts';
import { readLogs } from '../../test/exports/requests.ts';
import { freePort } from '../../test/support/free-port.ts';
import { withFolder } from '../../test/support/temporary.ts';
import { type ClickHouse, openClickHouse } from './chdb.ts';
import { type LossyProxy, startLossyProxy } from './lossy-proxy.ts';
import { type Served, serve } from './serve.ts';

jest.setTimeout(120_000);

const SEEDS = [7, 8, 9];
const DAY = 86_400_000;

type EventName = QuestionJson['steps'][number]['events'][number];
const step = (name: string, where: Readonly<Record<string, string | string[]>> = {}) => ({
  events: name.split('|').map((one) => `ao.${one}` as EventName),
  where,
});

const QUESTIONS: Readonly<Record<string, QuestionJson>> = {
  sessions: { steps: [step('session.spawned'), step('pr.observed'), step('pr.merged')], window_ms: 30 * DAY },
  'workers of two harnesses': {
    steps: [
      step('session.spawned', { session_kind: 'worker', harness: ['codex', 'claude-code'] }),
      step('session.first_signal'),
      step('pr.merged|pr.closed_unmerged'),
    ],
  },
  'sessions that end well': {
    steps: [step('session.spawned'), step('session.killed', { end_cause: ['merged', 'killed_by_user'] })],
    window_ms: 30 * DAY,
  },
  'reviews of sessions': { steps: [step('review.triggered'), step('review.submitted')] },
  PRs: {
    steps: [step('pr.observed', { how: 'found' }), step('pr.ci_passed'), step('pr.merged')],
    window_ms: 3 * DAY,
  },
  'reviews of PRs': {
    steps: [step('pr.changes_requested'), step('pr.revised'), step('pr.approved'), step('pr.merged')],
    window_ms: 14 * DAY,
  },
  projects: { subject: 'project', steps: [step('project.added'), step('session.spawned'), step('pr.merged')] },
  // Every daemon has a project of the same name and hash, in which spawns fail.
  'projects where a spawn failed': { subject: 'project', steps: [step('spawn.failed'), step('session.spawned')] },
  installs: {
    subject: 'install',
    steps: [step('onboarding.first_session_spawned'), step('onboarding.first_pr_observed'), step('send')],
    window_ms: 60 * DAY,
  },
};

const docs = (name: string) => readFileSync(packagePath('docs', 'teams', name), 'utf8');

let clickhouse: ClickHouse;
let served: Served;
let proxy: LossyProxy;

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
afterEach(() => proxy?.close());

const rows = () => clickhouse.rows(`SELECT * FROM ${EVENT_TABLE} FINAL ORDER BY install, session, id`);

/** Where the collector of the page posts logs to; an install can post there itself. */
function logsEndpoint(url: string): string {
  return /logs_endpoint: (\S+)/.exec(docs('collector.yaml'))![1]!.replace('http://clickhouse:8123', url);
}

/** Three machines, by one clock at first, of which events are exported from before the first row on. */
async function withInstalls(env: Record<string, string>, use: (installs: ExportedInstall[]) => Promise<void>) {
  await withFolder(async (folder) => {
    const installs = SEEDS.map((seed) => begun(join(folder, String(seed)), seed, env));
    try {
      await use(installs);
    } finally {
      for (const install of installs) install.close();
    }
  });
}

function begun(folder: string, seed: number, env: Record<string, string>): ExportedInstall {
  mkdirSync(folder);
  // ClickHouse knows the times of events alone, so the clock is never set back.
  return new ExportedInstall(folder, { seed, version: 82, even: true, env: { AO_PROJECTOR_REMOTE: 'otlp', ...env } });
}

/** A history, told as it goes; in its middle an answer is lost, and then the machine restarts. */
async function tell(install: ExportedInstall): Promise<void> {
  const outcome = async () => (await install.send('logs'))?.outcome;
  for (const isAnswered of [true, false, true]) {
    install.write(200);
    await install.settle();
    if (!isAnswered) proxy.loseNextAnswer();
    expect(await outcome()).toBe(isAnswered ? 'accepted' : 'failed');
    if (!isAnswered) install.restart();
  }
  await install.settleAll();
  expect(await outcome()).toBe('accepted');
}

/** What our own engine answers on each machine, of what began since all of them were begun, added up. */
function reachedOnAll(installs: readonly ExportedInstall[], question: QuestionJson): number[] {
  const answers = installs.map(({ folder, now }) => {
    const tables = open({ dataDir: folder });
    try {
      return funnel(tables, question, { now: now() }).steps.map(({ reached }) => reached);
    } finally {
      tables.close();
    }
  });
  return answers[0]!.map((_, index) => answers.reduce((sum, reached) => sum + reached[index]!, 0));
}

async function reachedInClickHouse(question: QuestionJson, now: number): Promise<number[]> {
  const { steps } = await askServer(served.url, parseQuestion(question, now));
  return steps.map(({ reached }) => reached);
}

/** Every log record that passed the proxy, with what it came with. */
const records = () =>
  proxy.bodies.flatMap((body) =>
    readLogs('json', body).resources.flatMap(({ attributes: resource, scopes }) =>
      scopes.flatMap(({ scope, records: all }) => all.map((record) => ({ resource, scope, record }))),
    ),
  );

/** Whoever hands it on, ClickHouse answers what the machines would together. */
async function expectOneAnswerOf(env: Record<string, string>): Promise<void> {
  await withInstalls(env, async (installs) => {
    const since = installs[0]!.now();
    for (const install of installs) await tell(install);
    const isAgain = (body: Buffer, index: number) => proxy.bodies.slice(0, index).some((before) => before.equals(body));
    expect(proxy.bodies.filter(isAgain)).toHaveLength(installs.length);
    const single = records().filter(({ record }) => record.attributes['ao.count'] === undefined);
    expect(rows()).toHaveLength(new Set(single.map(({ record }) => record.attributes['ao.id'])).size);
    for (const [name, question] of Object.entries(QUESTIONS)) {
      const expected = reachedOnAll(installs, { ...question, since });
      const reached = await reachedInClickHouse({ ...question, since }, installs[0]!.now());
      expect([name, reached]).toEqual([name, expected]);
      expect([name, Math.min(...reached)]).not.toEqual([name, 0]);
    }
  });
}

test('what three installs send as the collector hands it on is one table, which answers as all of them do', async () => {
  proxy = await startLossyProxy(served.url);
  await expectOneAnswerOf({ OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: logsEndpoint(proxy.url) });
});

describe('of what an install sends', () => {
  async function sent(use: (install: ExportedInstall) => void): Promise<void> {
    proxy = await startLossyProxy(served.url);
    await withFolder(async (folder) => {
      const install = begun(join(folder, 'one'), 7, { OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: logsEndpoint(proxy.url) });
      try {
        use(install);
        await install.settleAll();
        expect(await install.send('logs')).toMatchObject({ outcome: 'accepted' });
      } finally {
        install.close();
      }
    });
  }

  test('a storm is no row', async () => {
    await sent(({ daemon }) => {
      daemon.lifecycle.start();
      daemon.projects.add('web');
      for (let count = 0; count < 3 * BURST; count++) daemon.spawns.spawn('web');
    });
    const storms = records().filter(
      ({ record }) => record.eventName === 'ao.session.spawned' && record.attributes['ao.count'],
    );
    const told = storms.reduce((sum, { record }) => sum + Number(record.attributes['ao.count']), 0);
    expect(told).toBeGreaterThan(0);
    const { length } = clickhouse.rows(`SELECT * FROM ${EVENT_TABLE} WHERE name = 'ao.session.spawned'`);
    expect(length).toBe(3 * BURST - told);
  });

  test('records of other programs are no rows', async () => {
    await sent((install) => install.write(50));
    clickhouse.run(`TRUNCATE TABLE ${EVENT_TABLE}`);
    for (const body of proxy.bodies) {
      const foreign = body.toString().replaceAll('"scope":{"name":"ao-projector"', '"scope":{"name":"other"');
      expect(foreign).not.toBe(body.toString());
      const { status } = await fetch(logsEndpoint(served.url), { method: 'POST', body: foreign });
      expect(status).toBe(200);
    }
    expect(rows()).toEqual([]);
  });

  test('the table of the contrib exporter makes the same rows', async () => {
    await sent((install) => install.write(300));
    const expected = rows();
    clickhouse.run(`TRUNCATE TABLE ${EVENT_TABLE}`);
    clickhouse.run(`CREATE TABLE otel_logs (
      Timestamp DateTime64(9), EventName String, ScopeName String,
      ResourceAttributes Map(LowCardinality(String), String), LogAttributes Map(LowCardinality(String), String)
    ) ENGINE = MergeTree ORDER BY Timestamp`);
    clickhouse.run(docs('clickhouse-contrib.sql'));
    const lines = records().map(({ resource, scope, record: { timeUnixNano, eventName, attributes } }) =>
      JSON.stringify({
        Timestamp: `${timeUnixNano / 1_000_000_000n}.${String(timeUnixNano % 1_000_000_000n).padStart(9, '0')}`,
        ...{ EventName: eventName, ScopeName: scope.name, ResourceAttributes: resource },
        LogAttributes: Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, String(value)])),
      }),
    );
    clickhouse.run(`INSERT INTO otel_logs FORMAT JSONEachRow ${lines.join('\n')}`);
    expect(expected).not.toEqual([]);
    expect(rows()).toEqual(expected);
  });
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
        proxy = await startLossyProxy(url);
        await expectOneAnswerOf({ AO_PROJECTOR_OTLP_ENDPOINT: proxy.url });
      } finally {
        await collector.stop();
      }
    }));
});
