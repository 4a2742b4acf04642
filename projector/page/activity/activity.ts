import type { ActivityAnswer } from '../../answers/activity.ts';
import type { UsageAnswer } from '../../answers/usage.ts';
import { ask } from '../api.ts';
import { empty, h } from '../dom.ts';
import { part, widePart } from '../figures.ts';
import { counted, percent } from '../format.ts';
import type { Route, Shown, View } from '../view.ts';
import { calendar } from './calendar.ts';
import { lifeCycleChart } from './life-cycle.ts';
import { retentionTable } from './retention.ts';
import { usageParts } from './usage.ts';

/** On which days ao is used, who stays and comes back, and what is done. */
export const activityView: View = {
  name: 'activity',
  title: 'Activity',
  question: 'What do they do, and do they come back?',
  async show({ place, route, filters, signal }: Shown): Promise<void> {
    const ofProjects = route.params.get('by') === 'project';
    const [answer, by, usage] = await Promise.all([
      ask<ActivityAnswer>(['activity'], filters, signal),
      ofProjects ? ask<ActivityAnswer>(['activity'], { ...filters, by: 'project' }, signal) : null,
      ask<UsageAnswer>(['usage'], filters, signal),
    ]);
    if (answer.days.length === 0 && usage.days.length === 0) {
      place.append(
        empty('No day was active.', 'A command, a session or a merged PR makes a day active; ask about more days.'),
      );
      return;
    }
    const weeks = by ?? answer;
    const of = ofProjects ? 'projects' : 'this install';
    place.append(
      part('Active days', inWords(answer), ...calendar(answer)),
      part('Who stays', choice(route, ofProjects), retentionTable(weeks.retention)),
      widePart('Life cycle', lifeCycleChart(weeks.life_cycle, of, signal)),
      ...usageParts(usage, signal),
    );
  },
};

/** How often, in words. */
function inWords({ days, dau, wau, mau, stickiness, returns, retained }: ActivityAnswer): HTMLElement {
  const facts: readonly (readonly [string, string])[] = [
    ['active days', days.length === 0 ? 'none' : `${days.length}, from ${days[0]} to ${days.at(-1)}`],
    ['today', dau === 1 ? 'active' : 'not active yet'],
    ['last 7 days', `${counted(wau, 'day')} of 7`],
    ['last 30 days', `${counted(mau, 'day')} of 30${stickiness === null ? '' : `: ${percent(stickiness)}`}`],
    ['came back', `on ${counted(returns, 'later day')}${retained ? ': stays' : ''}`],
  ];
  return h(
    'dl',
    { class: 'facts' },
    ...facts.map(([name, fact]) => h('div', {}, h('dt', {}, name), h('dd', {}, fact))),
  );
}

/** Of whom weeks are told. */
function choice(route: Route, ofProjects: boolean): HTMLElement {
  const link = (id: string, by: string | null, text: string, isChosen: boolean) =>
    h('a', { id, href: route.href('activity', { by }), 'aria-current': isChosen ? 'true' : null }, text);
  return h(
    'div',
    { class: 'choice', role: 'group', 'aria-label': 'by week of' },
    h('span', { 'aria-hidden': 'true' }, 'by week of'),
    link('of-install', null, 'the install', !ofProjects),
    link('of-projects', 'project', 'projects', ofProjects),
  );
}
