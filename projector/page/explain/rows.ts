import type { ExplainedRow } from '../../answers/explain/rows.ts';
import { h } from '../dom.ts';
import { shortHash, time } from '../format.ts';
import { inPortions } from '../portions.ts';

/** The rows of the daemon that stand behind an answer. */
export function rowTable(rows: readonly ExplainedRow[]): HTMLElement {
  if (rows.length === 0) return h('p', {}, 'None.');
  const body = h('tbody', {});
  const table = h(
    'table',
    { class: 'rows' },
    h(
      'thead',
      {},
      h('tr', {}, ...['row', 'at', 'kind', 'fields', 'which is'].map((title) => h('th', { scope: 'col' }, title))),
    ),
    body,
  );
  const scroll = h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Rows' }, table);
  return h('div', {}, scroll, inPortions(rows, body, row));
}

function row({ stream, position, at, kind, fields, role, unread }: ExplainedRow): HTMLElement {
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, `${stream} ${position}`),
    h('td', {}, at === null ? '-' : time(at)),
    h('td', {}, kind ?? `(${unread})`),
    h('td', { class: 'fields' }, ...Object.entries(fields).map(([name, value]) => field(name, String(value)))),
    h('td', {}, role),
  );
}

function field(name: string, value: string): HTMLElement {
  const short = shortHash(value);
  return h('span', { title: short === value ? null : value }, `${name}=${short}`);
}

/** A row in words, where there is no room for a table. */
export function rowWords({ stream, position, at, role }: ExplainedRow): (string | HTMLElement)[] {
  return [`${role}, ${stream} ${position}`, ...(at === null ? [] : [' at ', time(at)])];
}
