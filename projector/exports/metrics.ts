import { type HrTime, ValueType } from '@opentelemetry/api';
import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type ExponentialHistogram,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { descriptorOf } from './described.ts';
import type { Ends } from './ends.ts';
import type { Gauge } from './gauges.ts';
import { dense, SCALE, ZERO_BUCKET } from './histogram.ts';
import { attributesOf, hrTime, originOf } from './origin.ts';
import { SERIALIZERS, type Temporalities } from './otlp.ts';
import type { Protocol } from './settings.ts';
import type { Payload } from './sinks.ts';
import { METRICS, type Total } from './totals.ts';

/** What all metrics are at one moment. */
export interface Measured {
  readonly totals: readonly Total[];
  readonly ends: readonly Ends[];
  readonly gauges: readonly Gauge[];
  /** Since when all is counted, since when what stands in no batch yet, and up to when; milliseconds UTC. */
  readonly since: number;
  readonly batchedAt: number;
  readonly now: number;
}

/** The metrics as a request of OTLP. Start times are those from which the values count, whatever was restarted since. */
export function metricsRequest(
  measured: Measured,
  install: string,
  protocol: Protocol,
  temporality: Temporalities,
): Payload {
  const metrics = [
    ...sums(measured, temporality.counter),
    ...histograms(measured, temporality.histogram),
    ...ends(measured),
    ...gauges(measured),
  ].filter(({ dataPoints }) => dataPoints.length > 0);
  const { resource, scope } = originOf(install);
  const request: ResourceMetrics = { resource, scopeMetrics: [{ scope, metrics }] };
  return {
    bytes: SERIALIZERS[protocol].METRICS.serializeRequest(request)!,
    items: metrics.reduce((sum, { dataPoints }) => sum + dataPoints.length, 0),
  };
}

interface Span {
  readonly startTime: HrTime;
  readonly endTime: HrTime;
}

function spanOf({ since, batchedAt, now }: Measured, temporality: AggregationTemporality): Span {
  const isDelta = temporality === AggregationTemporality.DELTA;
  return { startTime: hrTime(isDelta ? batchedAt : since), endTime: hrTime(now) };
}

/** What a bucket counts since the start of its span. */
function counted(total: Total, temporality: AggregationTemporality): { count: number; sum: number } {
  const { count, sum, batchedCount, batchedSum } = total;
  if (temporality === AggregationTemporality.CUMULATIVE) return { count, sum };
  return { count: count - batchedCount, sum: sum - batchedSum };
}

function sums(measured: Measured, aggregationTemporality: AggregationTemporality): MetricData[] {
  const span = spanOf(measured, aggregationTemporality);
  const points = measured.totals
    .filter(({ metric }) => metric === METRICS.events)
    .map((total): DataPoint<number> => {
      const { count } = counted(total, aggregationTemporality);
      return { ...span, attributes: attributesOf(total.attributes), value: count };
    });
  const dataPoints = points.filter(({ value }) => value > 0);
  return [
    {
      descriptor: { ...descriptorOf(METRICS.events), valueType: ValueType.INT },
      dataPointType: DataPointType.SUM,
      isMonotonic: true,
      aggregationTemporality,
      dataPoints,
    },
  ];
}

function histograms(measured: Measured, aggregationTemporality: AggregationTemporality): MetricData[] {
  const span = spanOf(measured, aggregationTemporality);
  return [METRICS.wait, METRICS.spawn, METRICS.step].map((metric) => {
    const series = new Map<string, Total[]>();
    for (const total of measured.totals.filter((one) => one.metric === metric)) {
      const key = JSON.stringify(total.attributes);
      series.set(key, [...(series.get(key) ?? []), total]);
    }
    const points = [...series.values()].map((buckets): DataPoint<ExponentialHistogram> => {
      return {
        ...span,
        attributes: attributesOf(buckets[0]!.attributes),
        value: histogram(buckets, aggregationTemporality),
      };
    });
    return {
      descriptor: { ...descriptorOf(metric), valueType: ValueType.DOUBLE },
      dataPointType: DataPointType.EXPONENTIAL_HISTOGRAM,
      aggregationTemporality,
      dataPoints: points.filter(({ value }) => value.count > 0),
    };
  });
}

function histogram(buckets: readonly Total[], temporality: AggregationTemporality): ExponentialHistogram {
  let [count, sumMs, zeroCount] = [0, 0, 0];
  const positive = new Map<number, number>();
  for (const total of buckets) {
    const added = counted(total, temporality);
    count += added.count;
    sumMs += added.sum;
    if (total.bucket === ZERO_BUCKET) zeroCount += added.count;
    else if (added.count > 0) positive.set(total.bucket, added.count);
  }
  return { count, sum: sumMs / 1_000, scale: SCALE, zeroCount, positive: dense(positive), negative: dense(new Map()) };
}

/** How many there are now of each cause: no counter, for a cause may be told anew. */
function ends(measured: Measured): MetricData[] {
  const span = spanOf(measured, AggregationTemporality.CUMULATIVE);
  return [
    {
      descriptor: { ...descriptorOf('ao.session.ends'), valueType: ValueType.INT },
      dataPointType: DataPointType.SUM,
      isMonotonic: false,
      aggregationTemporality: AggregationTemporality.CUMULATIVE,
      dataPoints: measured.ends.map(({ attributes, count }) => ({
        ...span,
        attributes: attributesOf(attributes),
        value: count,
      })),
    },
  ];
}

function gauges(measured: Measured): MetricData[] {
  const span = spanOf(measured, AggregationTemporality.CUMULATIVE);
  return measured.gauges.map(({ name, points }) => {
    const descriptor = descriptorOf(name);
    return {
      descriptor: { ...descriptor, valueType: descriptor.unit === 's' ? ValueType.DOUBLE : ValueType.INT },
      dataPointType: DataPointType.GAUGE,
      aggregationTemporality: AggregationTemporality.CUMULATIVE,
      dataPoints: points.map(({ attributes, value }) => ({ ...span, attributes: attributesOf(attributes), value })),
    };
  });
}
