import { type Durations, type Sums, tally, words } from './expected-sums.ts';
import type { HistogramTotal } from './histogram-total.ts';
import type { Received } from './receiver.ts';
import { totals } from './sums.ts';

/** The histograms, and the attributes by which their observations are told apart here. */
const HISTOGRAMS = {
  'ao.session.wait.duration': () => 'wait',
  'ao.session.spawn.duration': (attributes: Attributes) => `spawn ${attributes['ao.outcome']}`,
  'ao.funnel.step.duration': (attributes: Attributes) => words(attributes['ao.funnel'], attributes['ao.step']),
};

type Attributes = Readonly<Record<string, string>>;

/** What a backend makes of the metrics that it was sent. */
export function receivedSums(requests: readonly Received[]): Sums {
  const found = totals(requests);
  const events = seriesOf(found, 'ao.events') as Series<number>;
  const ends = (seriesOf(found, 'ao.session.ends') as Series<number>).filter(([, count]) => count !== 0);
  return {
    names: tally(events.map(([attributes, count]) => [attributes['ao.event']!, count])),
    kinds: tally(
      events.map(([attributes, count]) => [
        words(attributes['ao.event'], attributes['ao.harness'], attributes['ao.session_kind']),
        count,
      ]),
    ),
    ends: tally(
      ends.map(([attributes, count]) => [words(attributes['ao.end_cause'], attributes['ao.certainty']), count]),
    ),
    durations: durationsOf(found),
  };
}

type Series<Value> = (readonly [attributes: Attributes, value: Value])[];

function seriesOf(found: ReturnType<typeof totals>, metric: string): Series<number | HistogramTotal> {
  return Object.entries(found)
    .filter(([key]) => key.startsWith(`${metric} `))
    .map(([key, value]) => [JSON.parse(key.slice(metric.length + 1)), value]);
}

/** Seconds as the milliseconds that they were: sums of doubles are that much off at most. */
function durationsOf(found: ReturnType<typeof totals>): Record<string, Durations> {
  const durations: Record<string, Durations> = {};
  for (const [metric, named] of Object.entries(HISTOGRAMS)) {
    for (const [attributes, { count, sum }] of seriesOf(found, metric) as Series<HistogramTotal>) {
      const of = named(attributes);
      const before = durations[of] ?? { count: 0, ms: 0 };
      durations[of] = { count: before.count + count, ms: before.ms + Math.round(sum * 1_000) };
    }
  }
  return durations;
}
