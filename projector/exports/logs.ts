import { SeverityNumber } from '@opentelemetry/api-logs';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { attributesOf, hrTime, originOf } from './origin.ts';
import { SERIALIZERS } from './otlp.ts';
import type { ExportRecord } from './record.ts';
import type { Protocol } from './settings.ts';

/**
 * Events as a request of OTLP logs: one record each, named by the event, at the event's own time.
 *
 * @param now when they are sent for the first time, in milliseconds UTC
 */
export function logsRequest(
  records: readonly ExportRecord[],
  install: string,
  protocol: Protocol,
  now: number,
): Uint8Array {
  const { resource, scope } = originOf(install);
  const logs = records.map(({ name, fields }): ReadableLogRecord => {
    const { at, ...rest } = fields;
    const isFailure = rest.category === 'failure';
    return {
      hrTime: hrTime(Number(at)),
      hrTimeObserved: hrTime(now),
      eventName: name,
      severityNumber: isFailure ? SeverityNumber.WARN : SeverityNumber.INFO,
      severityText: isFailure ? 'WARN' : 'INFO',
      attributes: attributesOf(rest),
      resource,
      instrumentationScope: scope,
      droppedAttributesCount: 0,
    };
  });
  return SERIALIZERS[protocol].LOGS.serializeRequest(logs)!;
}
