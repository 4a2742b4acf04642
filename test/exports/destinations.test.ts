import { expect, test } from '@jest/globals';
import { destinationsOf } from '../../projector/exports/destinations.ts';
import { tiersOf } from '../../projector/tiers.ts';

/** Why each sink sends nothing; null for one that sends. */
async function whyOff(env: Readonly<Record<string, string>>): Promise<Record<string, string | null>> {
  const { all } = await destinationsOf(env, tiersOf(env), () => 0);
  return Object.fromEntries(all.map((one) => [one.sink, 'off' in one ? one.off : null]));
}

const allOff = (why: string) => ({ metrics: why, logs: why, posthog: why });
const OTLP = { AO_PROJECTOR_REMOTE: 'otlp', AO_PROJECTOR_OTLP_ENDPOINT: 'http://localhost:4318' };

test('without AO_PROJECTOR_REMOTE all sinks are off', async () => {
  expect(await whyOff({})).toEqual(allOff('AO_PROJECTOR_REMOTE is off'));
});

test('DO_NOT_TRACK is said to be why only where it is', async () => {
  expect(await whyOff({ ...OTLP, DO_NOT_TRACK: '1' })).toEqual(allOff('DO_NOT_TRACK is set'));
  expect(await whyOff({ AO_PROJECTOR_REMOTE: 'off', DO_NOT_TRACK: '0' })).toEqual(allOff('AO_PROJECTOR_REMOTE is off'));
  expect(await whyOff({ AO_PROJECTOR_REMOTE: 'off', DO_NOT_TRACK: '1' })).toEqual(allOff('AO_PROJECTOR_REMOTE is off'));
});

test('a sink that is not named, has no endpoint or waits for its tier says so', async () => {
  expect(await whyOff({ ...OTLP, AO_TELEMETRY_METRICS: 'on' })).toEqual({
    metrics: null,
    logs: 'AO_TELEMETRY_EVENTS is off',
    posthog: 'AO_PROJECTOR_REMOTE does not name posthog',
  });
  expect(await whyOff(OTLP)).toMatchObject({ metrics: 'analytics are off', logs: 'analytics are off' });
  const metricsOnly = {
    AO_PROJECTOR_REMOTE: 'otlp',
    OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://localhost:4318/v1/metrics',
  };
  expect(await whyOff({ ...metricsOnly, AO_TELEMETRY_EVENTS: 'on' })).toMatchObject({
    metrics: null,
    logs: 'it has no endpoint',
  });
});
