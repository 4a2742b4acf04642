import type { IncarnationAnswer } from '../../answers/incarnations.ts';
import { h } from '../dom.ts';
import { duration, shortHash, time } from '../format.ts';

/** The lives of a session id, or of the sessions that owned a PR. */
export function lives(incarnations: readonly IncarnationAnswer[]): HTMLElement {
  if (incarnations.length === 0) return h('p', {}, 'No session is known to have owned it.');
  return h('ul', { class: 'lives', 'aria-label': 'Lives' }, ...incarnations.map((one) => h('li', {}, ...life(one))));
}

function life(one: IncarnationAnswer): HTMLElement[] {
  const { raw, subject, created_at, harness, session_kind, spawned, ended_at } = one;
  const facts = [
    fact('created', time(created_at)),
    fact('harness', harness ?? 'unknown'),
    fact('kind', session_kind ?? 'unknown'),
    spawned ? fact('ended', ...end(one)) : fact('spawned', 'no'),
    ended_at === null ? null : fact('lived', duration(Math.max(0, ended_at - created_at))),
  ];
  return [
    h('strong', {}, raw ?? shortHash(subject)),
    h('dl', { class: 'facts' }, ...facts.filter((part) => part !== null)),
  ];
}

function end({ ended_at, end_cause, certainty }: IncarnationAnswer): (Node | string)[] {
  if (ended_at === null) return ['goes on'];
  const why = [end_cause && `cause ${end_cause}`, certainty].filter((word) => word !== null);
  return [time(ended_at), ...why.map((word) => `, ${word}`)];
}

function fact(name: string, ...said: readonly (Node | string)[]): HTMLElement {
  return h('div', {}, h('dt', {}, name), h('dd', {}, ...said));
}
