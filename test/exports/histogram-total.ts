import assert from 'node:assert/strict';
import type { Buckets, HistogramPoint } from './requests.ts';

/** A histogram, its buckets by absolute index at `scale`; buckets that nothing fell into are left out. */
export interface HistogramTotal {
  readonly count: number;
  readonly sum: number;
  readonly zeroCount: number;
  readonly scale: number;
  readonly positive: Counts;
  readonly negative: Counts;
}

type Counts = Readonly<Record<number, number>>;

export function histogramOf({ count, sum, zeroCount, scale, positive, negative }: HistogramPoint): HistogramTotal {
  assert(sum !== null, 'Expected a histogram with its sum');
  return { count, sum, zeroCount, scale, positive: byIndex(positive), negative: byIndex(negative) };
}

/** Both together, at the coarser of their scales. */
export function addHistograms(one: HistogramTotal, other: HistogramTotal): HistogramTotal {
  const scale = Math.min(one.scale, other.scale);
  const [a, b] = [coarser(one, scale), coarser(other, scale)];
  return {
    count: a.count + b.count,
    sum: a.sum + b.sum,
    zeroCount: a.zeroCount + b.zeroCount,
    scale,
    positive: addCounts(a.positive, b.positive),
    negative: addCounts(a.negative, b.negative),
  };
}

/** Whether something that was counted earlier is not counted later. */
export function histogramFalls(earlier: HistogramTotal, later: HistogramTotal): boolean {
  const scale = Math.min(earlier.scale, later.scale);
  const [a, b] = [coarser(earlier, scale), coarser(later, scale)];
  const falls = (from: Counts, to: Counts) => Object.keys(from).some((index) => (to[+index] ?? 0) < from[+index]!);
  return b.zeroCount < a.zeroCount || falls(a.positive, b.positive) || falls(a.negative, b.negative);
}

function byIndex({ offset, counts }: Buckets): Counts {
  return Object.fromEntries(counts.map((count, place) => [offset + place, count]).filter(([, count]) => count! > 0));
}

/** Each step down in scale joins two neighbours: those of 2i and 2i + 1 become i, also below zero. */
function coarser(histogram: HistogramTotal, scale: number): HistogramTotal {
  const join = (counts: Counts) => {
    const joined: Record<number, number> = {};
    for (const [index, count] of Object.entries(counts)) {
      const place = Math.floor(+index / 2 ** (histogram.scale - scale));
      joined[place] = (joined[place] ?? 0) + count;
    }
    return joined;
  };
  return { ...histogram, scale, positive: join(histogram.positive), negative: join(histogram.negative) };
}

function addCounts(one: Counts, other: Counts): Counts {
  const sum: Record<number, number> = { ...one };
  for (const [index, count] of Object.entries(other)) sum[+index] = (sum[+index] ?? 0) + count;
  return sum;
}
