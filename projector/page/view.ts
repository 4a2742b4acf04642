import type { Query } from './api.ts';

/** Where the page is: all that it shows is told by its address, so that it can be shared, kept and gone back to. */
export interface Route {
  readonly params: URLSearchParams;
  /** Goes to another view, or to the same with other parameters; those that are null are left out, others stay in a view. */
  readonly go: (view: string, params: Query) => void;
  /** The address of that, for links. */
  readonly href: (view: string, params: Query) => string;
}

/** What a view is handed. */
export interface Shown {
  /** What it fills; it is empty. */
  readonly place: HTMLElement;
  readonly route: Route;
  /** Options that every question of the view is asked with. */
  readonly filters: Query;
  /** Aborted when the view is left. */
  readonly signal: AbortSignal;
}

/** One of the views. It may throw: the page then says what went wrong. */
export interface View {
  /** Its name in the address. */
  readonly name: string;
  readonly title: string;
  /** The question that it answers. */
  readonly question: string;
  show(shown: Shown): Promise<void>;
}
