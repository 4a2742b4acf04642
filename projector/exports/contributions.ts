import { bucketOf } from './histogram.ts';
import { countedFields, type ExportRecord } from './record.ts';
import type { StepDuration } from './steps.ts';
import { type Contribution, METRICS, type MetricName } from './totals.ts';

/** Exact durations of an event, in milliseconds; a record has them in buckets. */
export interface Durations {
  readonly dwell_ms?: number | undefined;
  readonly duration_ms?: number | undefined;
  readonly steps: readonly StepDuration[];
}

/** What a settled event adds to the metrics. */
export function contributionsOf(record: ExportRecord, { dwell_ms, duration_ms, steps }: Durations): Contribution[] {
  const { name, fields } = record;
  const counted = countedFields(record);
  const { harness, session_kind } = counted;
  const ofSession = { ...(harness && { harness }), ...(session_kind && { session_kind }) };
  const count = typeof fields.window_start === 'number' ? Number(fields.count) : 1;
  const added: Contribution[] = [
    { metric: METRICS.events, attributes: { event: name, ...counted }, bucket: 0, count, sum: 0 },
  ];
  if (name === 'ao.session.waiting_input_exited' && dwell_ms !== undefined) {
    added.push(observed(METRICS.wait, ofSession, dwell_ms));
  }
  if (duration_ms !== undefined && (name === 'ao.session.spawned' || name === 'ao.spawn.failed')) {
    const outcome = name === 'ao.spawn.failed' ? 'failed' : 'launched';
    added.push(observed(METRICS.spawn, { ...ofSession, outcome }, duration_ms));
  }
  for (const { funnel, step, durationMs } of steps) {
    added.push(observed(METRICS.step, { ...ofSession, funnel, step }, durationMs));
  }
  return added;
}

function observed(metric: MetricName, attributes: Contribution['attributes'], durationMs: number): Contribution {
  return { metric, attributes, bucket: bucketOf(durationMs), count: 1, sum: durationMs };
}
