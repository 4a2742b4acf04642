import type { Query } from './api.ts';

/** Where the page is: all that it shows is told by its address, so that it can be shared, kept and gone back to. */
export interface Route {
  readonly params: URLSearchParams;
  /** Goes to another view, or to the same with other parameters; those that are null are left out, others stay in a view. */
  readonly go: (view: string, params: Query) => void;
  /** The address of that, for links; one with `#id` leads to the element with that id, once it is shown. */
  readonly href: (view: string, params: Query) => string;
}

/** Options that every question is asked with, as the address has them; null where it has none. */
export type Filters = Readonly<Record<'since' | 'project' | 'now', string | null>>;

/**
 * What a view is handed. A link of `href` leads there without loading the page anew. What has the focus keeps it when the same view
 * is shown again, if it has an id.
 */
export interface Shown {
  /** What it fills; it is empty, and what was shown before stays until it no longer is. */
  readonly place: HTMLElement;
  readonly route: Route;
  /** Options that every question of the view is asked with. */
  readonly filters: Filters;
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
  /** The name of the view that it is offered within; it is offered itself where this is left out. */
  readonly within?: string;
  /** Whether it tells of one thing, whole, whatever events are asked about elsewhere: then it has no filters but `now`. */
  readonly isWhole?: (params: URLSearchParams) => boolean;
  show(shown: Shown): Promise<void>;
}
