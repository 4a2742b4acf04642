import type { HrTime } from '@opentelemetry/api';
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import { version } from '../store/version.ts';

/** Who says all that is sent over OTLP. Nothing of the machine is told but a keyed hash of the install's id. */
export function originOf(install: string): { resource: Resource; scope: { name: string; version: string } } {
  const attributes = {
    'service.name': 'ao-projector',
    'service.version': version(),
    'service.instance.id': install,
  };
  return { resource: resourceFromAttributes(attributes), scope: { name: 'ao-projector', version: version() } };
}

/** A time in milliseconds as OpenTelemetry has it. */
export function hrTime(ms: number): HrTime {
  const seconds = Math.floor(ms / 1_000);
  return [seconds, (ms - seconds * 1_000) * 1e6];
}

/** Names of attributes are those of fields, within a namespace. */
export function attributesOf<Value extends string | number>(
  fields: Readonly<Record<string, Value>>,
): Record<string, Value> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [`ao.${name}`, value]));
}
