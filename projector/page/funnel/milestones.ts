import type { MilestoneAnswer, OnboardingAnswer } from '../../answers/funnel/onboarding.ts';
import { h } from '../dom.ts';
import { duration, time } from '../format.ts';
import type { Route } from '../view.ts';
import { labelOf } from './steps.ts';

/** The milestones of the install: which were reached, when, and how long after the first. */
export function milestoneTable({ steps }: OnboardingAnswer, { href }: Route): HTMLElement {
  return h(
    'table',
    { class: 'milestones' },
    h('caption', {}, 'Milestones of this install, whatever their order'),
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        ...['milestone', 'reached', 'at'].map((title) => h('th', { scope: 'col' }, title)),
        h('th', { scope: 'col', class: 'number' }, 'after the first'),
      ),
    ),
    h(
      'tbody',
      {},
      ...steps.map((step, index) => {
        const rows = href('explain', { what: ['funnel', 'onboarding', String(index + 1)] });
        return h(
          'tr',
          { class: step.reached === 1 ? 'reached' : null },
          h(
            'th',
            { scope: 'row' },
            h('a', { href: rows }, labelOf(step).replace(/^onboarding\./, '')),
            step.optional && h('span', { class: 'conditions' }, 'optional'),
          ),
          h('td', { class: 'mark' }, state(step)),
          h('td', {}, step.at === null ? '-' : time(step.at)),
          h('td', { class: 'number' }, duration(step.median_ms)),
        );
      }),
    ),
  );
}

function state({ reached }: MilestoneAnswer): string {
  if (reached === null) return 'unknown';
  return reached === 1 ? 'yes' : 'not yet';
}
