import { expect, test } from '@jest/globals';
import { printFunnel } from '../../../projector/cli/funnel-print.ts';
import { events, question } from '../answers/letters.ts';
import { answered } from '../answers/scanning.ts';

const DAY_S = 86_400;

/** The trend of entries at some days, as it is printed: the dates, and the line of the first step. */
function trend(...days: number[]): (string | undefined)[] {
  const asked = question('A > B', { interval: 'day' });
  const answer = answered(
    asked,
    days.map((day) => events(`A@${day * DAY_S}`)),
  );
  const text = printFunnel(answer, 'day');
  return [/by entry, (.*)/.exec(text)?.[1], /\nstep\n\S+ +(\S+)/.exec(text)?.[1]];
}

test('a trend shows the days without an entry, too', () => {
  expect(trend(0, 0, 3, 4)).toEqual(['1970-01-01 to 1970-01-05', '█··▄▄']);
});

test('of a long time a trend shows the last sixty intervals', () => {
  expect(trend(0, 9_941, 10_000)).toEqual(['1997-03-21 to 1997-05-19', `█${'·'.repeat(58)}█`]);
});
