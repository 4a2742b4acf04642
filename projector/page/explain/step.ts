import type { ExplainedStep, MissedStep } from '../../answers/explain/step.ts';
import { h } from '../dom.ts';
import { shortName } from '../format.ts';
import type { Route } from '../view.ts';
import { words } from './prose.ts';

/** The step of a funnel that is explained. */
export function explainedStep({ funnel, step, events, reached }: ExplainedStep, { href }: Route): HTMLElement[] {
  const names = events.map(shortName).join(' or ');
  return [
    h('h3', { class: 'name' }, `${reached} reached ${names}`),
    h(
      'p',
      {},
      `Step ${step} of the `,
      h('a', { href: href('funnel', { funnel, step: String(step) }) }, `funnel ${funnel}`),
    ),
  ];
}

const NAMES: Readonly<Record<MissedStep['what'], string>> = {
  open: 'open',
  dropped: 'dropped',
  passed_by: 'passed it by',
};

/** What became of those who did not reach it, and what else befell them. */
export function missedSteps(all: readonly MissedStep[]): HTMLElement {
  return h(
    'dl',
    { class: 'why-not' },
    ...all.map(({ what, why, count, beside }) =>
      h('div', {}, h('dt', {}, `${count} ${NAMES[what]}`), h('dd', {}, ...words(why), ...besides(beside))),
    ),
  );
}

function besides(beside: MissedStep['beside']): HTMLElement[] {
  if (beside.length === 0) return [];
  const counts = beside.map(({ value, count }) => `${shortName(value ?? 'unknown')} ${count}`);
  return [h('span', { class: 'near' }, `How many of them have each: ${counts.join(', ')}.`)];
}
