import { h } from '../dom.ts';

/** A paragraph in which what stands between backticks is a word of the program. */
export function prose(text: string): HTMLElement {
  return h('p', { class: 'prose' }, ...words(text));
}

export function words(text: string): (string | HTMLElement)[] {
  return text.split('`').map((piece, index) => (index % 2 === 1 ? h('code', {}, piece) : piece));
}
