import protobuf from 'protobufjs';
import protojson from 'protobufjs/ext/protojson.js';

/**
 * The parts of OTLP 1.x that exports use. Numbers and types are those of opentelemetry-proto; names of packages are not part
 * of what is sent, so all stands in one.
 */
const DESCRIPTION = `
syntax = "proto3";
package otlp;

message ExportMetricsServiceRequest { repeated ResourceMetrics resource_metrics = 1; }
message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scope_metrics = 2; string schema_url = 3; }
message ScopeMetrics { InstrumentationScope scope = 1; repeated Metric metrics = 2; string schema_url = 3; }
message Metric {
  string name = 1;
  string description = 2;
  string unit = 3;
  oneof data {
    Gauge gauge = 5;
    Sum sum = 7;
    ExponentialHistogram exponential_histogram = 10;
  }
}
message Gauge { repeated NumberDataPoint data_points = 1; }
message Sum {
  repeated NumberDataPoint data_points = 1;
  AggregationTemporality aggregation_temporality = 2;
  bool is_monotonic = 3;
}
message ExponentialHistogram {
  repeated ExponentialHistogramDataPoint data_points = 1;
  AggregationTemporality aggregation_temporality = 2;
}
enum AggregationTemporality {
  AGGREGATION_TEMPORALITY_UNSPECIFIED = 0;
  AGGREGATION_TEMPORALITY_DELTA = 1;
  AGGREGATION_TEMPORALITY_CUMULATIVE = 2;
}
message NumberDataPoint {
  fixed64 start_time_unix_nano = 2;
  fixed64 time_unix_nano = 3;
  oneof value {
    double as_double = 4;
    sfixed64 as_int = 6;
  }
  repeated KeyValue attributes = 7;
  uint32 flags = 8;
}
message ExponentialHistogramDataPoint {
  repeated KeyValue attributes = 1;
  fixed64 start_time_unix_nano = 2;
  fixed64 time_unix_nano = 3;
  fixed64 count = 4;
  optional double sum = 5;
  sint32 scale = 6;
  fixed64 zero_count = 7;
  Buckets positive = 8;
  Buckets negative = 9;
  uint32 flags = 10;
  optional double min = 12;
  optional double max = 13;
  double zero_threshold = 14;
}
message Buckets { sint32 offset = 1; repeated uint64 bucket_counts = 2; }

message ExportLogsServiceRequest { repeated ResourceLogs resource_logs = 1; }
message ResourceLogs { Resource resource = 1; repeated ScopeLogs scope_logs = 2; string schema_url = 3; }
message ScopeLogs { InstrumentationScope scope = 1; repeated LogRecord log_records = 2; string schema_url = 3; }
message LogRecord {
  fixed64 time_unix_nano = 1;
  int32 severity_number = 2;
  string severity_text = 3;
  AnyValue body = 5;
  repeated KeyValue attributes = 6;
  uint32 dropped_attributes_count = 7;
  fixed32 flags = 8;
  fixed64 observed_time_unix_nano = 11;
  string event_name = 12;
}

message Resource { repeated KeyValue attributes = 1; uint32 dropped_attributes_count = 2; }
message InstrumentationScope {
  string name = 1;
  string version = 2;
  repeated KeyValue attributes = 3;
  uint32 dropped_attributes_count = 4;
}
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue {
  oneof value {
    string string_value = 1;
    bool bool_value = 2;
    int64 int_value = 3;
    double double_value = 4;
    ArrayValue array_value = 5;
  }
}
message ArrayValue { repeated AnyValue values = 1; }
`;

const ROOT = protobuf.parse(DESCRIPTION).root;

export type Encoding = 'json' | 'protobuf';

export interface RawMetrics {
  readonly resourceMetrics: readonly {
    readonly resource: RawResource | null;
    readonly scopeMetrics: readonly { readonly scope: RawScope | null; readonly metrics: readonly RawMetric[] }[];
  }[];
}

export interface RawMetric {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly gauge?: { readonly dataPoints: readonly RawNumberPoint[] };
  readonly sum?: {
    readonly dataPoints: readonly RawNumberPoint[];
    readonly aggregationTemporality: number;
    readonly isMonotonic: boolean;
  };
  readonly exponentialHistogram?: {
    readonly dataPoints: readonly RawHistogramPoint[];
    readonly aggregationTemporality: number;
  };
}

export interface RawNumberPoint {
  readonly attributes: readonly RawKeyValue[];
  readonly startTimeUnixNano: bigint;
  readonly timeUnixNano: bigint;
  readonly asInt?: bigint;
  readonly asDouble?: number;
}

export interface RawHistogramPoint {
  readonly attributes: readonly RawKeyValue[];
  readonly startTimeUnixNano: bigint;
  readonly timeUnixNano: bigint;
  readonly count: bigint;
  readonly sum?: number;
  readonly min?: number;
  readonly max?: number;
  readonly scale: number;
  readonly zeroCount: bigint;
  readonly positive: RawBuckets | null;
  readonly negative: RawBuckets | null;
}

export interface RawBuckets {
  readonly offset: number;
  readonly bucketCounts: readonly bigint[];
}

export interface RawLogs {
  readonly resourceLogs: readonly {
    readonly resource: RawResource | null;
    readonly scopeLogs: readonly { readonly scope: RawScope | null; readonly logRecords: readonly RawLogRecord[] }[];
  }[];
}

export interface RawLogRecord {
  readonly timeUnixNano: bigint;
  readonly observedTimeUnixNano: bigint;
  readonly eventName: string;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: RawValue | null;
  readonly attributes: readonly RawKeyValue[];
}

export interface RawResource {
  readonly attributes: readonly RawKeyValue[];
}

export interface RawScope {
  readonly name: string;
  readonly version: string;
}

export interface RawKeyValue {
  readonly key: string;
  readonly value: RawValue | null;
}

/** At most one of these; none is a value that is not there. */
export interface RawValue {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: bigint;
  readonly doubleValue?: number;
  readonly arrayValue?: { readonly values: readonly RawValue[] };
}

/** A metrics request as its bytes say it. Throws where they are no such request, or hold a field that is not described. */
export function decodeMetrics(encoding: Encoding, bytes: Buffer): RawMetrics {
  return decode('ExportMetricsServiceRequest', encoding, bytes) as unknown as RawMetrics;
}

/** A logs request as its bytes say it. Throws where they are no such request, or hold a field that is not described. */
export function decodeLogs(encoding: Encoding, bytes: Buffer): RawLogs {
  return decode('ExportLogsServiceRequest', encoding, bytes) as unknown as RawLogs;
}

function decode(name: string, encoding: Encoding, bytes: Buffer): object {
  const type = ROOT.lookupType(`otlp.${name}`);
  const message = encoding === 'json' ? protojson.fromJsonString(type, bytes.toString('utf8')) : fromBytes(type, bytes);
  return type.toObject(message, { longs: BigInt, defaults: true });
}

function fromBytes(type: protobuf.Type, bytes: Buffer): protobuf.Message {
  const reader = protobuf.Reader.create(bytes);
  reader.discardUnknown = false;
  const message = type.decode(reader);
  refuseUnknown(message);
  return message;
}

/** Receivers step over unknown fields. Here they are refused, in JSON and in protobuf, so that nothing is sent unseen. */
function refuseUnknown(message: protobuf.Message): void {
  if (message.$unknowns) throw new Error(`${message.$type.fullName}: a field that is not described`);
  for (const value of Object.values(message).flat()) if (value instanceof protobuf.Message) refuseUnknown(value);
}
