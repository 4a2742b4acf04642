import type { StuckAnswer } from '../../answers/stuck.ts';
import { h } from '../dom.ts';
import { columns, mostOf } from '../figures.ts';
import { duration } from '../format.ts';
import { cell, heading, named, number, numbered, tableOf } from '../tables.ts';

type Dwell = StuckAnswer['dwell'][number];

/** How long waits took, harness by harness, on one scale. */
export function dwellTable(dwell: readonly [Dwell, ...Dwell[]]): HTMLElement {
  const most = Math.max(...dwell.map((one) => mostOf(bucketsOf(one))));
  const rows = dwell.map((one) => {
    const name = one.by ?? 'unknown';
    return h(
      'tr',
      {},
      ...[heading(name), number(one.count), number(duration(one.median_ms)), number(duration(one.p90_ms))],
      cell(columns(`waits of ${name}`, bucketsOf(one), most)),
    );
  });
  return tableOf(
    'dwell',
    'Waits that have ended, by harness',
    [
      ...[named('harness'), numbered('waits'), numbered('median'), numbered('p90')],
      named('how many took how long', scale(dwell[0])),
    ],
    rows,
  );
}

function bucketsOf({ histogram }: Dwell) {
  return histogram.map(({ from_ms, to_ms, count }) => ({
    label: to_ms === null ? `${duration(from_ms)} or more` : `${duration(from_ms)} to ${duration(to_ms)}`,
    count,
  }));
}

/** Where a column begins that is one of these. */
const MARKED_MS = [1_000, 60_000, 3_600_000, 86_400_000];

/** Durations over the columns that begin with them. */
function scale({ histogram }: Dwell): HTMLElement {
  const marks = histogram.map(({ from_ms }) => h('span', {}, MARKED_MS.includes(from_ms) ? duration(from_ms) : ''));
  return h('span', { class: 'scale', 'aria-hidden': 'true' }, ...marks);
}
