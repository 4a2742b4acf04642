import type { StartAnswer } from '../../answers/crashes.ts';
import { h } from '../dom.ts';
import { counted, time } from '../format.ts';
import { cell, marked, named, number, numbered, tableOf } from '../tables.ts';

/** So many of the newest are shown. */
const SHOWN = 50;

/** Starts of the daemon, the newest first, and how it went down before each. */
export function startTable(starts: readonly StartAnswer[]): HTMLElement {
  const crashed = starts.filter(({ clean }) => clean === false).length;
  const rows = starts
    .slice(-SHOWN)
    .reverse()
    .map(({ at, clean, found_dead }) =>
      h('tr', { class: clean === false ? 'failed' : null }, cell(time(at)), cell(before(clean)), number(found_dead)),
    );
  return tableOf(
    'starts',
    `${counted(starts.length, 'start')}, ${crashed} of them after a crash`,
    [named('started'), named('before it'), numbered('sessions found dead')],
    rows,
  );
}

function before(clean: boolean | null): Node {
  if (clean === null) return marked('?', 'unknown');
  return clean ? marked('✓', 'a clean stop') : marked('✕', 'no stop: a crash');
}
