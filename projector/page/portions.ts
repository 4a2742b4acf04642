import { h } from './dom.ts';

/** So many rows at once: whoever wants more, asks for them. */
const PORTION = 100;

/** Puts the first rows of a list into `body`, and returns what shows more of them. */
export function inPortions<T>(all: readonly T[], body: HTMLElement, row: (one: T) => Node): HTMLElement {
  const more = h('button', { type: 'button', onclick: show });
  const place = h('p', {}, more);
  show();
  return place;

  function show(): void {
    const { length } = body.children;
    body.append(...all.slice(length, length + PORTION).map(row));
    const rest = all.length - body.children.length;
    more.textContent = `Show ${Math.min(rest, PORTION)} more of ${rest}`;
    place.hidden = rest === 0;
  }
}
