import { h } from './dom.ts';
import { timeText } from './format.ts';
import type { Route, View } from './view.ts';

const SPANS: readonly (readonly [value: string | null, label: string])[] = [
  ['7d', '7 d'],
  ['30d', '30 d'],
  ['90d', '90 d'],
  [null, 'all'],
];

/** Links to the views; that of the one that is shown, or of the one that it stands within, is marked. */
export function viewLinks(views: readonly View[], shown: View, route: Route): HTMLElement[] {
  return views
    .filter(({ within }) => within === undefined)
    .map(({ name, title }) => {
      const isShown = name === (shown.within ?? shown.name);
      return h('a', { href: route.href(name, {}), id: `to-${name}`, 'aria-current': isShown ? 'page' : null }, title);
    });
}

/** What is asked about in every view, to be chosen: since when, and of which project where there are several. */
export function filterBar(view: View, route: Route, projects: readonly string[]): HTMLElement[] {
  const isWhole = view.isWhole?.(route.params) ?? false;
  const chosen = isWhole ? [] : [sinceChoice(view.name, route), projectChoice(view.name, route, projects)];
  return [...chosen, momentChoice(view.name, route)].filter((choice) => choice !== null);
}

function sinceChoice(view: string, { params, href }: Route): HTMLElement {
  const since = params.get('since');
  const spans = SPANS.some(([value]) => value === since) ? SPANS : [...SPANS, [since, since!] as const];
  return h(
    'div',
    { class: 'choice', role: 'group', 'aria-labelledby': 'since-label' },
    h('span', { id: 'since-label' }, 'since'),
    ...spans.map(([value, label]) =>
      h(
        'a',
        {
          href: href(view, { since: value }),
          id: `since-${label.replace(' ', '-')}`,
          'aria-current': value === since ? 'true' : null,
        },
        label,
      ),
    ),
  );
}

function projectChoice(view: string, { params, go }: Route, known: readonly string[]): HTMLElement | null {
  const project = params.get('project');
  const projects = project === null || known.includes(project) ? known : [project, ...known];
  if (projects.length < 2 && project === null) return null;
  const choose = (event: Event) => go(view, { project: (event.target as HTMLSelectElement).value || null });
  return h(
    'div',
    { class: 'choice' },
    h('label', { for: 'project' }, 'project'),
    h(
      'select',
      { id: 'project', onchange: choose },
      h('option', { value: '' }, 'all'),
      ...projects.map((one) => h('option', { value: one, selected: one === project }, one)),
    ),
  );
}

/** Where the address asks by another moment than now, that is said, and can be left. */
function momentChoice(view: string, { params, href }: Route): HTMLElement | null {
  const now = params.get('now');
  if (now === null) return null;
  const ms = Number.isNaN(Date.parse(now)) ? Number(now) : Date.parse(now);
  return h(
    'div',
    { class: 'choice' },
    h('span', {}, `as if it were ${Number.isNaN(ms) ? now : timeText(ms)}`),
    h('a', { href: href(view, { now: null }), id: 'to-now' }, 'to now'),
  );
}
