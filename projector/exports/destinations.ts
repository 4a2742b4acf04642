import { remotesOf } from '../remote.ts';
import type { Tiers } from '../tiers.ts';
import { type ExportSettings, exportSettingsOf } from './settings.ts';
import { SINKS, type SinkName, type Transport } from './sinks.ts';

/** A sink as the environment has it: how it sends, or why it sends nothing. */
export type Destination =
  | { readonly sink: SinkName; readonly transport: Transport }
  | { readonly sink: SinkName; readonly off: string };

export interface Destinations {
  /** Null where nothing is to be sent anywhere. */
  readonly settings: ExportSettings | null;
  readonly all: readonly Destination[];
}

/** Where each sink would send to in this environment. Throws where that says something that cannot be followed. */
export async function destinationsOf(env: NodeJS.ProcessEnv, tiers: Tiers, now: () => number): Promise<Destinations> {
  if (tiers.remote.length === 0) {
    const isNamed = remotesOf({ ...env, DO_NOT_TRACK: '' }).length > 0;
    const off = isNamed ? 'DO_NOT_TRACK is set' : 'AO_PROJECTOR_REMOTE is off';
    return { settings: null, all: SINKS.map((sink) => ({ sink, off })) };
  }
  const settings = exportSettingsOf(env);
  const { transportsOf } = await import('./transports.ts');
  const transports = tiers.metrics ? transportsOf(settings, tiers.events, now) : [];
  const all = SINKS.map((sink) => {
    const transport = transports.find((one) => one.sink === sink);
    return transport ? { sink, transport } : { sink, off: whyOff(sink, settings, tiers) };
  });
  return { settings, all };
}

function whyOff(sink: SinkName, { posthog, otlp }: ExportSettings, { metrics, events, remote }: Tiers): string {
  if (sink === 'posthog' && !posthog) return 'AO_PROJECTOR_REMOTE does not name posthog';
  if (sink !== 'posthog' && !remote.includes('otlp')) return 'AO_PROJECTOR_REMOTE does not name otlp';
  if (sink !== 'posthog' && !otlp.some(({ signal }) => signal.toLowerCase() === sink)) return 'it has no endpoint';
  if (!metrics) return 'analytics are off';
  return events ? 'nothing is sent' : 'AO_TELEMETRY_EVENTS is off';
}
