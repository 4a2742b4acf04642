import type { EventAnswer } from '../../answers/events.ts';
import type { TimelineAnswer } from '../../answers/timeline.ts';
import { ask, Refusal } from '../api.ts';
import { empty, h } from '../dom.ts';
import { lookUp } from '../look-up.ts';
import type { Shown, View } from '../view.ts';
import { lives } from './lives.ts';
import { timeLine } from './time-line.ts';

/** What happened to one session or PR, event by event: `id` is its raw id, its URL or its hash. */
export const subjectView: View = {
  name: 'subject',
  title: 'Timeline',
  question: 'What happened to it?',
  isWhole: () => true,
  async show(shown: Shown): Promise<void> {
    const { place, route } = shown;
    const id = route.params.get('id');
    const search = lookUp('Session or PR', 'web-1', (text) => route.go('subject', { id: text, kind: null }));
    if (id === null) {
      const next = 'Look one up by its id or URL, or choose one from the funnel: a step leads to those who reached it.';
      place.append(search, empty('A timeline is of one session or PR.', next));
      return;
    }
    const answer = await timelineOf(id, shown);
    const name = answer.raw ?? answer.subject;
    document.title = `${name} · ${document.title}`;
    place.append(
      search,
      h('h3', { class: 'name' }, name),
      h('p', {}, h('a', { href: route.href('explain', { what: id }) }, 'Why it came no further')),
      lives(answer.incarnations),
      answer.events.length > 0 ? timeLine(answer, eventLink) : h('p', {}, 'No event.'),
    );

    function eventLink({ name: event, cause_position, cause_stream }: EventAnswer): string {
      return route.href('explain', { what: `${event}@${cause_position}@${cause_stream}` });
    }
  },
};

/** What is a hash may be of either: where no session has it, a PR may. */
async function timelineOf(id: string, { route, filters, signal }: Shown): Promise<TimelineAnswer> {
  const kind = route.params.get('kind') ?? (id.includes('://') ? 'pr' : null);
  try {
    return await ask<TimelineAnswer>([kind ?? 'session', id], { ...filters }, signal);
  } catch (error) {
    if (kind !== null || !/^[0-9a-f]+$/.test(id) || !(error instanceof Refusal)) throw error;
    return ask<TimelineAnswer>(['pr', id], { ...filters }, signal);
  }
}
