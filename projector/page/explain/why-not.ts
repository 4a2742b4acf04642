import type { WhyNot } from '../../answers/explain/explanation.ts';
import { h } from '../dom.ts';
import { shortName } from '../format.ts';
import { words } from './prose.ts';
import { rowWords } from './rows.ts';

/** What is not so, what was looked for, and the row that came nearest. */
export function whyNot(all: readonly WhyNot[]): HTMLElement {
  return h(
    'dl',
    { class: 'why-not' },
    ...all.map(({ what, why, near }) =>
      h(
        'div',
        {},
        h('dt', {}, shortName(what)),
        h('dd', {}, ...words(why), near && h('span', { class: 'near' }, 'Nearest: ', ...rowWords(near), '.')),
      ),
    ),
  );
}
