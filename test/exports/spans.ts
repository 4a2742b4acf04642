import assert from 'node:assert/strict';
import { expect } from '@jest/globals';
import type { Received } from './receiver.ts';
import type { Metric, MetricsRequest, Temporality } from './requests.ts';

/** From when to when the monotonic sums and the histograms of a request count, in milliseconds UTC. */
export interface Span {
  /** Null where there was nothing to count. */
  readonly temporality: Temporality | null;
  readonly start: number | null;
  readonly time: number;
}

/** The spans of requests in the order in which they came; one that came again is left out. */
export function spansOf(requests: readonly Received[]): Span[] {
  const spans = new Map<string, Span>();
  for (const { body } of requests) {
    assert(body.kind === 'metrics', `Expected metrics, found ${body.kind}`);
    const span = spanOf(body);
    spans.set(JSON.stringify(span), span);
  }
  return [...spans.values()];
}

/** Cumulative points begin at one moment; deltas begin where the ones before ended. */
export function expectWholeSpans(spans: readonly Span[], temporality: string, since: number): void {
  expect(spans.length).toBeGreaterThan(1);
  for (const [place, { start, time, ...span }] of spans.entries()) {
    const before = spans[place - 1]?.time ?? since;
    expect(time).toBeGreaterThan(before);
    if (start === null) continue;
    expect({ ...span, start }).toEqual({ temporality, start: temporality === 'delta' ? before : since });
  }
}

function spanOf(request: MetricsRequest): Span {
  const metrics = request.resources.flatMap(({ scopes }) => scopes.flatMap((scope) => scope.metrics));
  const counting = metrics.filter(isCounting);
  return {
    temporality: one(counting.map(({ temporality }) => temporality)),
    start: one(
      counting.flatMap(({ points }) => points.map(({ startTimeUnixNano }) => milliseconds(startTimeUnixNano))),
    ),
    time: one(metrics.flatMap(({ points }) => points.map(({ timeUnixNano }) => milliseconds(timeUnixNano))))!,
  };
}

type Counting = Exclude<Metric, { type: 'gauge' }>;

function isCounting(metric: Metric): metric is Counting {
  return metric.type === 'exponentialHistogram' || (metric.type === 'sum' && metric.monotonic);
}

/** What all of them are; null where there are none. */
function one<T>(values: readonly T[]): T | null {
  const found = [...new Set(values)];
  assert(found.length <= 1, `Expected one value, found ${found.join(', ')}`);
  return found[0] ?? null;
}

function milliseconds(nanoseconds: bigint): number {
  assert(nanoseconds % 1_000_000n === 0n, `Expected whole milliseconds, found ${nanoseconds}`);
  return Number(nanoseconds / 1_000_000n);
}
