import type { Query } from './api.ts';
import type { Filters, Route } from './view.ts';

/** What stays when one goes to another view: which events are asked about, and the moment by which it is judged. */
const KEPT = ['since', 'project', 'now'];

/** The options of a question that the address asks for in every view; of a view that tells of one thing the moment alone. */
export function filtersOf({ params }: Pick<Route, 'params'>, isWhole: boolean): Filters {
  const asked = (name: string) => (isWhole ? null : params.get(name));
  return { since: asked('since'), project: asked('project'), now: params.get('now') };
}

/** The route that a query of an address tells, to `first` where it names no view; `shown` is called after going elsewhere. */
export function routeOf(search: string, first: string, shown: () => void): Route {
  const params = new URLSearchParams(search);
  if (!params.has('view')) params.set('view', first);
  const href = (view: string, query: Query) => {
    const isSame = view === params.get('view');
    const next = new URLSearchParams([...params].filter(([name]) => isSame || KEPT.includes(name)));
    next.set('view', view);
    for (const [name, value] of Object.entries(query)) {
      next.delete(name);
      for (const one of value === null ? [] : [value].flat()) next.append(name, one);
    }
    return `?${next}`;
  };
  const go = (view: string, query: Query) => {
    history.pushState(null, '', href(view, query));
    shown();
  };
  return { params, go, href };
}
