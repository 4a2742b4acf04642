import type { ActivityAnswer } from '../../answers/activity.ts';
import { h } from '../dom.ts';
import { dayOf } from '../figures.ts';
import { percent } from '../format.ts';
import { heading, named, numbered, tableOf } from '../tables.ts';

/** How many of those who began in a week were active in each week from then on. */
export function retentionTable(retention: ActivityAnswer['retention']): HTMLElement {
  const longest = Math.max(0, ...retention.map(({ sizes }) => sizes.length));
  const weeks = Array.from({ length: longest }, (_, index) => index);
  const rows = retention.map(({ cohort, sizes }) => {
    const cells = weeks.map((week) => share(sizes[week], sizes[0]!));
    return h('tr', {}, heading(dayOf(cohort)), ...cells);
  });
  return tableOf(
    'retention',
    'Active so many weeks after the first',
    [named('first week'), ...weeks.map((week) => numbered(`+${week}`))],
    rows,
  );
}

/** So many shades; each has its number beside it. */
const SHADES = 4;

function share(size: number | undefined, all: number): HTMLElement {
  if (size === undefined) return h('td');
  const shade = Math.ceil((size / all) * SHADES);
  return h('td', { class: `number shade-${shade}` }, String(size), h('small', {}, percent(size / all)));
}
