import { details } from '../answers/details.ts';
import type { EventAnswer } from '../answers/events.ts';
import { h } from './dom.ts';
import { shortHash, shortName, time } from './format.ts';
import { cell, marked, named, tableOf } from './tables.ts';
import type { Route } from './view.ts';

const HEAD = ['at', 'event', 'subject', 'details', 'made by'];

/** Events in the order in which they are given. */
export function eventTable(caption: string, events: readonly EventAnswer[], route: Route): HTMLElement {
  return tableOf(
    'events',
    caption,
    HEAD.map((title) => named(title)),
    events.map((event) => eventRow(event, route)),
  );
}

/** An event with links to its subject and to what stands behind it. */
export function eventRow(event: EventAnswer, route: Route): HTMLTableRowElement {
  const isFailure = event.category === 'failure';
  const made = `${event.cause_stream} ${event.cause_position}`;
  return h(
    'tr',
    { class: isFailure ? 'failed' : null, 'data-event': event.id },
    cell(time(event.at)),
    cell(isFailure ? marked('✕', shortName(event.name), 'failure: ') : shortName(event.name)),
    cell(subjectOf(event, route)),
    h('td', { class: 'details' }, details(event)),
    cell(h('a', { href: route.href('explain', { what: event.id }), 'aria-label': `explain ${made}` }, made)),
  );
}

function subjectOf({ subject_kind, subject, raw }: EventAnswer, route: Route): Node | string {
  if (subject_kind === 'install') return 'install';
  const name = raw?.subject ?? subject;
  const text = shortSubject(name);
  const isTold = subject_kind === 'session' || subject_kind === 'pr';
  return isTold ? h('a', { href: route.href('subject', { id: name, kind: subject_kind }) }, text) : text;
}

/** A session id as it is, a PR by its repository and number, a hash by its beginning. */
export function shortSubject(name: string): string {
  const pull = /^https?:\/\/[^/]+\/(.+)\/(?:pull|merge_requests|-\/merge_requests)\/(\d+)$/.exec(name);
  return pull ? `${pull[1]}#${pull[2]}` : shortHash(name);
}
