import { type Attributes, type HrTime, ValueType } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import {
  AggregationTemporality,
  DataPointType,
  type ExponentialHistogram,
  type MetricDescriptor,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';

const { CUMULATIVE, DELTA } = AggregationTemporality;
const START: HrTime = [1_782_000_000, 0];
const END: HrTime = [1_782_000_060, 123_456_789];
const RESOURCE = resourceFromAttributes({ 'service.name': 'ao-projector', 'service.version': '0.1.0' });
const SCOPE = { name: 'ao-projector', version: '0.1.0' };

/** Two waits of 0.3 s and 0.6 s and one of none, at scale 0, where bucket -2 is (0.25, 0.5] and bucket -1 is (0.5, 1]. */
const WAITS: ExponentialHistogram = {
  count: 3,
  sum: 0.9,
  min: 0,
  max: 0.6,
  scale: 0,
  zeroCount: 1,
  positive: { offset: -2, bucketCounts: [1, 1] },
  negative: { offset: 0, bucketCounts: [] },
};

/** A metric of every type that exports have, as the SDK hands it to an exporter. */
export const METRICS: ResourceMetrics = {
  resource: RESOURCE,
  scopeMetrics: [
    {
      scope: SCOPE,
      metrics: [
        {
          dataPointType: DataPointType.SUM,
          descriptor: described('ao.events', '{event}', ValueType.INT),
          aggregationTemporality: CUMULATIVE,
          isMonotonic: true,
          dataPoints: [point({ 'ao.event': 'ao.session.spawned', 'ao.harness': 'codex' }, 4_294_967_296)],
        },
        {
          dataPointType: DataPointType.SUM,
          descriptor: described('ao.session.ends', '{session}', ValueType.INT),
          aggregationTemporality: DELTA,
          isMonotonic: false,
          dataPoints: [point({ 'ao.end_cause': 'unknown' }, -2), point({ 'ao.end_cause': 'merged' }, 2)],
        },
        {
          dataPointType: DataPointType.GAUGE,
          descriptor: described('ao.projector.lag', 's', ValueType.DOUBLE),
          aggregationTemporality: CUMULATIVE,
          dataPoints: [point({}, 0.25)],
        },
        {
          dataPointType: DataPointType.EXPONENTIAL_HISTOGRAM,
          descriptor: described('ao.session.wait.duration', 's', ValueType.DOUBLE),
          aggregationTemporality: CUMULATIVE,
          dataPoints: [point({ 'ao.harness': 'codex' }, WAITS)],
        },
      ],
    },
  ],
};

/** Attributes of every type, with names that are not ASCII and a number beyond 32 bits. */
export const LOGS: ReadableLogRecord[] = [
  record('ao.session.spawned', { 'ao.id': 'a'.repeat(32), 'ao.order': 4_294_967_297, 'ao.has_git_remote': true }),
  record('ao.session.killed', { 'ao.id': 'b'.repeat(32), 'ao.note': 'schön', ratio: 0.5, list: ['x', 1] }),
];

function described(name: string, unit: string, valueType: ValueType): MetricDescriptor {
  return { name, unit, description: `What ${name} counts`, valueType };
}

function point<T>(attributes: Attributes, value: T) {
  return { attributes, startTime: START, endTime: END, value };
}

function record(eventName: string, attributes: ReadableLogRecord['attributes']): ReadableLogRecord {
  return {
    hrTime: START,
    hrTimeObserved: END,
    eventName,
    attributes,
    droppedAttributesCount: 0,
    resource: RESOURCE,
    instrumentationScope: SCOPE,
  };
}
