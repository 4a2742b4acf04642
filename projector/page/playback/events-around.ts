import type { EventAnswer } from '../../answers/events.ts';
import { askLines, type Query } from '../api.ts';
import { h } from '../dom.ts';
import { eventRow, eventTable } from '../event-table.ts';
import { failure } from '../failure.ts';
import { time } from '../format.ts';
import type { Route } from '../view.ts';

/** So many events are shown before and after the moment. */
const SHOWN = 8;

/** So many are asked for, which may be of one and the same moment. */
const ASKED = 50;

const COLUMNS = 5;

/** The events around a moment. */
export class EventsAround {
  readonly element: HTMLElement;
  readonly #rows: HTMLElement;
  readonly #route: Route;
  readonly #filters: Query;
  readonly #signal: AbortSignal;
  #wanted: number | null = null;
  #isAsking = false;
  #previous: number | null = null;
  #next: number | null = null;

  constructor(route: Route, filters: Query, signal: AbortSignal) {
    this.#route = route;
    this.#filters = filters;
    this.#signal = signal;
    this.element = eventTable('Oldest first', [], route);
    this.#rows = this.element.querySelector('tbody')!;
    this.element.classList.add('around');
    this.#rows.append(h('tr', {}, h('td', { colspan: COLUMNS }, 'Asking …')));
  }

  /** The moment of the event before the one that is shown, and after it; null where there is none, or it is not known yet. */
  get previous(): number | null {
    return this.#previous;
  }

  get next(): number | null {
    return this.#next;
  }

  /** Shows the events around a moment. Moments that come faster than it is told are left out, but for the last. */
  look(at: number): void {
    this.#wanted = at;
    if (!this.#isAsking) void this.#ask();
  }

  async #ask(): Promise<void> {
    this.#isAsking = true;
    try {
      while (this.#wanted !== null) {
        const at = this.#wanted;
        this.#wanted = null;
        const [before, after] = await Promise.all([
          this.#events({ until: String(at) }),
          this.#events({ since: String(at + 1), oldest: '' }),
        ]);
        this.#show(at, before, after);
      }
    } catch (error) {
      if (!this.#signal.aborted) this.element.replaceChildren(failure(error, () => this.#route.go('playback', {})));
    } finally {
      this.#isAsking = false;
    }
  }

  #events(bounds: Query): Promise<EventAnswer[]> {
    return askLines(['events'], { ...this.#filters, ...bounds, limit: String(ASKED) }, this.#signal);
  }

  #show(at: number, before: readonly EventAnswer[], after: readonly EventAnswer[]): void {
    this.#previous = maximum(before.map((event) => event.at).filter((earlier) => earlier < at));
    this.#next = minimum(after.map((event) => event.at));
    const later = after.slice(0, SHOWN).map((event) => eventRow(event, this.#route));
    for (const row of later) row.classList.add('later');
    this.#rows.replaceChildren(
      ...before.slice(-SHOWN).map((event) => eventRow(event, this.#route)),
      h('tr', { class: 'now' }, h('td', { colspan: COLUMNS }, time(at))),
      ...later,
    );
  }
}

function maximum(times: readonly number[]): number | null {
  return times.length === 0 ? null : Math.max(...times);
}

function minimum(times: readonly number[]): number | null {
  return times.length === 0 ? null : Math.min(...times);
}
