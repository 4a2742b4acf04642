/** An element of an XML text, with the text that stands directly in it. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly text: string;
}

const MARKUP =
  /<!--(?:(?!--)[\s\S])*-->|<[?][\s\S]*?[?]>|<!DOCTYPE[^>]*>|<(?<closing>\/?)(?<name>[A-Za-z][\w.-]*)(?<attributes>(?:\s+[\w:]+="[^"<]*")*)\s*(?<empty>\/?)>|(?<text>[^<]+)/y;

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Reads an XML text; throws where it is not well formed. Knows no CDATA and no DTD. */
export function parseXml(xml: string): Element {
  const document = element('');
  const open = [document];
  MARKUP.lastIndex = 0;
  for (let at = 0; at < xml.length; at = MARKUP.lastIndex) {
    const groups = MARKUP.exec(xml)?.groups;
    if (!groups) throw new Error(`Expected markup, found ${JSON.stringify(xml.slice(at, at + 20))}`);
    const { closing, name, attributes, empty, text } = groups;
    const inside = open.at(-1)!;
    if (text !== undefined) inside.text += unescaped(text);
    else if (closing) {
      if (inside.name !== name) throw new Error(`Expected the end of ${inside.name}, found that of ${name}`);
      open.pop();
    } else if (name !== undefined) {
      const child = element(name, attributes);
      inside.children.push(child);
      if (!empty) open.push(child);
    }
  }
  const [root, second] = document.children;
  if (open.length > 1) throw new Error(`Expected the end of ${open.at(-1)!.name}, found the end of the text`);
  if (!root || second || document.text.trim() !== '') throw new Error('Expected one element that holds all others');
  return root;
}

/** The element that names lead to, one inside the other. */
export function at(root: Element, ...names: string[]): Element {
  return names.reduce((inside, name) => {
    const child = inside.children.find((one) => one.name === name);
    if (!child) throw new Error(`Expected ${name} in ${inside.name}`);
    return child;
  }, root);
}

/** What an element of a property list says: a string, a number, a boolean, a list or a dictionary. */
export function plistValue({ name, text, children }: Element): unknown {
  if (name === 'string') return text;
  if (name === 'integer') return Number(text);
  if (name === 'true' || name === 'false') return name === 'true';
  if (name === 'array') return children.map(plistValue);
  if (name !== 'dict') throw new Error(`Expected a value, found ${name}`);
  const values: Record<string, unknown> = {};
  for (let index = 0; index < children.length; index += 2) {
    if (children[index]!.name !== 'key') throw new Error(`Expected a key, found ${children[index]!.name}`);
    values[children[index]!.text] = plistValue(children[index + 1]!);
  }
  return values;
}

/** An element while it is read. */
interface Draft extends Element {
  readonly children: Draft[];
  text: string;
}

function element(name: string, attributes = ''): Draft {
  const found = [...attributes.matchAll(/([\w:]+)="([^"]*)"/g)].map(([, key, value]) => [key, unescaped(value!)]);
  if (new Set(found.map(([key]) => key)).size < found.length)
    throw new Error(`Expected each attribute of ${name} once`);
  return { name, attributes: Object.fromEntries(found), children: [], text: '' };
}

function unescaped(text: string): string {
  return text.replace(/&(\w*;?)/g, (found, name: string) => {
    const character = name.endsWith(';') ? ENTITIES[name.slice(0, -1)] : undefined;
    if (character === undefined) throw new Error(`Expected an entity, found ${found}`);
    return character;
  });
}
