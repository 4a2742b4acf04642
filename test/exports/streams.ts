import { isDeepStrictEqual } from 'node:util';
import { addHistograms, type HistogramTotal, histogramFalls, histogramOf } from './histogram-total.ts';
import type { Attributes, Metric, MetricsRequest, Temporality } from './requests.ts';

export type Value = number | HistogramTotal;

/** One time series: what one resource and scope say of one metric with one set of attributes. */
export interface Stream {
  /** The metric's name and its attributes, as `key` makes it. */
  readonly key: string;
  readonly temporality: Temporality;
  readonly monotonic: boolean;
  readonly points: readonly Point[];
}

interface Point {
  readonly start: bigint;
  readonly time: bigint;
  readonly value: Value;
}

/** The metric's name, and its attributes as JSON in the order of their names. */
export function key(name: string, attributes: Attributes): string {
  return `${name} ${sorted(attributes)}`;
}

/** The streams of all sums and exponential histograms, in the order in which they first came; gauges are none. */
export function streamsOf(requests: readonly MetricsRequest[]): Stream[] {
  const streams = new Map<string, Stream & { readonly points: Point[] }>();
  for (const { attributes, scope, metric } of requests.flatMap(metricsOf)) {
    if (metric.type === 'gauge') continue;
    const { name, unit, type, temporality } = metric;
    const monotonic = type === 'exponentialHistogram' || metric.monotonic;
    for (const point of metric.points) {
      const of = key(name, point.attributes);
      const identity = [sorted(attributes), scope.name, of, unit, type, temporality, monotonic].join(' ');
      const stream = streams.get(identity) ?? { key: of, temporality, monotonic, points: [] };
      const value = 'value' in point ? point.value : histogramOf(point);
      stream.points.push({ start: point.startTimeUnixNano, time: point.timeUnixNano, value });
      streams.set(identity, stream);
    }
  }
  return [...streams.values()];
}

/**
 * What the points of a stream come to. Throws on what nobody could add up: intervals that overlap, points of one interval that
 * differ, a monotonic stream that falls.
 */
export function totalOf(stream: Stream): Value {
  const points = eachOnce(stream);
  const counted = stream.temporality === 'delta' ? points : lastOfEachStart(stream, points);
  for (const [before, point] of pairs(counted))
    if (point.start < before.time) throw mistake(stream, 'intervals that do not overlap', before, point);
  return counted.map(({ value }) => value).reduce(add);
}

export function add(one: Value, other: Value): Value {
  if (typeof one === 'number' && typeof other === 'number') return one + other;
  return addHistograms(one as HistogramTotal, other as HistogramTotal);
}

/** In the order of start and time; a point that came again is left out. */
function eachOnce(stream: Stream): Point[] {
  const points = [...stream.points].sort((a, b) => order(a.start, b.start) || order(a.time, b.time));
  const again = new Set<Point>();
  for (const [before, point] of pairs(points)) {
    if (point.start !== before.start || point.time !== before.time) continue;
    if (!isDeepStrictEqual(point, before)) throw mistake(stream, 'one value of one interval', before, point);
    again.add(point);
  }
  for (const point of points)
    if (stream.monotonic && typeof point.value === 'number' && point.value < 0)
      throw mistake(stream, 'a sum that never falls', point);
  return points.filter((point) => !again.has(point));
}

/** A later start is a reset, after which a stream counts from nothing. */
function lastOfEachStart(stream: Stream, points: readonly Point[]): Point[] {
  for (const [before, point] of pairs(points))
    if (stream.monotonic && point.start === before.start && falls(before.value, point.value))
      throw mistake(stream, 'a sum that never falls', before, point);
  return points.filter((point, index) => points[index + 1]?.start !== point.start);
}

/** Whether something that was counted earlier is not counted later. */
function falls(earlier: Value, later: Value): boolean {
  if (typeof earlier === 'number' && typeof later === 'number') return later < earlier;
  return histogramFalls(earlier as HistogramTotal, later as HistogramTotal);
}

function metricsOf(request: MetricsRequest) {
  return request.resources.flatMap(({ attributes, scopes }) =>
    scopes.flatMap(({ scope, metrics }) => metrics.map((metric: Metric) => ({ attributes, scope, metric }))),
  );
}

function pairs<T>(list: readonly T[]): (readonly [before: T, one: T])[] {
  return list.slice(1).map((one, index) => [list[index]!, one]);
}

function order(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function mistake({ key, temporality }: Stream, expected: string, ...points: Point[]): Error {
  const found = points.map(({ start, time, value }) => `${start} to ${time}: ${JSON.stringify(value)}`).join(', ');
  return new Error(`Expected ${expected} of the ${temporality} ${key}, found ${found}`);
}

function sorted(attributes: Attributes): string {
  return JSON.stringify(Object.fromEntries(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1))));
}
