/** What an attribute was printed as: `Str(codex)` is a text, `Int(3)` a number. */
export type Attributes = Readonly<Record<string, string | number>>;

/** A data point as the debug exporter printed it. */
export interface PrintedPoint {
  readonly resource: Attributes;
  readonly metric: string;
  readonly unit: string;
  /** `Sum`, `Gauge`, `ExponentialHistogram`. */
  readonly type: string;
  /** null for a gauge. */
  readonly temporality: 'Cumulative' | 'Delta' | null;
  readonly monotonic: boolean;
  readonly attributes: Attributes;
  /** As the exporter prints times: `2026-06-01 09:00:00 +0000 UTC`. */
  readonly start: string;
  readonly at: string;
  /** Of a histogram, how many values it holds. */
  readonly value: number;
  /** Of a histogram, the sum of its values. */
  readonly sum: number | null;
}

/** A log record as the debug exporter printed it. */
export interface PrintedRecord {
  readonly resource: Attributes;
  readonly eventName: string;
  readonly at: string;
  readonly attributes: Attributes;
}

/** Reads what a debug exporter of `verbosity: detailed` printed of metrics and logs. */
export function readPrinted(text: string): { points: PrintedPoint[]; records: PrintedRecord[] } {
  const points: PrintedPoint[] = [];
  const records: PrintedRecord[] = [];
  let resource: Attributes = {};
  let metric: Block | null = null;
  for (const block of blocks(text)) {
    if (block.kind.startsWith('Resource')) resource = attributes(block, 'Resource attributes');
    else if (block.kind === 'Metric') metric = block;
    else if (block.kind.endsWith('DataPoints')) points.push(point(resource, metric!, block));
    else if (block.kind === 'LogRecord') records.push(record(resource, block));
  }
  return { points, records };
}

/** `LogRecord #0`, `Metric #1` and the like, with what stands below it. */
interface Block {
  readonly kind: string;
  /** `Timestamp: ...`, by name. */
  readonly fields: Record<string, string>;
  /** `     -> key: value` below a heading such as `Attributes:`, by heading and key. */
  readonly lists: Record<string, Record<string, string>>;
}

function blocks(text: string): Block[] {
  const all: Block[] = [];
  let heading = '';
  for (const line of text.split('\n')) {
    const kind = /^(\w+) #\d+$/.exec(line)?.[1];
    if (kind) all.push({ kind, fields: {}, lists: {} });
    const block = all.at(-1);
    if (kind || !block) continue;
    const [, key, listed] = /^ {5}-> ([^:]+): (.*)$/.exec(line) ?? [];
    const [, name, field] = /^(\w[\w ]*):(?: (.*))?$/.exec(line) ?? [];
    if (key) block.lists[heading]![key] = listed!;
    else if (name && field !== undefined) block.fields[name] = field;
    else if (name) {
      heading = name;
      block.lists[name] = {};
    }
  }
  return all;
}

function point(resource: Attributes, metric: Block, block: Block): PrintedPoint {
  const { Name, Unit, DataType, AggregationTemporality, IsMonotonic } = metric.lists.Descriptor!;
  const { StartTimestamp, Timestamp, Value, Count, Sum } = block.fields;
  return {
    resource,
    metric: Name!,
    unit: Unit!,
    type: DataType!,
    temporality: (AggregationTemporality as PrintedPoint['temporality'] | undefined) ?? null,
    monotonic: IsMonotonic === 'true',
    attributes: attributes(block, 'Data point attributes'),
    start: StartTimestamp!,
    at: Timestamp!,
    value: Number(Value ?? Count),
    sum: Sum === undefined ? null : Number(Sum),
  };
}

function record(resource: Attributes, block: Block): PrintedRecord {
  const { EventName = '', Timestamp } = block.fields;
  return { resource, eventName: EventName, at: Timestamp!, attributes: attributes(block, 'Attributes') };
}

function attributes(block: Block, heading: string): Attributes {
  return Object.fromEntries(
    Object.entries(block.lists[heading] ?? {}).map(([key, printed]) => {
      const [, type, value] = /^(\w+)\((.*)\)$/.exec(printed)!;
      return [key, type === 'Int' ? Number(value) : value!];
    }),
  );
}
