import { expect, test } from '@jest/globals';
import { inBrowser, THEN, Visits } from './browser.ts';

inBrowser('the timeline', () => {
  const visits = new Visits();

  test('tells the events of a session in their order, with the gaps between them', () =>
    visits.visit(async ({ page, open }) => {
      await open(`${THEN}&view=subject&id=web-5`);
      expect(await page.title()).toContain('web-5');
      const told = await page.locator('.time-line > li').allTextContents();
      expect(told).toEqual([
        ...['2026-06-03 Wednesday', '12:00:01Zsession.spawnedchange_log 69', '+30 s'],
        ...['12:00:31Zsession.first_signalchange_log 70', '+19 min'],
        ...['12:20:00Zsession.waiting_input_enteredchange_log 71', 'waiting 45 s'],
        ...['12:20:45Zsession.waiting_input_exiteddwell 45 schange_log 72', '+30 min'],
        ...['12:50:30Zpr.observedhow foundchange_log 74', '40 min without an event'],
        ...['13:30:00Zsession.killedend_cause agent_exitchange_log 77', '5.9 d without an event'],
        ...['2026-06-09 Tuesday', '10:00:00Zsession.restoredhow otherchange_log 110', '8 h without an event'],
        '18:00:00Zsession.killedend_cause unknownchange_log 114',
      ]);
    }));

  test('gives a longer gap more room', () =>
    visits.visit(async ({ page, open }) => {
      await open(`${THEN}&view=subject&id=web-2`);
      const heightOf = async (text: string) => (await page.getByText(text).locator('..').boundingBox())!.height;
      const days = await heightOf('2.9 d without an event');
      const day = await heightOf('24 h without an event');
      const minutes = await page.getByText('+10 min').first().locator('..').boundingBox();
      expect(days).toBeGreaterThan(day);
      expect(day).toBeGreaterThan(minutes!.height);
    }));

  test('shows a wait that goes on', () =>
    visits.visit(async ({ page, open }) => {
      await open(`${THEN}&view=subject&id=infra-2`);
      expect(await page.locator('.time-line > .wait').allInnerTexts()).toEqual([
        'waiting 30 min',
        'waiting 2.4 d, still',
      ]);
    }));

  test('tells when a session lived, and why it ended', () =>
    visits.visit(async ({ page, open }) => {
      await open(`${THEN}&view=subject&id=web-1`);
      const facts = await page.locator('.lives dd').allInnerTexts();
      expect(facts).toEqual([
        ...['2026-06-01 08:05:01Z', 'claude-code', 'worker', '2026-06-01 09:30:00Z, cause merged', '1.4 h'],
      ]);
    }));

  test('tells of a PR, too, by its address or its hash', () =>
    visits.visit(
      async ({ page, open, shown }) => {
        const url = 'https://github.com/ann/web/pull/3';
        await open(`${THEN}&view=subject&id=${encodeURIComponent(url)}`);
        expect(await page.locator('.event a').allInnerTexts()).toEqual([
          ...['pr.observed', 'pr.observed', 'pr.ci_passed', 'pr.merged'],
        ]);
        expect(await page.locator('.lives strong').allInnerTexts()).toEqual(['web-5', 'web-2']);
        await page.fill('#look-up', visits.known.ask('pr', url).subject);
        await page.keyboard.press('Enter');
        await shown();
        expect(await page.locator('.name').innerText()).toBe(url);
      },
      [404],
    ));

  test('leads from an event to the row that made it, and back', () =>
    visits.visit(async ({ page, open, shown }) => {
      await open(`${THEN}&view=subject&id=api-1`);
      await page.locator('.event a', { hasText: 'session.killed' }).nth(1).click();
      await shown();
      expect(await page.locator('.name').innerText()).toBe('ao.session.killed');
      expect(await page.locator('.rows tbody tr').first().innerText()).toContain('change_log 80');
      await page.getByRole('link', { name: 'api-1' }).click();
      await shown();
      expect(await page.locator('.name').innerText()).toBe('api-1');
    }));

  test('says how to come to one where none is named', () =>
    visits.visit(async ({ page, open, shown, violations }) => {
      await open(`${THEN}&view=subject`);
      expect(await violations()).toEqual([]);
      await page.fill('#look-up', 'web-8');
      await page.click('#look');
      await shown();
      expect(await page.locator('.name').innerText()).toBe('web-8');
    }));

  test('says that there is no such one', () =>
    visits.visit(
      async ({ page, open }) => {
        await open(`${THEN}&view=subject&id=nobody-1`);
        expect(await page.locator('[role=alert]').innerText()).toContain('nobody-1');
      },
      [404],
    ));

  test('can be read by everybody, on a phone too', () =>
    visits.visit(async ({ page, open, violations }) => {
      await page.setViewportSize({ width: 360, height: 800 });
      await open(`${THEN}&view=subject&id=web-6`);
      expect(await violations()).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    }));
});
