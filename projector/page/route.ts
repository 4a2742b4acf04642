import type { Query } from './api.ts';
import type { Route } from './view.ts';

/** What stays when one goes to another view: which events are asked about, and the moment by which it is judged. */
const KEPT = ['since', 'project', 'now'];

/** The options of a question that the address asks for in every view. */
export function filtersOf({ params }: Pick<Route, 'params'>): Query {
  return Object.fromEntries(KEPT.map((name) => [name, params.get(name)]));
}

/** The route that a query of an address tells; `shown` is called after going elsewhere. */
export function routeOf(search: string, shown: () => void): Route {
  const params = new URLSearchParams(search);
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
