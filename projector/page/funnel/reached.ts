import type { ReachedSubject } from '../../answers/funnel/ask.ts';
import type { StepAnswer } from '../../answers/funnel/tally.ts';
import { h } from '../dom.ts';
import { duration, shortHash, time } from '../format.ts';
import { inPortions } from '../portions.ts';
import type { Route } from '../view.ts';
import { labelOf } from './steps.ts';

/** Kinds of subjects that have a timeline. */
const TOLD = ['session', 'pr'];

/** Who reached a step, each with the way to its timeline, and how long after its entry it came to each step. */
export function reachedList(
  reached: readonly ReachedSubject[],
  steps: readonly StepAnswer[],
  subject: string,
  { href }: Route,
): HTMLElement {
  const body = h('tbody', {});
  const kind = TOLD.includes(subject) ? subject : null;
  return h(
    'div',
    {},
    h(
      'div',
      { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Who reached it' },
      h(
        'table',
        {},
        h('caption', {}, 'How long after the entry each came to a step; each time leads to the row that says so'),
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            h('th', { scope: 'col' }, subject),
            h('th', { scope: 'col' }, 'entered at'),
            ...steps.slice(1).map((step) => h('th', { scope: 'col', class: 'number' }, labelOf(step))),
          ),
        ),
        body,
      ),
    ),
    inPortions(reached, body, row),
  );

  function row({ subject: id, raw, entered_at, steps: times }: ReachedSubject): HTMLElement {
    const name = raw ?? shortHash(id);
    return h(
      'tr',
      {},
      h('th', { scope: 'row' }, kind ? h('a', { href: href('subject', { id: raw ?? id, kind }) }, name) : name),
      h('td', {}, time(entered_at)),
      ...times
        .slice(1)
        .map((step) =>
          h(
            'td',
            { class: 'number' },
            step === null
              ? '-'
              : h(
                  'a',
                  { href: href('explain', { what: step.event_id }), title: new Date(step.at).toISOString() },
                  `+${duration(Math.max(0, step.at - entered_at))}`,
                ),
          ),
        ),
    );
  }
}
