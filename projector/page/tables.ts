import { h } from './dom.ts';

type Cell = Node | string | number;

/**
 * A table of a kind, which is scrolled within its place where that is too narrow, by keyboard as well.
 *
 * @example
 * tableOf('starts', '7 starts', [named('started'), counted('found dead')], rows);
 */
export function tableOf(
  kind: string,
  caption: string,
  head: readonly HTMLElement[],
  rows: readonly HTMLElement[],
): HTMLElement {
  const table = h(
    'table',
    { class: kind },
    h('caption', {}, caption),
    h('thead', {}, h('tr', {}, ...head)),
    h('tbody', {}, ...rows),
  );
  return scrolling(caption, table);
}

/** What may be wider than its place. */
export function scrolling(name: string, content: HTMLElement): HTMLElement {
  const isReached = content.querySelector('a, button, summary') !== null;
  const reach = isReached ? {} : { tabindex: '0', role: 'region', 'aria-label': name };
  return h('div', { class: 'scroll', ...reach }, content);
}

/** The head of a column. */
export function named(title: string, ...more: readonly Node[]): HTMLElement {
  return h('th', { scope: 'col' }, title, ...more);
}

/** The head of a column of numbers. */
export function numbered(title: string): HTMLElement {
  return h('th', { scope: 'col', class: 'number' }, title);
}

/** The head of a row. */
export function heading(...children: readonly Cell[]): HTMLElement {
  return h('th', { scope: 'row' }, ...children);
}

export function cell(...children: readonly Cell[]): HTMLElement {
  return h('td', {}, ...children);
}

/** What is not known or none is a dash. */
export function number(value: Cell | null): HTMLElement {
  return h('td', { class: 'number' }, value === null || value === 0 ? '-' : value);
}

/** A drawing of the number beside it; its column needs no name. */
export function drawn(drawing: Node | null = null): HTMLElement {
  return h('td', { class: 'drawn' }, drawing);
}

/** For whoever hears the page. */
export function unseen(text: string): HTMLElement {
  return h('span', { class: 'unseen' }, text);
}

/** A text with a sign before it, and what the sign says for whoever does not see it, where the text does not say it. */
export function marked(sign: string, text: string, says = ''): HTMLElement {
  return h('span', { class: 'marked' }, h('span', { 'aria-hidden': 'true' }, `${sign}\u00a0`), unseen(says), text);
}
