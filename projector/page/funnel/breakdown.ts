import type { FunnelAnswer } from '../../answers/funnel/answer.ts';
import type { StepAnswer } from '../../answers/funnel/tally.ts';
import { h } from '../dom.ts';
import { percent } from '../format.ts';
import { labelOf } from './steps.ts';

/** The same funnel for each value of a dimension, side by side; each bar is the share of those of that value who entered. */
export function breakdownCharts({ breakdown }: FunnelAnswer, by: string): HTMLElement {
  return h(
    'section',
    { class: 'breakdown', 'aria-labelledby': 'breakdown' },
    h('h3', { id: 'breakdown' }, `By ${by}`),
    h('div', { class: 'multiples' }, ...breakdown.map(({ value, steps }) => chart(value ?? 'unknown', steps))),
  );
}

function chart(value: string, steps: readonly StepAnswer[]): HTMLElement {
  return h(
    'table',
    { class: 'multiple' },
    h('caption', {}, h('strong', {}, value)),
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        h('th', { scope: 'col' }, 'step'),
        h('th', { scope: 'col', class: 'number' }, 'reached'),
        h('th', { scope: 'col', class: 'number' }, 'of first'),
      ),
    ),
    h('tbody', {}, ...steps.map(row)),
  );
}

function row(step: StepAnswer): HTMLElement {
  const drawn = h('span', { class: 'bar', 'aria-hidden': 'true' });
  drawn.style.width = `${(step.converted_from_first ?? 0) * 100}%`;
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, labelOf(step), step.optional && h('span', { class: 'conditions' }, 'optional'), drawn),
    h('td', { class: 'number' }, step.reached),
    h('td', { class: 'number' }, percent(step.converted_from_first)),
  );
}
