import { OtlpTransport } from './otlp.ts';
import { PostHogTransport } from './posthog.ts';
import type { ExportSettings } from './settings.ts';
import type { Transport } from './sinks.ts';

/** What may be sent in the tiers that are on: metrics, and single events only where the events tier is on as well. */
export function transportsOf(settings: ExportSettings, events: boolean, now: () => number): Transport[] {
  const { otlp, posthog } = settings;
  const transports: Transport[] = otlp.map((signal) => new OtlpTransport(signal, now));
  if (posthog) transports.push(new PostHogTransport(posthog, now));
  return transports.filter(({ sink }) => events || sink === 'metrics');
}
