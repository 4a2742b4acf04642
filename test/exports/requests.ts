import assert from 'node:assert/strict';
import {
  decodeLogs,
  decodeMetrics,
  type Encoding,
  type RawBuckets,
  type RawHistogramPoint,
  type RawKeyValue,
  type RawLogRecord,
  type RawMetric,
  type RawNumberPoint,
  type RawResource,
  type RawScope,
  type RawValue,
} from './otlp-messages.ts';

/** The same whether it came as JSON or as protobuf. Times are nanoseconds. */
export interface MetricsRequest {
  readonly kind: 'metrics';
  readonly resources: readonly {
    readonly attributes: Attributes;
    readonly scopes: readonly { readonly scope: Scope; readonly metrics: readonly Metric[] }[];
  }[];
}

export interface LogsRequest {
  readonly kind: 'logs';
  readonly resources: readonly {
    readonly attributes: Attributes;
    readonly scopes: readonly { readonly scope: Scope; readonly records: readonly LogRecord[] }[];
  }[];
}

export type AttributeValue = string | number | boolean | readonly AttributeValue[];
export type Attributes = Readonly<Record<string, AttributeValue>>;
export type Temporality = 'delta' | 'cumulative';

export interface Scope {
  readonly name: string;
  readonly version: string;
}

export type Metric = Described & (Gauge | Sum | ExponentialHistogram);

interface Described {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
}

interface Gauge {
  readonly type: 'gauge';
  readonly points: readonly NumberPoint[];
}

interface Sum {
  readonly type: 'sum';
  readonly temporality: Temporality;
  readonly monotonic: boolean;
  readonly points: readonly NumberPoint[];
}

interface ExponentialHistogram {
  readonly type: 'exponentialHistogram';
  readonly temporality: Temporality;
  readonly points: readonly HistogramPoint[];
}

interface Interval {
  readonly attributes: Attributes;
  readonly startTimeUnixNano: bigint;
  readonly timeUnixNano: bigint;
}

export interface NumberPoint extends Interval {
  readonly numberType: 'int' | 'double';
  readonly value: number;
}

export interface HistogramPoint extends Interval {
  readonly count: number;
  readonly sum: number | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly scale: number;
  readonly zeroCount: number;
  readonly positive: Buckets;
  readonly negative: Buckets;
}

export interface Buckets {
  readonly offset: number;
  readonly counts: readonly number[];
}

export interface LogRecord {
  readonly timeUnixNano: bigint;
  readonly observedTimeUnixNano: bigint;
  readonly eventName: string;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: AttributeValue | null;
  readonly attributes: Attributes;
}

/** Reads the body of POST /v1/metrics. Throws where it breaks what OTLP asks of metrics. */
export function readMetrics(encoding: Encoding, bytes: Buffer): MetricsRequest {
  const resources = decodeMetrics(encoding, bytes).resourceMetrics.map(({ resource, scopeMetrics }) => ({
    attributes: resourceAttributes(resource),
    scopes: scopeMetrics.map(({ scope, metrics }) => ({ scope: scopeOf(scope), metrics: metrics.map(metricOf) })),
  }));
  return { kind: 'metrics', resources };
}

/** Reads the body of POST /v1/logs. Throws where it breaks what OTLP asks of logs. */
export function readLogs(encoding: Encoding, bytes: Buffer): LogsRequest {
  const resources = decodeLogs(encoding, bytes).resourceLogs.map(({ resource, scopeLogs }) => ({
    attributes: resourceAttributes(resource),
    scopes: scopeLogs.map(({ scope, logRecords }) => ({ scope: scopeOf(scope), records: logRecords.map(recordOf) })),
  }));
  return { kind: 'logs', resources };
}

function metricOf({ name, description, unit, gauge, sum, exponentialHistogram }: RawMetric): Metric {
  assert(name !== '', 'Expected a metric with a name');
  const described = { name, description, unit };
  if (gauge) return { ...described, type: 'gauge', points: gauge.dataPoints.map(numberPoint) };
  if (sum) {
    const temporality = temporalityOf(sum.aggregationTemporality);
    const points = sum.dataPoints.map(numberPoint);
    return { ...described, type: 'sum', temporality, monotonic: sum.isMonotonic, points };
  }
  assert(exponentialHistogram !== undefined, `Expected data of ${name}`);
  const temporality = temporalityOf(exponentialHistogram.aggregationTemporality);
  const points = exponentialHistogram.dataPoints.map(histogramPoint);
  return { ...described, type: 'exponentialHistogram', temporality, points };
}

function temporalityOf(number: number): Temporality {
  const temporality = ([undefined, 'delta', 'cumulative'] as const)[number];
  assert(temporality !== undefined, `Expected the temporality delta (1) or cumulative (2), not ${number}`);
  return temporality;
}

function numberPoint(point: RawNumberPoint): NumberPoint {
  const { asInt, asDouble } = point;
  if (asInt !== undefined) return { ...interval(point), numberType: 'int', value: safe(asInt) };
  assert(asDouble !== undefined, 'Expected a point with a value');
  return { ...interval(point), numberType: 'double', value: asDouble };
}

function histogramPoint(point: RawHistogramPoint): HistogramPoint {
  const count = safe(point.count);
  const zeroCount = safe(point.zeroCount);
  const positive = bucketsOf(point.positive);
  const negative = bucketsOf(point.negative);
  const counted = [...positive.counts, ...negative.counts].reduce((total, each) => total + each, zeroCount);
  assert(count === counted, `Expected a count that is that of the buckets, ${counted}, not ${count}`);
  const { sum = null, min = null, max = null, scale } = point;
  return { ...interval(point), count, sum, min, max, scale, zeroCount, positive, negative };
}

function bucketsOf(buckets: RawBuckets | null): Buckets {
  return { offset: buckets?.offset ?? 0, counts: (buckets?.bucketCounts ?? []).map(safe) };
}

function interval({ attributes, startTimeUnixNano, timeUnixNano }: RawNumberPoint | RawHistogramPoint): Interval {
  assert(timeUnixNano > 0n, 'Expected a point with a time');
  assert(startTimeUnixNano <= timeUnixNano, 'Expected a point that starts before it ends');
  return { attributes: attributesOf(attributes), startTimeUnixNano, timeUnixNano };
}

function recordOf(record: RawLogRecord): LogRecord {
  const { timeUnixNano, observedTimeUnixNano, eventName, severityNumber, severityText } = record;
  const body = record.body && anyValue(record.body);
  const attributes = attributesOf(record.attributes);
  return { timeUnixNano, observedTimeUnixNano, eventName, severityNumber, severityText, body, attributes };
}

function resourceAttributes(resource: RawResource | null): Attributes {
  return attributesOf(resource?.attributes ?? []);
}

function scopeOf(scope: RawScope | null): Scope {
  return { name: scope?.name ?? '', version: scope?.version ?? '' };
}

function attributesOf(pairs: readonly RawKeyValue[]): Attributes {
  const attributes: Record<string, AttributeValue> = {};
  for (const { key, value } of pairs) {
    assert(!Object.hasOwn(attributes, key), `Expected ${key} once among the attributes`);
    attributes[key] = present(value, key);
  }
  return attributes;
}

function present(value: RawValue | null, of: string): AttributeValue {
  const found = value && anyValue(value);
  assert(found !== null, `Expected a value of ${of}`);
  return found;
}

/** null for a value of no type, as which some encoders send what is not there. */
function anyValue({ stringValue, boolValue, intValue, doubleValue, arrayValue }: RawValue): AttributeValue | null {
  if (intValue !== undefined) return safe(intValue);
  if (arrayValue) return arrayValue.values.map((value) => present(value, 'each place of an array'));
  return stringValue ?? boolValue ?? doubleValue ?? null;
}

function safe(value: bigint): number {
  const number = Number(value);
  assert(Number.isSafeInteger(number), `Expected an integer that a double holds exactly, not ${value}`);
  return number;
}
