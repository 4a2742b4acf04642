import { type Durations, type Sums, tally, words } from '../exports/expected-sums.ts';
import type { Attributes, PrintedPoint, PrintedRecord } from './printed.ts';

/** What points come to, as whoever stores them would add them up. */
export function toldBy(points: readonly PrintedPoint[]): Sums {
  const events = seriesOf(points, 'ao.events');
  const ends = seriesOf(points, 'ao.session.ends').filter(({ value }) => value > 0);
  return {
    names: tally(events.map(({ attributes, value }) => [String(attributes['ao.event']), value])),
    kinds: tally(
      events.map(({ attributes, value }) => [valuesOf(attributes, 'ao.event', 'ao.harness', 'ao.session_kind'), value]),
    ),
    ends: tally(ends.map(({ attributes, value }) => [valuesOf(attributes, 'ao.end_cause', 'ao.certainty'), value])),
    durations: {
      ...durationsOf(points, 'ao.session.wait.duration', () => 'wait'),
      ...durationsOf(points, 'ao.session.spawn.duration', (of) => `spawn ${of['ao.outcome']}`),
      ...durationsOf(points, 'ao.funnel.step.duration', (of) => valuesOf(of, 'ao.funnel', 'ao.step')),
    },
  };
}

/** How many events of each name the records stand for. */
export function countsOf(records: readonly PrintedRecord[]): Record<string, number> {
  return tally(records.map(({ eventName, attributes }) => [eventName, Number(attributes['ao.count'] ?? 1)]));
}

/** A series of a metric; of a histogram how many values it holds, and the sum of those. */
interface Series {
  readonly attributes: Attributes;
  readonly value: number;
  readonly sum: number;
}

/** Of cumulative points the last one counts, deltas are added up. */
function seriesOf(points: readonly PrintedPoint[], metric: string): Series[] {
  const series = new Map<string, Series>();
  for (const point of points.filter((one) => one.metric === metric)) {
    const { resource, attributes, temporality, value, sum } = point;
    const key = JSON.stringify([resource, attributes]);
    const before = (temporality === 'Delta' && series.get(key)) || { value: 0, sum: 0 };
    series.set(key, { attributes, value: before.value + value, sum: before.sum + (sum ?? 0) });
  }
  return [...series.values()];
}

/** By what they are durations of. Seconds become the milliseconds that they were. */
function durationsOf(
  points: readonly PrintedPoint[],
  metric: string,
  of: (attributes: Attributes) => string,
): Record<string, Durations> {
  const found: Record<string, Durations> = {};
  for (const { attributes, value, sum } of seriesOf(points, metric)) {
    const { count, ms } = found[of(attributes)] ?? { count: 0, ms: 0 };
    found[of(attributes)] = { count: count + value, ms: ms + Math.round(sum * 1_000) };
  }
  return found;
}

function valuesOf(attributes: Attributes, ...names: readonly string[]): string {
  return words(...names.map((name) => attributes[name]?.toString()));
}
