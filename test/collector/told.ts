import type { PrintedPoint, PrintedRecord } from './printed.ts';
import { isRequired } from './required-steps.ts';

type Numbers = Readonly<Record<string, number>>;

/** What metrics tell. Of the steps of funnels the required ones alone, as `required-steps.ts` says. */
export interface Told {
  /** How many events there were of each name. */
  readonly events: Numbers;
  /** How many ends of each cause and certainty. */
  readonly ends: Numbers;
  /** By metric: how many durations there were, and their sum in milliseconds, each by its main attributes. */
  readonly durations: Readonly<Record<string, { readonly counts: Numbers; readonly ms: Numbers }>>;
}

/** What points come to, as whoever stores them would add them up. */
export function toldBy(points: readonly PrintedPoint[]): Told {
  const told = points.filter(({ attributes: of }) => !of['ao.step'] || isRequired(of['ao.funnel'], of['ao.step']));
  const duration = (metric: string, ...by: string[]) => {
    const seconds = Object.entries(sumsOf(told, metric, by, 'sum'));
    return {
      counts: sumsOf(told, metric, by),
      ms: added(seconds.map(([group, sum]) => [group, Math.round(sum * 1_000)])),
    };
  };
  return {
    events: sumsOf(told, 'ao.events', ['ao.event']),
    ends: sumsOf(told, 'ao.session.ends', ['ao.end_cause', 'ao.certainty']),
    durations: {
      'ao.session.wait.duration': duration('ao.session.wait.duration', 'ao.harness'),
      'ao.session.spawn.duration': duration('ao.session.spawn.duration', 'ao.outcome'),
      'ao.funnel.step.duration': duration('ao.funnel.step.duration', 'ao.funnel', 'ao.step'),
    },
  };
}

/** How many events of each name the records stand for. */
export function countsOf(records: readonly PrintedRecord[]): Numbers {
  return added(records.map(({ eventName, attributes }) => [eventName, Number(attributes['ao.count'] ?? 1)]));
}

/** The values of attributes, without those that are not known. */
export function words(...values: readonly unknown[]): string {
  return values.filter((value) => value !== undefined && value !== null).join(' ');
}

/** The sum of the numbers of each name. */
export function added(numbers: readonly (readonly [name: string, number: number])[]): Numbers {
  const sums: Record<string, number> = {};
  for (const [name, number] of numbers) sums[name] = (sums[name] ?? 0) + number;
  return sums;
}

/**
 * How much the series of a metric came to, over all resources, by the values of some attributes. Of cumulative points the last one
 * counts, deltas are added up. `of` says what of a histogram: how many values it holds, or their sum.
 */
function sumsOf(
  points: readonly PrintedPoint[],
  metric: string,
  by: readonly string[],
  of: 'value' | 'sum' = 'value',
): Numbers {
  const series = new Map<string, readonly [group: string, number: number]>();
  for (const { resource, attributes, temporality, [of]: number } of points.filter((point) => point.metric === metric)) {
    const key = JSON.stringify([resource, attributes]);
    const before = temporality === 'Delta' ? (series.get(key)?.[1] ?? 0) : 0;
    series.set(key, [words(...by.map((name) => attributes[name])), before + number!]);
  }
  return added([...series.values()]);
}
