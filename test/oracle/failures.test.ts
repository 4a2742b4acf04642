import { describe, expect, test } from '@jest/globals';
import { events, positions, URL } from './asked.ts';
import { at, ms, type TinyHost } from './tiny.ts';

const SPAWN = { method: 'POST', path: '/api/v1/sessions', error_kind: 'internal' };

const failed = (host: TinyHost, seconds: string, payload = {}) =>
  host.telemetry('ao.session.spawn_failed', at(seconds), { duration_ms: 5, error_kind: 'invalid', ...payload }, 'web');
const error = (host: TinyHost, seconds: string, request = '', payload = {}) =>
  host.telemetry('ao.http.5xx', at(seconds), { ...SPAWN, ...payload }, null, request);
const mistake = (host: TinyHost, seconds: string, path = 'ao spawn') =>
  host.telemetry('ao.cli.usage_errors', at(seconds), { command_path: path, error_kind: 'usage' });

test('a failed spawn, and the adapter that was missing', () => {
  const found = events((host) =>
    failed(host, '10.0019', { kind: 'worker', harness: 'mine', error_code: 'UNKNOWN_HARNESS' }),
  );
  const place = { at: ms(10.001), stream: 'telemetry', position: 1, subject: 'web', session: null };
  expect(found).toEqual([
    {
      ...place,
      name: 'ao.adapter.unavailable',
      dimensions: { error_code: 'UNKNOWN_HARNESS', harness: 'other' },
      measures: {},
    },
    {
      ...place,
      name: 'ao.spawn.failed',
      dimensions: { error_kind: 'invalid', error_code: 'UNKNOWN_HARNESS', harness: 'other', session_kind: 'worker' },
      measures: { duration_ms: 5 },
    },
  ]);
  expect(positions((host) => failed(host, '10', { error_code: 'AGENT_REQUIRED' }), 'ao.adapter.unavailable')).toEqual(
    [],
  );
});

describe('server errors', () => {
  const envelopes = (write: (host: TinyHost) => TinyHost) => positions(write, 'ao.daemon.error_envelope');
  const panic = (host: TinyHost, request: string, component = 'httpd') =>
    host.telemetry('ao.daemon.panic', at('10'), { component, panic_kind: 'error' }, null, request);

  test('that of a panic is told as the panic alone', () => {
    expect(envelopes((host) => error(panic(host, 'r1'), '10.1', 'r1'))).toEqual([]);
    expect(envelopes((host) => panic(error(host, '10.1', 'r1'), 'r1'))).toEqual([]);
    expect(envelopes((host) => error(panic(host, 'r1'), '10.1', 'r2'))).toEqual([2]);
    expect(positions((host) => error(panic(host, 'r1'), '10.1', 'r1'), 'ao.daemon.panic')).toEqual([1]);
    expect(positions((host) => panic(host, 'r1', 'adapter'), 'ao.daemon.panic')).toEqual([]);
    expect(positions((host) => panic(host, 'r1', 'adapter'), 'ao.adapter.panic')).toEqual([1]);
  });

  test('that of an internal spawn failure is told as the failure alone', () => {
    const internal = (host: TinyHost) => failed(host, '10', { error_kind: 'internal' });
    expect(envelopes((host) => error(internal(host), '11'))).toEqual([]);
    expect(envelopes((host) => internal(error(host, '10')))).toEqual([]);
    expect(envelopes((host) => error(internal(host), '11.000000001'))).toEqual([2]);
    expect(envelopes((host) => error(internal(host), '9.999999999'))).toEqual([2]);
    expect(envelopes((host) => error(internal(host), '10', '', { path: '/api/v1/projects' }))).toEqual([2]);
    expect(envelopes((host) => error(failed(host, '10'), '10'))).toEqual([2]);
    expect(envelopes((host) => error(error(internal(host), '10.9'), '10.1'))).toEqual([2]);
  });
});

describe('mistakes', () => {
  const repeated = (...seconds: string[]) =>
    positions((host) => seconds.reduce((written, second) => mistake(written, second), host), 'ao.cli.repeated_failure');

  test('the third within 10 minutes, once until there is quiet', () => {
    expect(repeated('0', '1')).toEqual([]);
    expect(repeated('0', '1', '600', '601')).toEqual([3]);
    expect(repeated('0', '1', '600.001')).toEqual([]);
    expect(repeated('0', '1', '2', '602', '603', '604')).toEqual([3]);
    expect(repeated('0', '1', '2', '602.001', '603', '604')).toEqual([3, 6]);
  });

  test('by the command, not by what was typed after it', () => {
    const commands = ['ao spawn fix it', 'ao session get x', 'AO  Send', 'ao session', 'ao nothing', 'spawn'];
    const found = events((host) => commands.reduce((written, path) => mistake(written, '1', path), host));
    const subjects = found.filter(({ name }) => name === 'ao.cli.exit_2').map(({ subject }) => subject);
    expect(subjects).toEqual(['ao spawn', 'ao session get', 'ao send', 'ao session', 'other', 'other']);
  });
});

test('what a user sent and had checked', () => {
  const commands = ['ao send', 'ao doctor', 'ao status'];
  const write = (host: TinyHost) =>
    commands.reduce((all, path) => all.telemetry('ao.cli.invoked', at('1'), { command_path: path }), host);
  expect(positions(write, 'ao.send')).toEqual([1]);
  expect(positions(write, 'ao.doctor.run')).toEqual([2]);
});

describe('what lasts too long', () => {
  const stuck = (write: (host: TinyHost) => TinyHost) => positions(write, 'ao.session.stuck_waiting');
  const silent = (write: (host: TinyHost) => TinyHost) => positions(write, 'ao.session.no_signal');
  const waits = (host: TinyHost) => host.created('a-1', at('0')).updated('a-1', 'blocked', false, at('10'));

  test('a wait of more than 30 minutes, up to its end or to the newest row', () => {
    expect(stuck((host) => waits(host).idle('a-1', at('1810')))).toEqual([]);
    expect(stuck((host) => waits(host).idle('a-1', at('1810.001')))).toEqual([2]);
    expect(stuck((host) => waits(host).found(URL, 'a-1', at('1810')))).toEqual([]);
    expect(stuck((host) => waits(host).found(URL, 'a-1', at('1810.001')))).toEqual([2]);
    expect(stuck((host) => waits(host).found(URL, 'a-1', '2100-01-01 00:00:00'))).toEqual([]);
    const quiet = { type: 'session_updated', project: 'a', session: 'a-1', payload: '{"id":"a-1"}', at: at('3600') };
    expect(stuck((host) => waits(host).line(quiet))).toEqual([]);
  });

  test('a creation without a signal or an end for more than 10 minutes', () => {
    const active = (seconds: string) => (host: TinyHost) =>
      host.created('a-1', at('0')).updated('a-1', 'active', false, at(seconds));
    expect(silent(active('600'))).toEqual([]);
    expect(silent(active('600.001'))).toEqual([1]);
    expect(silent((host) => host.created('a-1', at('0')).ended('a-1', at('600')).idle('a-1', at('900')))).toEqual([]);
    expect(silent((host) => host.created('a-1', at('0')).ended('a-1', at('600.001')))).toEqual([1]);
  });
});

test('CI that fails for the third time without a pass', () => {
  const observed = (...states: string[]) =>
    positions(
      (host) =>
        states.reduce(
          (written, ci, index) =>
            written.pull(URL, 'a-1', at(`${index}`), { ci }, index === 0 ? 'pr_created' : undefined),
          host,
        ),
      'ao.ci.repeated_failure',
    );
  expect(observed('failing', 'pending', 'failing', 'pending', 'failing', 'pending', 'failing')).toEqual([5]);
  expect(observed('failing', 'failing', 'failing')).toEqual([]);
  expect(observed('failing', 'pending', 'failing', 'passing', 'failing')).toEqual([]);
});
