import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { june } from '../known/known.ts';
import { inBrowser, THEN, Visits } from './browser.ts';
import { rowsOf } from './read.ts';

/** The funnel as it is played: of each step its name, how many reached it and how many came no further. */
async function stepsOf(page: Page): Promise<string[]> {
  const rows = await rowsOf(page, '.played');
  return rows.map(([name, , reached, , , standing]) => `${name} ${reached} ${standing}`);
}

/** What the working says of the funnel of sessions at the end. */
const END = [
  ...['session.spawned 11 1', 'session.first_signal optional 9 1', 'pr.observed 9 2'],
  ...['pr.ci_passed optional 7 2', 'pr.approved optional 4 1', 'pr.merged 4 -'],
];

const START = '2026-06-01 08:00:05Z';

inBrowser('playback', () => {
  const visits = new Visits();
  const momentOf = (page: Page) => page.locator('output.moment').innerText();

  test('ends with the very numbers of the funnel', () =>
    visits.visit(async ({ page, open }) => {
      await open(`view=playback&${THEN}`);
      expect(await stepsOf(page)).toEqual(END);
      const shares = (await rowsOf(page, '.played')).map(([, , , ofFirst, ofPrevious]) => [ofFirst, ofPrevious]);
      expect(shares).toEqual([
        ['100 %', '-'],
        ['82 %', '82 %'],
        ['82 %', '82 %'],
        ['64 %', '78 %'],
        ['36 %', '44 %'],
        ['36 %', '44 %'],
      ]);
    }));

  test('shows at a moment as many as had come so far by then', () =>
    visits.visit(async ({ page, open }) => {
      await open(`view=playback&at=${june('05 00:00:00')}&${THEN}`);
      expect(await momentOf(page)).toBe('2026-06-05 00:00:00Z');
      // Spawned by then: web-1, which is merged, web-2, web-3 approved, api-1 with CI passed, and web-5 with a PR.
      expect(await stepsOf(page)).toEqual([
        ...['session.spawned 5 1', 'session.first_signal optional 4 0', 'pr.observed 4 1'],
        ...['pr.ci_passed optional 3 1', 'pr.approved optional 2 1', 'pr.merged 1 -'],
      ]);
    }));

  test('plays any funnel, one of your own too', () =>
    visits.visit(async ({ page, open, shown }) => {
      await open(`view=playback&${THEN}`);
      await page.selectOption('#funnel', 'pr');
      await page.waitForSelector('.played:not(:has(th:text("session.spawned")))');
      await shown();
      expect(await stepsOf(page)).toEqual([
        'pr.observed 8 1',
        'pr.ci_passed optional 7 2',
        'pr.approved optional 4 1',
        'pr.merged 4 -',
      ]);
      const question = JSON.stringify({ steps: [{ events: ['ao.session.spawned'] }, { events: ['ao.pr.merged'] }] });
      await open(`view=playback&question=${encodeURIComponent(question)}&${THEN}`);
      expect((await stepsOf(page))[0]).toMatch(/^session\.spawned 12 /);
    }));

  test('is one step from the funnel that is looked at', () =>
    visits.visit(async ({ page, open, shown }) => {
      await open(`view=funnel&funnel=pr&${THEN}`);
      await page.click('a#play');
      await page.waitForSelector('.view.playback');
      await shown();
      expect((await stepsOf(page))[0]).toBe('pr.observed 8 1');
    }));

  test('is sought by keyboard, from the first event to the last', () =>
    visits.visit(async ({ page, open }) => {
      await open(`view=playback&${THEN}`);
      await page.focus('#moment');
      await page.keyboard.press('Home');
      expect(await momentOf(page)).toBe(START);
      expect(await page.getAttribute('#moment', 'aria-valuetext')).toBe(START);
      expect((await stepsOf(page))[0]).toBe('session.spawned 0 0');
      await page.keyboard.press('End');
      expect(await momentOf(page)).toBe('2026-06-14 12:05:00Z');
      expect(await stepsOf(page)).toEqual(END);
    }));

  test('goes from event to event, and shows those around the moment', () =>
    visits.visit(async ({ page, open }) => {
      await open(`view=playback&at=${june('05 11:00:10')}&${THEN}`);
      await page.waitForSelector('.around .later');
      const around = await rowsOf(page, '.around .events');
      const now = around.findIndex(([first]) => first === '2026-06-05 11:00:10Z');
      expect(around[now - 1]!.slice(0, 3)).toEqual(['2026-06-05 11:00:00Z', 'pr.observed', 'ann/web#3']);
      expect(around[now + 1]!.slice(0, 3)).toEqual(['2026-06-05 11:00:30Z', 'pr.ci_passed', 'ann/web#3']);
      const goes = async (id: string, to: string) => {
        await page.click(id);
        await page.waitForSelector(`.around .now:has-text("${to}")`);
        expect(await momentOf(page)).toBe(to);
      };
      await goes('#next', '2026-06-05 11:00:30Z');
      await goes('#next', '2026-06-05 11:30:00Z');
      await goes('#previous', '2026-06-05 11:00:30Z');
      await page.waitForURL((url) => url.searchParams.get('at') === String(june('05 11:00:30')));
    }));

  test('plays from the beginning to the end, and can be held', () =>
    visits.visit(async ({ page, open }) => {
      await open(`view=playback&${THEN}`);
      await page.selectOption('#speed', '86400000');
      await page.click('#play');
      await page.waitForSelector('.played td:text-is("5")');
      await page.click('#play');
      expect(await page.locator('#play').innerText()).toBe('Play');
      const held = await momentOf(page);
      expect(Date.parse(held)).toBeGreaterThan(Date.parse(START));
      expect(await momentOf(page)).toBe(held);
      await page.selectOption('#speed', '604800000');
      await page.click('#play');
      await page.waitForSelector('#play:text-is("Play")');
      expect(await stepsOf(page)).toEqual(END);
    }));
});
