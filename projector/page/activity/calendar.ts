import type { ActivityAnswer } from '../../answers/activity.ts';
import { intervalOf, startOfInterval } from '../../answers/intervals.ts';
import { h } from '../dom.ts';
import { dayOf } from '../figures.ts';
import { heading, tableOf, unseen } from '../tables.ts';

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;

/** A year, and the days that make its weeks whole. */
const MOST_WEEKS = 53;

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** Every day from the first active one on, a week a column; at most a year of them. */
export function calendar({ days, now }: ActivityAnswer): HTMLElement[] {
  const active = new Set(days);
  const [first = dayOf(now)] = days;
  const last = startOfWeek(now);
  const from = Math.max(startOfWeek(Date.parse(first)), last - (MOST_WEEKS - 1) * WEEK_MS);
  const weeks = Array.from({ length: (last - from) / WEEK_MS + 1 }, (_, index) => from + index * WEEK_MS);
  const table = tableOf(
    'calendar',
    'Active days by weekday and week',
    [h('td'), ...weeks.map(head)],
    WEEKDAYS.map((name, weekday) => {
      const short = h('abbr', { title: name }, name.slice(0, 3));
      return h('tr', {}, heading(short), ...weeks.map((week) => day(week + weekday * DAY_MS)));
    }),
  );
  return [table, h('p', { class: 'hint' }, 'Filled days were active; a week is a column.')];

  function day(ms: number): HTMLElement {
    const name = dayOf(ms);
    if (ms > now || name < first) return h('td');
    const [kind, says] = active.has(name) ? ['active', `${name}: active`] : ['idle', `${name}: not active`];
    return h('td', { class: kind, title: says }, unseen(says));
  }
}

/** The first week of a month says which it is. */
function head(week: number, index: number): HTMLElement {
  const month = dayOf(week).slice(0, 7);
  const isFirst = index === 0 || month !== dayOf(week - WEEK_MS).slice(0, 7);
  const sign = isFirst && h('span', { 'aria-hidden': 'true' }, month);
  return h('th', { scope: 'col' }, unseen(`week of ${dayOf(week)}`), sign);
}

function startOfWeek(ms: number): number {
  return startOfInterval(intervalOf(ms, 'week'), 'week');
}
