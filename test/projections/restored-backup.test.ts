import { expect, test } from '@jest/globals';
import { type Birth, restoredBackup } from '../../projections/restored-backup.ts';

/** Creation rows by seq, each with a time of its own unless it is told. */
const births = (...rows: (number | [born: number, at: number])[]): Birth[] =>
  rows.map((row, index) => {
    const [born, at] = typeof row === 'number' ? [row, row * 1_000] : row;
    return { born, at, nanos: 1, position: index + 1 };
  });

test('an older copy lacks everything from the first creation row on that it lacks', () => {
  expect(restoredBackup(births(3, 20, [61, 99_000]), { readTo: 100, births: births(3, 20, 61, 80) })).toMatchObject({
    ...{ from: 61, to: 100, kind: 'restored_backup' },
    evidence: [
      { stream: 'change_log', position: 20 },
      { stream: 'telemetry', position: 2 },
      { stream: 'telemetry', position: 3 },
    ],
  });
});

test('a spawn that was rolled back before the copy was made is no part of that', () => {
  expect(restoredBackup(births(3, 20), { readTo: 100, births: births(3, 15, 20, 61) })).toMatchObject({ from: 61 });
});

test.each([
  ['a database that has all of it', births(3, 20, 30), births(3, 20)],
  ['another database', births([3, 1], [20, 2]), births(3, 20)],
  ['nothing that was read', births(3), []],
])('%s is no older copy', (_, present, earlier) => {
  expect(restoredBackup(present, { readTo: 100, births: earlier })).toBeNull();
});
