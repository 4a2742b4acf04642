import { empty, h } from '../dom.ts';
import { part } from '../figures.ts';
import { duration, time } from '../format.ts';
import type { Shown, View } from '../view.ts';
import { EventsAround } from './events-around.ts';
import { Filling } from './filling.ts';
import { Player } from './player.ts';
import { FUNNELS, type Recording, recordingOf } from './recording.ts';
import { momentAt, PLACES, placeOf, SPEEDS, speedFor } from './span.ts';
import { Steps } from './steps.ts';
import { Strip } from './strip.ts';

/** The address tells the moment once it has stayed for so long; browsers refuse addresses that change all the time. */
const SETTLED_MS = 300;

/** What happened, played again: the funnel as it filled, and the events around the moment. */
export const playbackView: View = {
  name: 'playback',
  title: 'Playback',
  question: 'How did it come to be?',
  async show(shown: Shown): Promise<void> {
    const { place } = shown;
    const recording = await recordingOf(shown);
    if (recording) return draw(shown, recording);
    place.append(
      empty(
        'Nothing happened that could be played.',
        'Start `ao-projector run` beside the daemon, or ask about more days.',
      ),
    );
  },
};

function draw({ place, route, filters, signal }: Shown, { name, funnel, ways, span }: Recording): void {
  const filling = new Filling(ways, funnel.steps.length);
  const steps = new Steps(funnel);
  const strip = new Strip(filling, span);
  const around = new EventsAround(route, filters, signal);
  const at = Number.parseInt(route.params.get('at') ?? '', 10);
  const start = Number.isNaN(at) ? span.to : at;
  const player = new Player(span, start, speedFor(span), changed, signal);
  let settling: ReturnType<typeof setTimeout> | undefined;

  const slider = h('input', {
    ...{ type: 'range', id: 'moment', 'aria-label': 'moment', min: 0, max: PLACES, step: 1 },
    oninput: () => player.seek(momentAt(span, Number(slider.value))),
  });
  const moment = h('output', { for: 'moment', class: 'moment' });
  const play = button('play', 'Play', () => (player.isPlaying ? player.pause() : player.play()));
  place.append(
    h(
      'div',
      { class: 'timeline' },
      ...[moment, strip.element, slider, h('div', { class: 'ends' }, time(span.from), time(span.to))],
    ),
    h(
      'div',
      { class: 'controls' },
      ...[button('previous', 'Previous event', () => step(around.previous)), play],
      ...[button('next', 'Next event', () => step(around.next)), speedChoice(), funnelChoice()],
    ),
    part('The funnel as it was then', steps.element),
    part('Events around that moment', around.element),
  );
  show();

  function show(): void {
    const { at, isPlaying } = player;
    slider.value = String(placeOf(span, at));
    slider.setAttribute('aria-valuetext', time(at).textContent);
    moment.replaceChildren(time(at));
    play.replaceChildren(isPlaying ? 'Pause' : 'Play');
    strip.show(at);
    steps.show(filling.at(at));
    around.look(at);
  }

  function changed(): void {
    show();
    clearTimeout(settling);
    settling = setTimeout(() => {
      if (!signal.aborted) history.replaceState(null, '', route.href('playback', { at: String(player.at) }));
    }, SETTLED_MS);
  }

  function step(to: number | null): void {
    player.pause();
    if (to !== null) player.seek(to);
  }

  function speedChoice(): HTMLElement {
    const choose = (event: Event) => {
      player.speed = Number((event.target as HTMLSelectElement).value);
    };
    const options = SPEEDS.map((speed) =>
      h('option', { value: speed, selected: speed === player.speed }, `${duration(speed)} a second`),
    );
    return h(
      'span',
      { class: 'choice' },
      h('label', { for: 'speed' }, 'speed'),
      h('select', { id: 'speed', onchange: choose }, ...options),
    );
  }

  function funnelChoice(): HTMLElement {
    const choose = (event: Event) =>
      route.go('playback', {
        funnel: (event.target as HTMLSelectElement).value,
        question: null,
        at: String(player.at),
      });
    const known = name === null ? [h('option', { selected: true, disabled: true }, 'of your own')] : [];
    const options = FUNNELS.map((one) => h('option', { value: one, selected: one === name }, one));
    return h(
      'span',
      { class: 'choice' },
      h('label', { for: 'funnel' }, 'funnel'),
      h('select', { id: 'funnel', onchange: choose }, ...known, ...options),
    );
  }
}

function button(id: string, text: string, onclick: () => void): HTMLButtonElement {
  return h('button', { type: 'button', id, onclick }, text);
}
