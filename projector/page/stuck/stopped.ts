import type { StuckAnswer } from '../../answers/stuck.ts';
import { h } from '../dom.ts';
import { bar } from '../figures.ts';
import { counted, shortName } from '../format.ts';
import { drawn, heading, named, number, numbered, tableOf } from '../tables.ts';

/** Where those stopped who came no further in their time, step by step. */
export function stoppedTable(stopped: StuckAnswer['stopped']): HTMLElement {
  const all = stopped.reduce((sum, { count }) => sum + count, 0);
  const rows = stopped.map(({ last_step, count }) => {
    const name = last_step.split(' | ').map(shortName).join(' | ');
    return h('tr', {}, heading(name), number(count), drawn(bar(count / all)));
  });
  return tableOf(
    'stopped',
    `${counted(all, 'session')} came no further in 30 days`,
    [named('last step'), numbered('sessions'), drawn()],
    rows,
  );
}
