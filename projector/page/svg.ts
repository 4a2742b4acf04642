type Attributes = Readonly<Record<string, string | number>>;

const NAMESPACE = 'http://www.w3.org/2000/svg';

/** An element of a drawing, as `h` makes those of the page. */
export function svg<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): SVGElementTagNameMap[Name] {
  const element = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...children);
  return element;
}
