import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { exportSettingsOf } from '../../projector/exports/settings.ts';
import { packagePath } from '../../projector/store/paths.ts';
import { tiersOf } from '../../projector/tiers.ts';
import { withFolder } from '../support/temporary.ts';

const OTLP = { AO_PROJECTOR_REMOTE: 'otlp', AO_PROJECTOR_OTLP_ENDPOINT: 'http://ours:4318' };
const STANDARD = { AO_PROJECTOR_REMOTE: 'otlp', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://general:4318' };
const POSTHOG = {
  AO_PROJECTOR_REMOTE: 'posthog',
  AO_PROJECTOR_POSTHOG_KEY: 'phc_key',
  AO_PROJECTOR_POSTHOG_HOST: 'https://posthog.example',
};

const remotes = (env: NodeJS.ProcessEnv) => tiersOf(env).remote;
const urls = (env: NodeJS.ProcessEnv) => exportSettingsOf(env).otlp.map(({ url }) => url);

describe('what is switched on', () => {
  test.each([
    [undefined, []],
    ['', []],
    ['off', []],
    [' Off ', []],
    ['otlp', ['otlp']],
    ['posthog', ['posthog']],
    ['posthog, OTLP', ['otlp', 'posthog']],
  ])('AO_PROJECTOR_REMOTE=%s switches on %j', (AO_PROJECTOR_REMOTE, found) => {
    expect(remotes({ ...(AO_PROJECTOR_REMOTE !== undefined && { AO_PROJECTOR_REMOTE }) })).toEqual(found);
  });

  test.each(['', ' ', '0', 'false', 'no', 'off', 'FALSE', 'Off'])('DO_NOT_TRACK=%j forbids nothing', (DO_NOT_TRACK) => {
    expect(remotes({ AO_PROJECTOR_REMOTE: 'otlp', DO_NOT_TRACK })).toEqual(['otlp']);
  });

  test.each(['1', 'true', 'yes', 'on', '2', 'nope'])('DO_NOT_TRACK=%s forbids everything', (DO_NOT_TRACK) => {
    const env = { ...OTLP, ...POSTHOG, AO_PROJECTOR_REMOTE: 'otlp,posthog', DO_NOT_TRACK };
    expect(remotes(env)).toEqual([]);
    expect(exportSettingsOf(env)).toMatchObject({ otlp: [], posthog: null });
  });

  test("the daemon's own AO_TELEMETRY_REMOTE switches on nothing of ours", () => {
    const env = {
      ...POSTHOG,
      AO_PROJECTOR_REMOTE: undefined,
      AO_TELEMETRY_REMOTE: 'posthog',
      AO_TELEMETRY_EVENTS: 'on',
    };
    expect(remotes(env)).toEqual([]);
    expect(exportSettingsOf(env).posthog).toBeNull();
  });

  test('an endpoint or a key switches on nothing', () => {
    const env = { ...OTLP, ...POSTHOG, AO_PROJECTOR_REMOTE: 'off' };
    expect(exportSettingsOf(env)).toMatchObject({ otlp: [], posthog: null });
  });
});

describe('endpoints', () => {
  test.each([
    ['ours gets the paths', OTLP, ['http://ours:4318/v1/metrics', 'http://ours:4318/v1/logs']],
    [
      'paths go behind one that is there, with or without a slash',
      { ...OTLP, AO_PROJECTOR_OTLP_ENDPOINT: 'https://ours/otlp/?region=eu' },
      ['https://ours/otlp/v1/metrics?region=eu', 'https://ours/otlp/v1/logs?region=eu'],
    ],
    ['the general one gets the paths', STANDARD, ['http://general:4318/v1/metrics', 'http://general:4318/v1/logs']],
    [
      'one for a signal goes before the general one, and is taken as it is',
      { ...STANDARD, OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://logs/api/push' },
      ['http://general:4318/v1/metrics', 'http://logs/api/push'],
    ],
    [
      'ours goes before all others',
      {
        ...{ ...STANDARD, ...OTLP },
        OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://metrics/',
        OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://logs/',
      },
      ['http://ours:4318/v1/metrics', 'http://ours:4318/v1/logs'],
    ],
    [
      'one that is empty is none',
      { ...STANDARD, AO_PROJECTOR_OTLP_ENDPOINT: ' ', OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: '' },
      ['http://general:4318/v1/metrics', 'http://general:4318/v1/logs'],
    ],
  ])('%s', (_, env, found) => {
    expect(urls(env)).toEqual(found);
  });

  test.each(['METRICS', 'LOGS'])('one for %s alone sends nothing of the other signal', (signal) => {
    const env = { AO_PROJECTOR_REMOTE: 'otlp', [`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`]: 'http://one' };
    expect(exportSettingsOf(env).otlp).toMatchObject([{ signal, url: 'http://one/' }]);
  });

  test('of PostHog are its host and key', () => {
    const { posthog, otlp } = exportSettingsOf({ ...STANDARD, ...POSTHOG });
    expect(posthog).toEqual({ key: 'phc_key', host: 'https://posthog.example' });
    expect(otlp).toEqual([]);
  });
});

test('what is not said has the defaults of OpenTelemetry, but JSON', () => {
  const { otlp, metricsEveryMs, isDisabled } = exportSettingsOf(OTLP);
  expect(otlp).toMatchObject([
    { signal: 'METRICS', protocol: 'http/json', compression: 'none', certificates: {} },
    { signal: 'LOGS', protocol: 'http/json', compression: 'none', certificates: {} },
  ]);
  expect(metricsEveryMs).toBe(60_000);
  expect(isDisabled('ao.session.killed')).toBe(false);
});

test.each([
  ['protocol', 'PROTOCOL', 'http/protobuf', 'http/json'],
  ['compression', 'COMPRESSION', 'gzip', 'none'],
  ['compression', 'COMPRESSION', 'GZIP', 'none'],
])('the %s for a signal goes before that for all', (field, variable, general, ofSignal) => {
  const env = {
    ...OTLP,
    [`OTEL_EXPORTER_OTLP_${variable}`]: general,
    [`OTEL_EXPORTER_OTLP_LOGS_${variable}`]: ofSignal,
  };
  expect(exportSettingsOf(env).otlp).toMatchObject([{ [field]: general.toLowerCase() }, { [field]: ofSignal }]);
});

test('metrics are sent as often as is said', () => {
  expect(exportSettingsOf({ ...OTLP, OTEL_METRIC_EXPORT_INTERVAL: '1500' }).metricsEveryMs).toBe(1_500);
});

test('certificates are read from files, those for a signal before those for all', () => {
  withFolder((folder) => {
    const pem = (name: string) => {
      const path = join(folder, name);
      writeFileSync(path, `-----BEGIN ${name}-----\n`);
      return path;
    };
    const env = {
      ...OTLP,
      OTEL_EXPORTER_OTLP_CERTIFICATE: pem('general'),
      OTEL_EXPORTER_OTLP_LOGS_CERTIFICATE: pem('logs'),
      OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: pem('client'),
      OTEL_EXPORTER_OTLP_CLIENT_KEY: pem('key'),
    };
    const found = exportSettingsOf(env).otlp.map(({ certificates }) =>
      Object.entries(certificates).map(([name, content]) => `${name}: ${content}`.trim()),
    );
    const client = ['cert: -----BEGIN client-----', 'key: -----BEGIN key-----'];
    expect(found).toEqual([
      ['ca: -----BEGIN general-----', ...client],
      ['ca: -----BEGIN logs-----', ...client],
    ]);
  });
});

test('events are disabled by name, or by the beginning of their names', () => {
  const { isDisabled } = exportSettingsOf({ AO_PROJECTOR_DISABLED_EVENTS: 'ao.cli.invoked, ao.session.*,' });
  const names = ['ao.cli.invoked', 'ao.session.killed', 'ao.session.spawned', 'ao.cli.exit_2', 'ao.pr.merged'];
  expect(names.filter(isDisabled)).toEqual(['ao.cli.invoked', 'ao.session.killed', 'ao.session.spawned']);
});

describe('what cannot be followed is a usage error', () => {
  test.each(['on', 'all', 'otel', 'otlp,off', 'otlp;posthog', 'otlp posthog'])('AO_PROJECTOR_REMOTE=%s', (found) => {
    const error = errorOf(() => tiersOf({ AO_PROJECTOR_REMOTE: found }));
    expect(error).toMatchObject({ code: 'switch_invalid', exitCode: 2, found: JSON.stringify(found) });
    expect(error).toMatchObject({
      expected: expect.stringContaining('otlp, posthog'),
      remedy: said('AO_PROJECTOR_REMOTE=otlp'),
    });
  });

  test.each([
    [{ AO_PROJECTOR_REMOTE: 'otlp' }, 'AO_PROJECTOR_OTLP_ENDPOINT', 'none of them'],
    [{ ...OTLP, AO_PROJECTOR_OTLP_ENDPOINT: 'localhost:4318' }, 'http://', '"localhost:4318"'],
    [{ ...OTLP, AO_PROJECTOR_OTLP_ENDPOINT: 'nowhere' }, 'http://', '"nowhere"'],
    [{ ...STANDARD, OTEL_EXPORTER_OTLP_ENDPOINT: 'grpc://localhost:4317' }, 'http://', '"grpc://localhost:4317"'],
    [{ ...STANDARD, OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: '/v1/metrics' }, 'http://', '"/v1/metrics"'],
    [{ ...STANDARD, OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'file:///logs' }, 'http://', '"file:///logs"'],
    [{ ...OTLP, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, 'http/json, http/protobuf', '"grpc"'],
    [{ ...OTLP, OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'json' }, 'http/json, http/protobuf', '"json"'],
    [{ ...OTLP, OTEL_EXPORTER_OTLP_COMPRESSION: 'zstd' }, 'none, gzip', '"zstd"'],
    [{ ...OTLP, OTEL_EXPORTER_OTLP_METRICS_COMPRESSION: 'yes' }, 'none, gzip', '"yes"'],
    [{ ...OTLP, OTEL_EXPORTER_OTLP_TIMEOUT: '10s' }, 'milliseconds', '"10s"'],
    [{ ...OTLP, OTEL_EXPORTER_OTLP_LOGS_TIMEOUT: '0' }, 'milliseconds', '"0"'],
    [{ ...OTLP, OTEL_EXPORTER_OTLP_METRICS_TIMEOUT: '-5' }, 'milliseconds', '"-5"'],
    [{ ...OTLP, OTEL_EXPORTER_OTLP_TIMEOUT: '2147483648' }, 'milliseconds', '"2147483648"'],
    [{ ...POSTHOG, OTEL_METRIC_EXPORT_INTERVAL: '1.5' }, 'milliseconds', '"1.5"'],
    [{ ...OTLP, OTEL_METRIC_EXPORT_INTERVAL: '31536000000' }, 'milliseconds', '"31536000000"'],
    [{ ...OTLP, OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'sums' }, 'cumulative, delta', '"sums"'],
    [{ ...OTLP, OTEL_EXPORTER_OTLP_CERTIFICATE: '/nowhere.pem' }, 'PEM', 'no such file'],
    [{ ...OTLP, OTEL_EXPORTER_OTLP_LOGS_CLIENT_CERTIFICATE: '/nowhere.pem' }, 'PEM', 'no such file'],
    [{ ...OTLP, OTEL_EXPORTER_OTLP_CLIENT_KEY: packagePath('package.json') }, 'PEM', 'another format'],
    [{ ...POSTHOG, AO_PROJECTOR_POSTHOG_KEY: '' }, 'AO_PROJECTOR_POSTHOG_KEY', 'no key, the host'],
    [{ ...POSTHOG, AO_PROJECTOR_POSTHOG_HOST: '' }, 'AO_PROJECTOR_POSTHOG_HOST', 'the key, no host'],
    [{ ...POSTHOG, AO_PROJECTOR_POSTHOG_HOST: 'eu.posthog.com' }, 'http://', '"eu.posthog.com"'],
    [{ ...OTLP, AO_PROJECTOR_DISABLED_EVENTS: 'ao.session.killed,ao.sesion.*' }, 'ao.pr.merged', '"ao.sesion.*"'],
    [{ ...OTLP, AO_PROJECTOR_DISABLED_EVENTS: 'session.killed' }, 'ao.pr.merged', '"session.killed"'],
  ])('%j', (env, expected, found) => {
    const error = errorOf(() => exportSettingsOf(env));
    expect(error).toMatchObject({ name: 'ProjectorError', code: 'export_setting_invalid', exitCode: 2 });
    expect(error).toMatchObject({ expected: said(expected), found: said(found), remedy: said('.') });
  });

  test.each(['no-header', 'a=1,=2', 'a=', 'a=%zz', 'two words=1', 'a=1;b=2', 'a=new%0Aline'])(
    'OTEL_EXPORTER_OTLP_HEADERS=%s, and what stands there is not repeated',
    (list) => {
      const error = errorOf(() => exportSettingsOf({ ...OTLP, OTEL_EXPORTER_OTLP_LOGS_HEADERS: `key=secret,${list}` }));
      expect(error).toMatchObject({ code: 'export_setting_invalid', message: said('OTEL_EXPORTER_OTLP_LOGS_HEADERS') });
      expect(error).toMatchObject({ found: `another thing at place ${list.includes(',') ? 3 : 2}` });
      expect(JSON.stringify(error)).not.toContain('secret');
    },
  );
});

const said = (text: string) => expect.stringContaining(text);

function errorOf(read: () => unknown): unknown {
  try {
    read();
  } catch (error) {
    return error;
  }
  throw new Error('Expected an error, got none');
}
