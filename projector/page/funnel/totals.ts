import type { FunnelAnswer } from '../../answers/funnel/answer.ts';
import type { HistogramBucket } from '../../answers/funnel/statistics.ts';
import { h } from '../dom.ts';
import { duration, percent } from '../format.ts';

/** How many entered, and what became of them. */
export function figures({ attempts, converted, open, dropped }: FunnelAnswer): HTMLElement {
  const share = (count: number) => (attempts === 0 ? '' : percent(count / attempts));
  return h(
    'dl',
    { class: 'figures' },
    figure('entered', attempts, ''),
    figure('converted', converted, share(converted)),
    figure('open', open, share(open)),
    figure('dropped', dropped, share(dropped)),
  );
}

function figure(name: string, count: number, share: string): HTMLElement {
  return h('div', { class: name }, h('dt', {}, name), h('dd', {}, count, share && h('small', {}, ` ${share}`)));
}

/** How long it took from the entry to the last required step. */
export function totalTime({ total_time, converted }: FunnelAnswer): HTMLElement | null {
  if (converted === 0) return null;
  const { median_ms, p90_ms, mean_ms, kaplan_meier_median_ms, histogram } = total_time;
  const facts: (readonly [name: string, ms: number | null])[] = [
    ['median', median_ms],
    ['p90', p90_ms],
    ['mean', mean_ms],
    ...(kaplan_meier_median_ms === null ? [] : [['median with those open', kaplan_meier_median_ms] as const]),
  ];
  return h(
    'section',
    { class: 'total-time', 'aria-labelledby': 'total-time' },
    h('h3', { id: 'total-time' }, 'From start to end'),
    h(
      'dl',
      { class: 'facts' },
      ...facts.map(([name, ms]) => h('div', {}, h('dt', {}, name), h('dd', {}, duration(ms)))),
    ),
    histogramTable(histogram),
  );
}

/** The buckets from the first to the last that holds any. */
function histogramTable(buckets: readonly HistogramBucket[]): HTMLElement {
  const first = buckets.findIndex(({ count }) => count > 0);
  const last = buckets.findLastIndex(({ count }) => count > 0);
  const most = Math.max(...buckets.map(({ count }) => count));
  return h(
    'table',
    { class: 'histogram' },
    h('caption', {}, 'How many took how long'),
    h(
      'tbody',
      {},
      ...buckets.slice(first, last + 1).map((bucket) => {
        const drawn = h('span', { class: 'bar', 'aria-hidden': 'true' });
        drawn.style.width = `${(bucket.count / most) * 100}%`;
        return h(
          'tr',
          {},
          h('th', { scope: 'row' }, range(bucket)),
          h('td', { class: 'bars' }, drawn),
          h('td', { class: 'number' }, bucket.count),
        );
      }),
    ),
  );
}

function range({ from_ms, to_ms }: HistogramBucket): string {
  if (to_ms === null) return `${duration(from_ms)} or more`;
  return from_ms === 0 ? `below ${duration(to_ms)}` : `${duration(from_ms)} to ${duration(to_ms)}`;
}
