import type { FunnelAnswer } from '../answers/funnel/answer.ts';
import { ask, hearAnswers, takeToken } from './api.ts';
import { asOf } from './as-of.ts';
import { filterBar, viewLinks } from './bar.ts';
import { h } from './dom.ts';
import { failure } from './failure.ts';
import { filtersOf, routeOf } from './route.ts';
import type { View } from './view.ts';
import { VIEWS } from './views.ts';

const content = document.querySelector('main')!;
const nav = document.querySelector('nav')!;
const filters = document.querySelector('.filters')!;
const foundation = document.querySelector('.as-of')!;
const said = document.querySelector('.said')!;

let shown: View | null = null;
let search: string | null = null;
let leave = new AbortController();
let projects: readonly string[] | null = null;

/** Shows what the address says. */
async function show(): Promise<void> {
  leave.abort();
  leave = new AbortController();
  const { signal } = leave;
  const route = routeOf(location.search, VIEWS[0]!.name, show);
  const view = VIEWS.find(({ name }) => name === route.params.get('view')) ?? VIEWS[0]!;
  const asked = filtersOf(route, view.isWhole?.(route.params) ?? false);
  const focused = document.activeElement === document.body ? null : (document.activeElement?.id ?? '');
  const isElsewhere = shown !== null && view !== shown;
  const place = h('div', { class: `view ${view.name}`, 'aria-busy': 'true' });
  hearAnswers((answer, of) => {
    if (of === signal && !signal.aborted) foundation.replaceChildren(...asOf(answer, asked.since));
  });

  document.title = `${view.title} · ao-projector`;
  said.textContent = '';
  drawBar();
  const drop = view === shown ? keepUntilFilled(place) : begin(view, place);
  if (isElsewhere) focus('question');
  shown = view;
  search = location.search;
  try {
    await view.show({ place, route, filters: asked, signal });
  } catch (error) {
    if (signal.aborted) return;
    foundation.replaceChildren();
    place.replaceChildren(failure(error, show));
  }
  if (signal.aborted) return;
  drop();
  place.removeAttribute('aria-busy');
  if (!place.querySelector('[role=alert]')) said.textContent = `${view.title} is shown.`;
  if (location.hash !== '') focus(location.hash.slice(1));
  else if (focused !== null && document.activeElement === document.body) focus(focused, 'question');
  if (place.querySelector('[role=alert]') || projects) return;
  projects = await projectsThere();
  if (!signal.aborted) drawBar();

  function drawBar(): void {
    const id = document.activeElement?.id;
    nav.replaceChildren(...viewLinks(VIEWS, view, route));
    filters.replaceChildren(...filterBar(view, route, projects ?? []));
    if (id && document.activeElement === document.body) focus(id);
  }
}

function begin({ question }: View, place: HTMLElement): () => void {
  content.replaceChildren(h('h2', { id: 'question', tabindex: '-1' }, question), place);
  foundation.replaceChildren();
  if (shown !== null) scrollTo(0, 0);
  return () => {};
}

/** What the view has shown so far stays while it is asked anew, until there is something else or what is returned is called. */
function keepUntilFilled(place: HTMLElement): () => void {
  const before = content.querySelectorAll('.view');
  const drop = () => {
    for (const one of before) one.remove();
    filled.disconnect();
  };
  const filled = new MutationObserver(drop);
  filled.observe(place, { childList: true });
  for (const one of before) one.classList.add('before');
  content.append(place);
  return drop;
}

/** Focuses the first element with one of these ids that is there. */
function focus(...ids: readonly string[]): void {
  const element = ids.map((id) => document.getElementById(id)).find((one) => one !== null);
  element?.focus();
}

/** The projects that have sessions. Who cannot be told which these are, can do without. */
async function projectsThere(): Promise<string[]> {
  try {
    const { breakdown } = await ask<FunnelAnswer>(['funnel', 'session'], { by: 'project', top: '1000' });
    return breakdown.flatMap(({ value }) => value ?? []).sort();
  } catch {
    return [];
  }
}

/** Links within the page lead there without loading it anew. */
function follow(event: MouseEvent): void {
  const link = (event.target as Element).closest('a');
  const isOther = event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
  if (!link?.getAttribute('href')?.startsWith('?') || isOther || event.defaultPrevented) return;
  event.preventDefault();
  history.pushState(null, '', link.href);
  void show();
}

takeToken();
document.addEventListener('click', follow);
addEventListener('popstate', () => {
  if (takeToken() || location.search !== search) void show();
});
void show();
