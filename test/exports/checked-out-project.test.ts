import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { placesIn, projectorIn } from '../support/processes.ts';
import { withFolder } from '../support/temporary.ts';
import { toBoth } from './live-export.ts';
import { Receiver } from './receiver.ts';
import { type Env, type Outcome, outcomeOfRun, outcomes, silent } from './watched.ts';

jest.setTimeout(60_000);

/** Where the files of the project say that all should be sent, and where the environment does. */
let theirs: Receiver;
let ours: Receiver;
beforeEach(async () => {
  [theirs, ours] = [await Receiver.start(), await Receiver.start()];
});
afterEach(() => Promise.all([theirs.close(), ours.close()]));

/** A project that somebody else has written, with every file that a tool might read. It is the home directory, too. */
function checkOut(folder: string): void {
  const settings = {
    ...{ ...toBoth(theirs.url), AO_TELEMETRY_REMOTE: 'posthog', AO_TELEMETRY_EVENTS: 'on', DO_NOT_TRACK: '0' },
    ...{ OTEL_EXPORTER_OTLP_ENDPOINT: theirs.url, OTEL_METRIC_EXPORT_INTERVAL: '200' },
  };
  const lines = (mark: string) =>
    Object.entries(settings)
      .map(([name, value]) => `${mark}${name}=${value}\n`)
      .join('');
  const options = { remote: 'otlp,posthog', otlpEndpoint: theirs.url, posthog: { key: 'phc_key', host: theirs.url } };
  const json = JSON.stringify({ ...settings, ...options, env: settings });
  const js = `module.exports = ${json};`;
  const stub = `require('node:fs').writeFileSync(${JSON.stringify(join(folder, 'loaded'))}, __filename);`;
  const files: Readonly<Record<string, string>> = {
    ...{ '.env': lines(''), '.env.local': lines(''), '.env.production': lines(''), '.envrc': lines('export ') },
    ...{
      'ao-projector.json': json,
      'ao-projector.config.js': js,
      '.ao-projectorrc': json,
      '.ao-projectorrc.json': json,
    },
    ...{ '.config/ao-projector/config.json': json, '.config/ao-projector.json': json },
    ...{ '.ao/config.json': json, '.ao/settings.json': json, '.ao/data/config.json': json, '.ao/data/.env': lines('') },
    'package.json': JSON.stringify({ name: 'theirs', 'ao-projector': options, aoProjector: options, config: settings }),
    '.npmrc': `node-options=--require ${folder}/stub.js\n${lines('')}`,
    'otel-config.yaml': `exporters:\n  otlp:\n    endpoint: ${theirs.url}\n`,
    '.otel-cli.json': json,
    'stub.js': stub,
    'node_modules/posthog-node/index.js': stub,
    'node_modules/@opentelemetry/exporter-metrics-otlp-http/index.js': stub,
    'node_modules/dotenv/index.js': stub,
  };
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

/** Runs what reads the environment there, with one of its own; `run` for a moment. */
async function there(env: Env, isLongEnough: () => boolean, hold: (found: Found) => void): Promise<void> {
  await withFolder(async (project) => {
    checkOut(project);
    const data = join(project, '.ao', 'data');
    const own = { HOME: project, XDG_CONFIG_HOME: join(project, '.config'), ...placesIn(data), ...env };
    const run = await outcomeOfRun(project, own, { dataDir: data, isLongEnough });
    const looking = ['rebuild', 'status', 'export status', 'export preview', 'events'];
    const others = await outcomes(project, own, looking);
    const ask = async (...words: string[]) =>
      JSON.parse((await projectorIn(project, own, ...words, '--json').ended).stdout);
    hold({ run, status: await ask('status'), exports: await ask('export', 'status') });
    expect(others).toEqual(silent(looking));
    expect(existsSync(join(project, 'loaded'))).toBe(false);
    expect(theirs.received).toEqual([]);
  });
}

interface Found {
  readonly run: Outcome;
  readonly status: { readonly tiers: unknown };
  readonly exports: { readonly remote: string; readonly sinks: readonly { readonly destination: string | null }[] };
}

test('whatever stands in a project, it switches on nothing that the environment does not', async () => {
  await there(
    { AO_TELEMETRY_METRICS: 'on' },
    () => true,
    ({ run, status, exports }) => {
      expect(run).toEqual(['run', 0]);
      expect(status.tiers).toEqual({ metrics: true, events: false, remote: 'off' });
      expect(exports.sinks.map(({ destination }) => destination)).toEqual([null, null, null]);
    },
  );
});

test('whatever stands in a project, all goes where the environment says', async () => {
  const env = { AO_TELEMETRY_EVENTS: 'on', ...toBoth(ours.url), OTEL_METRIC_EXPORT_INTERVAL: '200' };
  const isReceived = () => ours.received.length > 0;
  await there(env, isReceived, ({ run: [, code, ...sockets], status, exports }) => {
    expect(code).toBe(0);
    expect(sockets).toContain(`connect 127.0.0.1 ${ours.port}`);
    expect(sockets.filter((line) => !line.includes(String(ours.port)))).toEqual([]);
    expect(status.tiers).toEqual({ metrics: true, events: true, remote: 'otlp,posthog' });
    const paths = ['/v1/metrics', '/v1/logs', ''];
    expect(exports.sinks.map(({ destination }) => destination)).toEqual(paths.map((path) => `${ours.url}${path}`));
  });
});
