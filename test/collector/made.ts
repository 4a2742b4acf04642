import type { Attributes, HrTime } from '@opentelemetry/api';
import { ValueType } from '@opentelemetry/api';
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import {
  type AggregationTemporality,
  DataPointType,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';

const SCOPE = { name: 'ao-projector', version: '0.1.0' };

/** An event as an install tells of it. */
export interface MadeEvent {
  readonly name: string;
  /** Milliseconds UTC. */
  readonly at: number;
  /** Without the prefix `ao.`. */
  readonly attributes: Readonly<Record<string, string | number>>;
}

export function resourceOf(install: string): Resource {
  return resourceFromAttributes({
    'service.name': 'ao-projector',
    'service.version': SCOPE.version,
    'service.instance.id': install,
  });
}

/** Log records of an install, an event a record. */
export function logRecords(install: string, events: readonly MadeEvent[]): ReadableLogRecord[] {
  const resource = resourceOf(install);
  return events.map(({ name, at, attributes }) => ({
    hrTime: time(at),
    hrTimeObserved: time(at + 1_500),
    eventName: name,
    resource,
    instrumentationScope: SCOPE,
    attributes: Object.fromEntries(Object.entries(attributes).map(([key, value]) => [`ao.${key}`, value])),
    droppedAttributesCount: 0,
  }));
}

/** Metrics of an install since a moment: one sum by attributes, and one exponential histogram of seconds. */
export function resourceMetrics(
  install: string,
  since: number,
  until: number,
  temporality: AggregationTemporality,
  events: readonly (readonly [attributes: Attributes, value: number])[],
  waits: readonly number[],
): ResourceMetrics {
  const times = { startTime: time(since), endTime: time(until) };
  const sum: MetricData = {
    descriptor: { name: 'ao.events', description: 'Events.', unit: '{event}', valueType: ValueType.INT },
    aggregationTemporality: temporality,
    dataPointType: DataPointType.SUM,
    isMonotonic: true,
    dataPoints: events.map(([attributes, value]) => ({ ...times, attributes, value })),
  };
  const histogram: MetricData = {
    descriptor: { name: 'ao.session.wait.duration', description: 'Waits.', unit: 's', valueType: ValueType.DOUBLE },
    aggregationTemporality: temporality,
    dataPointType: DataPointType.EXPONENTIAL_HISTOGRAM,
    dataPoints: [{ ...times, attributes: { 'ao.harness': 'codex' }, value: exponential(waits) }],
  };
  return { resource: resourceOf(install), scopeMetrics: [{ scope: SCOPE, metrics: [sum, histogram] }] };
}

/** At scale 0, where bucket i holds the values above 2^i, up to twice that. */
function exponential(values: readonly number[]) {
  const buckets = values.map((value) => Math.ceil(Math.log2(value)) - 1);
  const offset = Math.min(...buckets);
  const bucketCounts = Array.from(
    { length: Math.max(...buckets) - offset + 1 },
    (_, index) => buckets.filter((bucket) => bucket === offset + index).length,
  );
  return {
    ...{ count: values.length, sum: values.reduce((all, value) => all + value, 0), scale: 0, zeroCount: 0 },
    ...{ positive: { offset, bucketCounts }, negative: { offset: 0, bucketCounts: [] } },
  };
}

function time(ms: number): HrTime {
  return [Math.floor(ms / 1_000), (ms % 1_000) * 1_000_000];
}
