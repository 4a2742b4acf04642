type Child = Node | string | number | null | false;
type Attributes = Readonly<Record<string, string | number | boolean | null | ((event: Event) => void)>>;

/**
 * An element with attributes and children. Functions are listeners, `true` is an attribute without a value, and null or false
 * is none. Texts are texts: nothing is ever read as HTML.
 *
 * @example
 * h('button', { type: 'button', onclick: () => save() }, 'Save');
 */
export function h<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly (Child | readonly Child[])[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(key.replace(/^on/, ''), value);
    else if (value === true) element.setAttribute(key, '');
    else if (value !== null && value !== false) element.setAttribute(key, String(value));
  }
  element.append(...children.flat().flatMap((child) => (child === null || child === false ? [] : [nodeOf(child)])));
  return element;
}

function nodeOf(child: Node | string | number): Node | string {
  return typeof child === 'number' ? String(child) : child;
}

/** A table with a head; cells that are numbers stand to the right. */
export function table(caption: string, head: readonly string[], rows: readonly (readonly Child[])[]): HTMLTableElement {
  return h(
    'table',
    {},
    h('caption', {}, caption),
    h('thead', {}, h('tr', {}, ...head.map((title) => h('th', { scope: 'col' }, title)))),
    h(
      'tbody',
      {},
      ...rows.map((cells) =>
        h('tr', {}, ...cells.map((cell) => h('td', { class: typeof cell === 'number' ? 'number' : null }, cell))),
      ),
    ),
  );
}

/** What stands where there is nothing to show: what that means, and what to do next. */
export function empty(what: string, next: string): HTMLElement {
  return h('section', { class: 'empty' }, h('p', {}, what), h('p', {}, next));
}
