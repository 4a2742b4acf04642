import type { FunnelAnswer } from '../../answers/funnel/answer.ts';
import { type Interval, intervalOf, startOfInterval } from '../../answers/intervals.ts';
import { h } from '../dom.ts';
import { percent } from '../format.ts';
import type { Route } from '../view.ts';
import { type Line, lineChart } from './line-chart.ts';
import { labelOf } from './steps.ts';

/** How it went by the interval of the entry: how many reached each step, or the share of them that reached the last. */
export function trendChart(
  answer: FunnelAnswer,
  interval: Interval,
  { href, params }: Route,
  signal: AbortSignal,
): HTMLElement | null {
  if (answer.trend.length === 0) return null;
  const isShare = params.get('trend') === 'conversion';
  const { from, reached } = everyInterval(answer, interval);
  const lines = isShare ? [conversion(answer, reached)] : answer.steps.map((step, index) => line(step, index, reached));
  const choice = (value: string | null, label: string) => {
    const isChosen = (value !== null) === isShare;
    const id = `trend-${value ?? 'reached'}`;
    return h('a', { href: href('funnel', { trend: value }), id, 'aria-current': isChosen ? 'true' : null }, label);
  };
  return h(
    'section',
    { class: 'trend', 'aria-labelledby': 'trend-title' },
    h('h3', { id: 'trend-title' }, `By ${interval} of entry`),
    h(
      'div',
      { class: 'choice', role: 'group', 'aria-label': 'What is drawn' },
      choice(null, 'reached'),
      choice('conversion', 'conversion'),
    ),
    lineChart({ caption: `By ${interval} of entry`, from, lines, said: isShare ? percent : String }, signal),
  );
}

/** Intervals in which nobody entered are told too. */
function everyInterval({ trend, steps }: FunnelAnswer, interval: Interval) {
  const counts = new Map(trend.map(({ from, reached }) => [intervalOf(from, interval), reached]));
  const [first, last] = [Math.min(...counts.keys()), Math.max(...counts.keys())];
  const numbers = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  return {
    from: numbers.map((number) => startOfInterval(number, interval)),
    reached: numbers.map((number) => counts.get(number) ?? steps.map(() => 0)),
  };
}

function line(step: FunnelAnswer['steps'][number], index: number, reached: readonly (readonly number[])[]): Line {
  return { label: labelOf(step), values: reached.map((counts) => counts[index]!) };
}

/** Of the last required step; nothing where nobody entered. */
function conversion({ steps }: FunnelAnswer, reached: readonly (readonly number[])[]): Line {
  const last = steps.findLastIndex(({ optional }) => !optional);
  const values = reached.map((counts) => (counts[0] === 0 ? null : counts[last]! / counts[0]!));
  return { label: `reached ${labelOf(steps[last]!)}`, values };
}
