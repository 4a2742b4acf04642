import type { ActivityAnswer } from '../../answers/activity.ts';
import { chart } from '../chart.ts';

/** Who was active in each week: for the first time, again, or after a break; and below the line who was active no more. */
export function lifeCycleChart(cycle: ActivityAnswer['life_cycle'], of: string, signal: AbortSignal): HTMLElement {
  return chart(
    {
      caption: `Life cycle of ${of} by week`,
      every: 'week',
      from: cycle.map(({ from }) => from),
      series: [
        { label: 'new', values: cycle.map((week) => week.new) },
        { label: 'returning', values: cycle.map(({ returning }) => returning) },
        { label: 'resurrecting', values: cycle.map(({ resurrecting }) => resurrecting) },
        { label: 'dormant', values: cycle.map(({ dormant }) => dormant), isBelow: true },
      ],
    },
    signal,
  );
}
