import { expect, test } from '@jest/globals';
import { foldChange, foldJournal, foldVanished } from '../../projections/index.ts';
import { wholeSpan } from '../../projections/span.ts';
import { MemoryState } from '../support/memory-state.ts';
import type { Row } from '../support/spec.ts';
import { created, ended, instant, migrated, session, started, vanished } from './rows.ts';

/** Earliest and latest time of a story. */
function span(...rows: Row[]): (number | null)[] {
  const state = new MemoryState();
  rows.forEach((row, index) => {
    if ('change' in row) foldChange(state, row.change);
    else if ('journal' in row) foldJournal(state, { ...row.journal, position: index + 1 });
    else foldVanished(state, [row.vanished]);
  });
  const { oldest, newest } = wholeSpan(state);
  return [oldest, newest];
}

const times = (...clocks: string[]) => clocks.map((clock) => instant(clock).at);
const rows = [created(1, 'web-1', '12:00:05'), session(2, 'web-1', 'active', '12:00:09')];

test('a story spans its facts of both streams, whatever their order', () => {
  expect(span()).toEqual([null, null]);
  expect(span(...rows, started('12:00:01'))).toEqual(times('12:00:01', '12:00:09'));
  expect(span(...rows, session(3, 'web-1', 'idle', '12:00:02'), started('12:00:20'))).toEqual(
    times('12:00:02', '12:00:20'),
  );
});

test('it spans what cannot vanish as well as what can', () => {
  expect(span(...rows, ended(3, 'web-1', '12:00:07'))).toEqual(times('12:00:05', '12:00:09'));
});

test('it shrinks when rows vanish', () => {
  expect(span(...rows, created(3, 'web-2', '12:00:06'), vanished(1))).toEqual(times('12:00:06', '12:00:06'));
  expect(span(...rows, vanished(1))).toEqual([null, null]);
});

test('it holds the years 2020 to 2099 alone, and no time of the database itself', () => {
  const years = ['2019-12-31 23:59:59.999', '2020-01-01 00:00:00', '2099-12-31 23:59:59.999', '2100-01-01 00:00:00'];
  const born = years.map((time, index) => created(index + 1, `web-${index}`, time));
  expect(span(migrated('12:00:00'), ...born)).toEqual(times(years[1]!, years[2]!));
});
