import { readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { placesIn, projector } from '../support/processes.ts';
import { withFolder } from '../support/temporary.ts';
import { told } from './export-command.ts';

const TIERS = { AO_TELEMETRY_EVENTS: 'on' };
const BOTH = {
  ...TIERS,
  AO_PROJECTOR_REMOTE: 'otlp,posthog',
  AO_PROJECTOR_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
  AO_PROJECTOR_POSTHOG_KEY: 'phc_key',
  AO_PROJECTOR_POSTHOG_HOST: 'http://127.0.0.1:8000',
};
const NOW = Date.parse('2026-06-20T10:00:00Z');

describe('export status says why a sink is off', () => {
  const [off, untracked] = ['AO_PROJECTOR_REMOTE is off', 'DO_NOT_TRACK is set'];
  const [noOtlp, noPosthog] = ['AO_PROJECTOR_REMOTE does not name otlp', 'AO_PROJECTOR_REMOTE does not name posthog'];
  const noEvents = 'AO_TELEMETRY_EVENTS is off';
  test.each([
    [{ ...BOTH, AO_PROJECTOR_REMOTE: '' }, [off, off, off]],
    [{ ...BOTH, AO_PROJECTOR_REMOTE: 'off', DO_NOT_TRACK: '1' }, [off, off, off]],
    [{ ...BOTH, AO_PROJECTOR_REMOTE: 'off', DO_NOT_TRACK: '0' }, [off, off, off]],
    [{ ...BOTH, DO_NOT_TRACK: '1' }, [untracked, untracked, untracked]],
    [{ ...BOTH, DO_NOT_TRACK: '0' }, [null, null, null]],
    [{ ...BOTH, AO_PROJECTOR_REMOTE: 'otlp' }, [null, null, noPosthog]],
    [{ ...BOTH, AO_PROJECTOR_REMOTE: 'posthog' }, [noOtlp, noOtlp, null]],
    [
      { ...BOTH, AO_PROJECTOR_OTLP_ENDPOINT: '', OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://m' },
      [null, 'it has no endpoint', null],
    ],
    [{ ...BOTH, AO_TELEMETRY_EVENTS: '', AO_TELEMETRY_METRICS: 'on' }, [null, noEvents, noEvents]],
    [{ ...BOTH, AO_TELEMETRY_EVENTS: 'off' }, ['analytics are off', 'analytics are off', 'analytics are off']],
  ])('%j', async (env, reasons) => {
    await withFolder(async (folder) => {
      const { sinks } = JSON.parse(String((await told(folder, env, NOW, 'status', '--json')).out));
      expect(sinks.map(({ off }: { off: string | null }) => off)).toEqual(reasons);
      const text = String((await told(folder, env, NOW, 'status')).out);
      for (const reason of reasons) if (reason !== null) expect(text).toContain(`off: ${reason}`);
    });
  });
});

describe('before anything was derived', () => {
  test('export status names where to and nothing more', async () => {
    await withFolder(async (folder) => {
      const answer = JSON.parse(String((await told(folder, BOTH, NOW, 'status', '--json')).out));
      const unknown = { off: null, since: null, waiting: null, last: null };
      expect(answer).toEqual({
        ...{ now: NOW, as_of: null, remote: 'otlp,posthog', revised: 0 },
        sinks: [
          { sink: 'metrics', destination: 'http://127.0.0.1:4318/v1/metrics', ...unknown },
          { sink: 'logs', destination: 'http://127.0.0.1:4318/v1/logs', ...unknown },
          { sink: 'posthog', destination: 'http://127.0.0.1:8000', ...unknown },
        ],
      });
    });
  });

  test('nothing would be sent, nothing was, and asking makes no file', async () => {
    await withFolder(async (folder) => {
      expect(String((await told(folder, BOTH, NOW, 'preview')).out)).toBe('none\n');
      expect(String((await told(folder, BOTH, NOW, 'preview', '--sink', 'logs')).out)).toBe('none\n');
      expect(String((await told(folder, BOTH, NOW, 'ledger')).out)).toBe('Nothing was sent.\n');
      expect(JSON.parse(String((await told(folder, BOTH, NOW, 'preview', '--json')).out))).toEqual({
        ...{ now: NOW, as_of: null, sinks: [] },
      });
      expect(JSON.parse(String((await told(folder, BOTH, NOW, 'ledger', '--json')).out))).toEqual({
        ...{ now: NOW, as_of: null, sent: [], revised: 0 },
      });
      expect((await told(folder, BOTH, NOW, 'ledger', '--erase')).err).toBe('Nothing is kept here.\n');
      expect(readdirSync(folder)).toEqual([]);
    });
  });
});

test.each([
  ['run', { ...BOTH, AO_PROJECTOR_OTLP_ENDPOINT: '' }, 'export_setting_invalid'],
  ['export', { ...BOTH, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, 'export_setting_invalid'],
  ['status', { ...BOTH, AO_PROJECTOR_REMOTE: 'everywhere' }, 'switch_invalid'],
])(
  '%s with what cannot be followed ends with 2, says what is expected, and makes no file',
  async (command, env, code) => {
    await withFolder(async (folder) => {
      const words = command === 'export' ? ['export', 'status', '--json'] : [command];
      const ended = await projector({ ...placesIn(folder), ...env }, ...words).ended;
      expect(ended).toMatchObject({ code: 2, stdout: '' });
      if (command === 'export') expect(JSON.parse(ended.stderr)).toMatchObject({ error: { code, found: '"grpc"' } });
      else expect(ended.stderr).toMatch(/\n {2}expected: .+\n {2}found: .+\n {2}what to do: .+\n$/);
      expect(readdirSync(folder)).toEqual([]);
    });
  },
);
