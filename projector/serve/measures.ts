import { type HrTime, ValueType } from '@opentelemetry/api';
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AggregationTemporality, DataPointType, type GaugeMetricData } from '@opentelemetry/sdk-metrics';
import { eventByCode } from '../../projections/vocabulary.ts';
import type { Source } from '../answers/source.ts';
import type { StatusAnswer } from '../answers/status.ts';

interface Measure {
  readonly name: string;
  readonly description: string;
  readonly points: readonly { readonly attributes: Readonly<Record<string, string>>; readonly value: number }[];
}

/** How the projector and what it derives stand, as text that Prometheus reads. */
export function measuresText(source: Source, status: StatusAnswer): string {
  const time: HrTime = [Math.floor(status.now / 1_000), (status.now % 1_000) * 1e6];
  const metrics = measures(source, status).map(({ name, description, points }): GaugeMetricData => {
    return {
      descriptor: { name, description, unit: '', valueType: ValueType.DOUBLE },
      dataPointType: DataPointType.GAUGE,
      aggregationTemporality: AggregationTemporality.CUMULATIVE,
      dataPoints: points.map((point) => ({ ...point, startTime: time, endTime: time })),
    };
  });
  const serializer = new PrometheusSerializer(undefined, false, undefined, true, true);
  return serializer.serialize({
    resource: resourceFromAttributes({}),
    scopeMetrics: [{ scope: { name: 'ao-projector' }, metrics }],
  });
}

function measures({ derived }: Source, { streams, gaps, as_of, rejected }: StatusAnswer): Measure[] {
  const events = derived.prepare<[], { code: number; count: number }>(
    'SELECT id % 64 AS code, count(*) AS count FROM event GROUP BY code',
  );
  const named = Object.entries(streams ?? {});
  return [
    {
      name: 'ao_events',
      description: 'Derived events by name; they can be taken back.',
      points: events.all().map(({ code, count }) => ({ attributes: { name: eventByCode(code).name }, value: count })),
    },
    {
      name: 'ao_projector_lag_rows',
      description: 'Rows of the daemon that were not read yet.',
      points: named.flatMap(([stream, { lag_rows }]) => (lag_rows === null ? [] : [point({ stream }, lag_rows)])),
    },
    {
      name: 'ao_projector_lag_seconds',
      description: 'How long the first of them has waited.',
      points: named.flatMap(([stream, { lag_ms }]) => (lag_ms === null ? [] : [point({ stream }, lag_ms / 1_000)])),
    },
    {
      name: 'ao_projector_position',
      description: 'The last position that was folded in.',
      points: named.map(([stream, { position }]) => point({ stream }, position)),
    },
    { name: 'ao_projector_rejected_rows', description: 'Rows that did not fit.', points: [point({}, rejected)] },
    { name: 'ao_projector_gaps', description: 'Ranges of positions without rows.', points: [point({}, gaps.length)] },
    {
      name: 'ao_projector_unexplained_gaps',
      description: 'Those by which answers may lack rows.',
      points: [point({}, as_of?.unexplained_gaps ?? 0)],
    },
  ];
}

function point(attributes: Readonly<Record<string, string>>, value: number) {
  return { attributes, value };
}
