import { EVENTS } from '../../../projections/vocabulary.ts';
import type { EventAnswer } from '../../answers/events.ts';
import { askLines, listen } from '../api.ts';
import { empty, h } from '../dom.ts';
import { failure } from '../failure.ts';
import { shortName } from '../format.ts';
import type { Route, Shown, View } from '../view.ts';
import { LiveList } from './list.ts';
import { Said } from './said.ts';

/** So many are shown; older ones go as others come. */
const MOST = 200;

/** Events as they are derived, the newest first. */
export const liveView: View = {
  name: 'live',
  title: 'Live',
  question: 'What is happening now?',
  async show({ place, route, filters, signal }: Shown): Promise<void> {
    const name = route.params.get('name');
    const recent = () => askLines<EventAnswer>(['events'], { ...filters, name, limit: String(MOST) }, signal);
    const list = new LiveList(route, MOST);
    const said = new Said(signal);
    const none = empty('Nothing was derived yet.', 'Start `ao-projector run` beside the daemon, or choose all events.');
    const state = h('span', { class: 'state' }, 'connecting');
    const pause = h(
      'button',
      { type: 'button', id: 'pause', 'aria-pressed': 'false', onclick: () => pauseOrGoOn() },
      'Pause',
    );
    list.add(await recent());
    draw();
    place.append(h('div', { class: 'controls' }, pause, choice(route, name), state, said.element), none, list.element);
    listen({ event: hear, reset: () => void fill(), connected }, signal).catch((error: unknown) => {
      place.replaceChildren(failure(error, () => route.go('live', {})));
    });

    function hear(event: EventAnswer): void {
      if (!isAskedFor(event)) return;
      if (list.add([event]) > 0) said.say(event);
      draw();
    }

    function isAskedFor(event: EventAnswer): boolean {
      const { project } = filters;
      const isOfProject = project === null || event.project === project || event.raw?.project === project;
      return isOfProject && (name === null || event.name === name);
    }

    /** What came between is not told by whoever we listen to now. */
    async function fill(): Promise<void> {
      list.add(await recent());
      draw();
    }

    function connected(is: boolean): void {
      state.replaceChildren(...(is ? ['● connected'] : ['○ not connected, tries again']));
      if (is) void fill();
    }

    function pauseOrGoOn(): void {
      list.pause(!list.isPaused);
      draw();
    }

    function draw(): void {
      none.hidden = list.count > 0;
      list.element.hidden = list.count === 0;
      pause.setAttribute('aria-pressed', String(list.isPaused));
      const held = list.held > 0 ? ` (${list.held} held back)` : '';
      pause.replaceChildren(list.isPaused ? `Go on${held}` : 'Pause');
    }
  },
};

const NAMES = Object.values(EVENTS).map(({ name }) => name);

function choice(route: Route, chosen: string | null): HTMLElement {
  const choose = (event: Event) => route.go('live', { name: (event.target as HTMLSelectElement).value || null });
  return h(
    'span',
    { class: 'choice' },
    h('label', { for: 'name' }, 'events'),
    h(
      'select',
      { id: 'name', onchange: choose },
      h('option', { value: '' }, 'all'),
      ...NAMES.map((name) => h('option', { value: name, selected: name === chosen }, shortName(name))),
    ),
  );
}
