import { Refusal, takeToken } from './api.ts';
import { h } from './dom.ts';
import { filtersOf, routeOf } from './route.ts';
import type { View } from './view.ts';
import { VIEWS } from './views.ts';

const content = document.querySelector('main')!;
const nav = document.querySelector('nav')!;
let leave = new AbortController();

/** Shows what the address says. */
async function show(): Promise<void> {
  leave.abort();
  leave = new AbortController();
  const { signal } = leave;
  const route = routeOf(location.search, show);
  const view = VIEWS.find(({ name }) => name === route.params.get('view')) ?? VIEWS[0]!;
  document.title = `${view.title} · ao-projector`;
  nav.replaceChildren(...VIEWS.map((one) => linkTo(one, one === view)));
  const place = h('div', { class: `view ${view.name}`, 'aria-busy': 'true' });
  content.replaceChildren(h('h2', {}, view.question), place);
  try {
    await view.show({ place, route, filters: filtersOf(route), signal });
  } catch (error) {
    if (!signal.aborted) place.replaceChildren(failure(error));
  }
  place.removeAttribute('aria-busy');

  function linkTo({ name, title }: View, isCurrent: boolean): HTMLElement {
    const go = (event: Event) => {
      event.preventDefault();
      route.go(name, {});
    };
    return h('a', { href: route.href(name, {}), 'aria-current': isCurrent ? 'page' : null, onclick: go }, title);
  }
}

function failure(error: unknown): HTMLElement {
  const problem = error instanceof Refusal ? error.problem : null;
  return h(
    'section',
    { class: 'failure', role: 'alert' },
    h('h3', {}, problem?.message ?? String(error)),
    problem && h('p', {}, `Expected ${problem.expected}; found ${problem.found}.`),
    problem && h('p', {}, problem.remedy),
  );
}

takeToken();
addEventListener('popstate', () => void show());
addEventListener('hashchange', () => {
  takeToken();
  void show();
});
void show();
