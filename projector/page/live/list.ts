import type { EventAnswer } from '../../answers/events.ts';
import { eventRow, eventTable } from '../event-table.ts';
import type { Route } from '../view.ts';

/** The latest events that came, the newest first, each once. While it is paused those that come are held back. */
export class LiveList {
  readonly element: HTMLElement;
  readonly #rows: HTMLElement;
  readonly #route: Route;
  readonly #most: number;
  readonly #known = new Set<string>();
  #held: EventAnswer[] = [];
  #isPaused = false;

  constructor(route: Route, most: number) {
    this.#route = route;
    this.#most = most;
    this.element = eventTable('Newest first', [], route);
    this.#rows = this.element.querySelector('tbody')!;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** How many are shown. */
  get count(): number {
    return this.#rows.childElementCount;
  }

  get held(): number {
    return this.#held.length;
  }

  /** Takes in events, oldest first; returns how many of them are new here. */
  add(events: readonly EventAnswer[]): number {
    const fresh = events.filter(({ id }) => !this.#known.has(id));
    for (const { id } of fresh) this.#known.add(id);
    if (this.#isPaused) this.#hold(fresh);
    else this.#show(fresh);
    return fresh.length;
  }

  pause(is: boolean): void {
    this.#isPaused = is;
    if (is) return;
    this.#show(this.#held);
    this.#held = [];
  }

  #hold(events: readonly EventAnswer[]): void {
    const held = [...this.#held, ...events];
    this.#held = held.slice(-this.#most);
    for (const { id } of held.slice(0, -this.#most)) this.#known.delete(id);
  }

  #show(events: readonly EventAnswer[]): void {
    this.#rows.prepend(...events.map((event) => eventRow(event, this.#route)).reverse());
    while (this.count > this.#most) {
      const oldest = this.#rows.lastElementChild as HTMLElement;
      this.#known.delete(oldest.dataset.event!);
      oldest.remove();
    }
  }
}
