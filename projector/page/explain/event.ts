import type { EventAnswer } from '../../answers/events.ts';
import type { TriedCause } from '../../answers/explain/causes.ts';
import type { EventExplanation } from '../../answers/explain/event.ts';
import { h } from '../dom.ts';
import { duration, shortHash, time } from '../format.ts';
import type { Route } from '../view.ts';
import { words } from './prose.ts';

/** The event that is explained, and how the cause of an end was looked for. */
export function explainedEvent({ answer, causes }: EventExplanation, route: Route): HTMLElement[] {
  const { name, at, dimensions, measures } = answer;
  const facts = [
    ...Object.entries(dimensions).flatMap(([key, value]) => (value === null ? [] : [[key, value] as const])),
    ...Object.entries(measures).map(
      ([key, value]) => [key, key.endsWith('_ms') ? duration(value) : String(value)] as const,
    ),
  ];
  return [
    h('h3', { class: 'name' }, name),
    h('p', {}, ...subject(answer, route), ' at ', time(at)),
    h('dl', { class: 'facts' }, ...facts.map(([key, value]) => h('div', {}, h('dt', {}, key), h('dd', {}, value)))),
    ...(causes.length > 0 ? [causeList(causes)] : []),
  ];
}

/** Whom it befell, with the way to its timeline where it has one. */
function subject({ subject_kind, subject: hash, raw }: EventAnswer, { href }: Route): (string | HTMLElement)[] {
  const id = raw?.subject ?? hash;
  const name = raw?.subject ?? shortHash(hash);
  if (subject_kind !== 'session' && subject_kind !== 'pr') return [`of ${subject_kind} ${name}`];
  return [`of ${subject_kind} `, h('a', { href: href('subject', { id, kind: subject_kind }) }, name)];
}

function causeList(causes: readonly TriedCause[]): HTMLElement {
  return h(
    'section',
    { class: 'part', 'aria-labelledby': 'causes' },
    h('h4', { id: 'causes' }, 'Causes, in the order in which they are tried'),
    h('ol', { class: 'causes' }, ...causes.map(causeItem)),
  );
}

function causeItem({ cause, rule, held }: TriedCause): HTMLElement {
  const state = held === null ? 'not tried' : held ? 'held' : 'did not hold';
  return h(
    'li',
    { class: held ? 'held' : null },
    h('strong', {}, cause),
    ` ${state}. `,
    ...(held === null ? [] : words(rule)),
  );
}
