import type { ExplainedSubject } from '../../answers/explain/subject.ts';
import { h } from '../dom.ts';
import { shortName, time } from '../format.ts';
import { lives } from '../subject/lives.ts';
import type { Route } from '../view.ts';
import { words } from './prose.ts';

/** The session or PR that is explained: how far it has come, and the rule of each of its events. */
export function explainedSubject(
  { subject, raw, incarnations, standing, events }: ExplainedSubject,
  { href }: Route,
): HTMLElement[] {
  const id = raw ?? subject;
  return [
    h('h3', { class: 'name' }, id),
    h('p', {}, h('a', { href: href('subject', { id }) }, 'Its timeline')),
    lives(incarnations),
    h('p', {}, ...standingWords(standing)),
    h(
      'section',
      { class: 'part', 'aria-labelledby': 'events' },
      h('h4', { id: 'events' }, 'Events, each with its rule'),
      h(
        'dl',
        { class: 'why-not' },
        ...events.map(({ name, at, cause_stream, cause_position, rule }) => {
          const what = `${name}@${cause_position}@${cause_stream}`;
          return h(
            'div',
            {},
            h('dt', {}, h('a', { href: href('explain', { what }) }, shortName(name))),
            h('dd', {}, time(at), ' ', ...words(rule)),
          );
        }),
      ),
    ),
  ];
}

function standingWords({ funnel, state, reached, until }: ExplainedSubject['standing']): (string | HTMLElement)[] {
  if (until === null) return [`It is not in the funnel ${funnel}.`];
  const way = reached.map(shortName).join(' → ');
  return [`In the funnel ${funnel}: ${way}; `, h('strong', {}, state), ', with time until ', time(until), '.'];
}
