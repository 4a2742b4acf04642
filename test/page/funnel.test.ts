import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { duration } from '../../projector/answers/duration.ts';
import { AFTER, LATER, seconds } from '../known/known.ts';
import { inBrowser, THEN, Visits } from './browser.ts';

/** The texts of a column of the steps, by its place in a row. */
const column = (page: Page, place: number) => page.locator(`.steps tbody tr > :nth-child(${place})`).allInnerTexts();

/** Comes when those who stopped at a step and those who went on are compared. */
const COMPARED = '.goes-together h4';

const REACHED = 3;
const OF_FIRST = 4;
const OF_PREVIOUS = 5;
const MEDIAN = 6;
const P90 = 7;

/** What the history says of its sessions, as `fixtures/known/working.md` has it. */
const SESSIONS = {
  reached: [11, 9, 9, 7, 4, 4].map(String),
  ofFirst: ['100 %', '82 %', '82 %', '64 %', '36 %', '36 %'],
  ofPrevious: ['-', '82 %', '82 %', '78 %', '44 %', '44 %'],
  median: ['-', ...[19, 3_029, 330, 7_875, 6_270].map((count) => duration(seconds(count)))],
  p90: ['-', ...[32, 148_883.1, 35_826, 124_830, 242_910].map((count) => duration(seconds(count)))],
};

inBrowser('the funnel', () => {
  const visits = new Visits();

  test('is what one sees first, with the numbers of the history', () =>
    visits.visit(async ({ page, open }) => {
      await open(THEN);
      expect(await column(page, REACHED)).toEqual(SESSIONS.reached);
      expect(await column(page, OF_FIRST)).toEqual(SESSIONS.ofFirst);
      expect(await column(page, OF_PREVIOUS)).toEqual(SESSIONS.ofPrevious);
      expect(await column(page, MEDIAN)).toEqual(SESSIONS.median);
      expect(await column(page, P90)).toEqual(SESSIONS.p90);
      expect(await page.locator('.figures dd').allInnerTexts()).toEqual(['11', '4 36 %', '7 64 %', '0 0 %']);
    }));

  test.each([
    ['now nobody is out of time', THEN, ['1 open', '1 open', '2 open', '2 open', '1 open', '']],
    ['later three are', `now=${LATER}`, ['1 open', '1 open', '1 open1 dropped', '2 dropped', '1 open', '']],
    ['after all of it all are', `now=${AFTER}`, ['1 dropped', '1 dropped', '2 dropped', '2 dropped', '1 dropped', '']],
  ])('keeps open apart from dropped, in words and in the bars: %s', (_, query, standing) =>
    visits.visit(async ({ page, open }) => {
      await open(query);
      const words = await page.locator('.steps .standing').allTextContents();
      expect(words).toEqual(standing);
      for (const kind of ['open', 'dropped']) {
        const bars = page.locator(`.steps tbody tr:has(.bar .${kind})`);
        expect(await bars.count()).toBe(standing.filter((text) => text.includes(kind)).length);
      }
    }),
  );

  test('marks the steps that are optional', () =>
    visits.visit(async ({ page, open }) => {
      await open(THEN);
      const heads = await page.locator('.steps tbody th').allInnerTexts();
      expect(heads.filter((text) => text.includes('optional')).map((text) => text.split('\n')[0])).toEqual([
        'session.first_signal',
        'pr.ci_passed',
        'pr.approved',
      ]);
    }));

  test('says how long it took from start to end', () =>
    visits.visit(async ({ page, open }) => {
      await open(THEN);
      const facts = await page.locator('.total-time .facts dd').allInnerTexts();
      expect(facts).toEqual([178_949, 350_339, 178_874, 352_499].map((count) => duration(seconds(count))));
      const buckets = await page.locator('.histogram tr').allInnerTexts();
      expect(buckets.map((text) => text.split(/\s*\t\s*/))).toEqual([
        ['1 h to 4 h', '', '2'].filter(Boolean),
        ['4 h to 1 d', '0'],
        ['1 d to 3 d', '0'],
        ['3 d to 7 d', '2'],
      ]);
    }));

  test('can be told apart by a dimension', () =>
    visits.visit(async ({ page, open, shown }) => {
      await open(THEN);
      await page.selectOption('#choose-by', 'harness');
      await shown();
      const parts = await page.locator('.multiple').all();
      const told = await Promise.all(
        parts.map(async (part) => [
          await part.locator('caption').innerText(),
          ...(await part.locator('tbody td:nth-child(2)').allInnerTexts()),
        ]),
      );
      expect(told).toEqual([
        ['codex', '6', '4', '4', '4', '2', '2'],
        ['claude-code', '3', '3', '3', '3', '2', '2'],
        ['aider', '2', '2', '2', '0', '0', '0'],
      ]);
    }));

  test('is drawn by the day of the entry, and told', () =>
    visits.visit(async ({ page, open, shown }) => {
      await open(THEN);
      await page.selectOption('#choose-interval', 'day');
      await shown();
      await page.waitForSelector('.trend .uplot canvas');
      await page.click('.trend summary');
      const rows = await page.locator('.trend tbody tr').allInnerTexts();
      const entered = rows.map((text) => text.split('\t').slice(0, 2));
      expect(entered.filter(([, count]) => count !== '0')).toEqual([
        ['2026-06-01', '3'],
        ['2026-06-02', '1'],
        ['2026-06-03', '1'],
        ['2026-06-08', '1'],
        ['2026-06-10', '1'],
        ['2026-06-11', '2'],
        ['2026-06-12', '1'],
        ['2026-06-14', '1'],
      ]);
      expect(entered).toHaveLength(14);
      await page.click('#trend-conversion');
      await shown();
      await page.click('.trend summary');
      expect(await page.locator('.trend tbody tr:first-child td').innerText()).toBe('100 %');
    }));

  test.each([
    ['PRs', 'pr', [8, 7, 4, 4]],
    ['Reviews', 'review', [2, 2, 2, 2]],
    ['Attention', 'attention', [6, 5]],
  ])('can be that of %s', (title, name, reached) =>
    visits.visit(async ({ page, open, shown }) => {
      await open(THEN);
      await page.getByRole('link', { name: title, exact: true }).click();
      await shown();
      expect(await column(page, REACHED)).toEqual(reached.map(String));
      expect(new URL(page.url()).searchParams.get('funnel')).toBe(name);
    }),
  );

  test('can be that of the install, with its milestones', () =>
    visits.visit(async ({ page, open, shown, violations }) => {
      await open(THEN);
      await page.click('#funnel-onboarding');
      await shown();
      const after = [0, 55.02, 296, 305, 1_825, 3_595, 5_395].map((count) => duration(seconds(count)));
      expect(await page.locator('.milestones tbody td:last-child').allInnerTexts()).toEqual(after);
      expect(await page.locator('.milestones .mark').allInnerTexts()).toEqual(after.map(() => 'yes'));
      expect(await violations()).toEqual([]);
    }));

  test('counts those that entered since a day', () =>
    visits.visit(async ({ page, open }) => {
      await open(`${THEN}&since=2026-06-08`);
      expect(await column(page, REACHED)).toEqual([6, 5, 4, 3, 2, 1].map(String));
    }));

  test('says what to do where nobody entered', () =>
    visits.visit(async ({ page, open, shown, violations }) => {
      await open('since=7d');
      expect(await page.locator('.empty').innerText()).toContain('Nobody entered this funnel (since 7d).');
      expect(await violations()).toEqual([]);
      await page.click('#all');
      await shown();
      expect(await column(page, REACHED)).toEqual(SESSIONS.reached);
    }));

  describe('behind a step', () => {
    test('stand those who reached it, with how long that took', () =>
      visits.visit(async ({ page, open, shown }) => {
        await open(THEN);
        await page.click('#step-6');
        await shown();
        expect(await page.locator('#reached-by').innerText()).toBe('4 sessions reached pr.merged');
        const rows = await page.locator('.reached-by tbody tr').allInnerTexts();
        const told = rows.map((text) => text.split('\t'));
        expect(told.map((cells) => [cells[0], cells.at(-1)])).toEqual([
          ['web-1', `+${duration(seconds(5_099))}`],
          ['web-2', `+${duration(seconds(352_499))}`],
          ['web-3', `+${duration(seconds(345_299))}`],
          ['web-6', `+${duration(seconds(12_599))}`],
        ]);
      }));

    test('stands what goes together with stopping there, never as a cause', () =>
      visits.visit(async ({ page, open, shown }) => {
        const side = (having: number) => ({ with: having, of: 40 });
        const told = {
          goes_together: [
            {
              ...{ what: 'ao.session.stuck_waiting', dimensions: { harness: 'codex' } },
              ...{ stopped: side(30), went_on: side(10), lift: 3, interval: [1.7, 5.4] },
            },
          ],
          too_few: [],
        };
        await page.route('**/api/v1/why/funnel/session/1?*', (route) => route.fulfill({ json: told }));
        await open(`${THEN}&step=1`);
        await shown();
        const text = await page.locator('.goes-together:has(table)').innerText();
        await page.unrouteAll();
        expect(text).toContain('goes together');
        expect(text).toContain('session.stuck_waiting harness=codex\t30 of 40, 75 %\t10 of 40, 25 %\t3.0\t1.7 to 5.4');
        expect(text).not.toContain('because');
      }));
  });

  test('leads from a number to the rows behind it', () =>
    visits.visit(async ({ page, open, shown }) => {
      await open(THEN);
      await page.click('.steps tbody tr:last-child .reached a');
      await shown();
      expect(await page.locator('.name').innerText()).toBe('4 reached pr.merged');
      const rows = await page.locator('.rows tbody th').allInnerTexts();
      expect(rows.sort()).toEqual(['change_log 12', 'change_log 132', 'change_log 88', 'change_log 93']);
    }));

  test('can be gone through with the keyboard alone, down to a row', () =>
    visits.visit(async ({ page, open, shown }) => {
      const tabTo = async (selector: string) => {
        for (let tries = 0; tries < 60; tries++) {
          await page.keyboard.press('Tab');
          if ((await page.locator(`${selector}:focus`).count()) > 0) return;
        }
        throw new Error(`Expected the focus to come to ${selector}; it stays away`);
      };
      await open(THEN);
      await tabTo('#step-6');
      await page.keyboard.press('Enter');
      await shown();
      expect(await page.locator(':focus').getAttribute('id')).toBe('reached-by');
      await tabTo('.reached-by tbody th a');
      await page.keyboard.press('Enter');
      await shown();
      expect(await page.locator('.name').innerText()).toBe('web-1');
      await tabTo('.time-line .event a');
      await page.keyboard.press('Enter');
      await shown();
      expect(await page.locator('.rows tbody th').allInnerTexts()).toContain('change_log 1');
    }));

  test('is the same to whoever is sent its address', () =>
    visits.visit(async ({ page, open, shown }) => {
      await open(THEN);
      await page.selectOption('#choose-by', 'harness');
      await shown();
      await page.click('#step-3');
      await shown();
      await page.waitForSelector(COMPARED);
      const { searchParams } = new URL(page.url());
      const text = await page.locator('main').innerText();
      await visits.elsewhere(async (other) => {
        await other.open(String(searchParams));
        await other.page.waitForSelector(COMPARED);
        expect(await other.page.locator('main').innerText()).toBe(text);
      });
    }));

  test('can be read by everybody, with all that it can show', () =>
    visits.visit(async ({ page, open, violations }) => {
      await open(`now=${LATER}&by=harness&interval=day&step=3`);
      await page.waitForSelector('.trend .uplot canvas');
      expect(await violations()).toEqual([]);
    }));

  test.each([360, 1_280, 3_840])('fits a screen that is %i px wide', (width) =>
    visits.visit(
      async ({ page, open }) => {
        await page.setViewportSize({ width, height: 800 });
        await open(`now=${LATER}&by=harness&interval=day&step=3`);
        await page.waitForSelector('.trend .uplot canvas');
        expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
      },
      [404],
    ),
  );
});
