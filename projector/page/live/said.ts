import type { EventAnswer } from '../../answers/events.ts';
import { h } from '../dom.ts';
import { counted, shortName } from '../format.ts';

/** Whoever hears the page is not told of each event, but every so often of all that came. */
const EVERY_MS = 5_000;

/** Tells of events that came to whoever hears the page, when there is a pause in what is said. */
export class Said {
  readonly element = h('span', { class: 'unseen', 'aria-live': 'polite' });
  #count = 0;
  #last: EventAnswer | null = null;

  constructor(signal: AbortSignal) {
    const telling = setInterval(() => this.#tell(), EVERY_MS);
    signal.addEventListener('abort', () => clearInterval(telling));
  }

  say(event: EventAnswer): void {
    this.#count += 1;
    this.#last = event;
  }

  #tell(): void {
    if (this.#count === 0) return;
    this.element.textContent = `${counted(this.#count, 'new event')}, the last: ${shortName(this.#last!.name)}`;
    this.#count = 0;
  }
}
