import { expect, test } from '@jest/globals';
import { inBrowser, THEN, Visits } from './browser.ts';

inBrowser('an explanation', () => {
  const visits = new Visits();

  test('of an end names the rows, and the causes that were tried', () =>
    visits.visit(async ({ page, open, violations }) => {
      await open(`${THEN}&view=explain&what=ao.session.killed@159`);
      expect(await page.locator('.causes .held strong').innerText()).toBe('found_dead_at_start');
      expect(await page.locator('.rows tbody th').allInnerTexts()).toContain('change_log 159');
      expect(await page.locator('.rows tbody td:last-child').allInnerTexts()).toContain('its restore');
      expect(await violations()).toEqual([]);
    }));

  test('of a session says why it came no further', () =>
    visits.visit(async ({ page, open, violations }) => {
      await open(`${THEN}&view=explain&what=web-8`);
      expect(await page.getByText('In the funnel session').innerText()).toContain('open, with time until 2026-07-14');
      expect(await page.locator('section:has(#why-not) dt').allInnerTexts()).toEqual([
        ...['session.first_signal', 'pr.observed', 'pr.ci_passed', 'pr.approved', 'pr.merged'],
      ]);
      expect(await page.locator('.near').first().innerText()).toContain('change_log 157');
      expect(await violations()).toEqual([]);
    }));

  test('of a step says what became of those who did not reach it', () =>
    visits.visit(async ({ page, open, violations }) => {
      await open(`${THEN}&view=explain&what=funnel&what=session&what=3`);
      const rows = await page.locator('.rows tbody th').allInnerTexts();
      expect(rows.map((text) => Number(text.split(' ')[1])).sort((a, b) => a - b)).toEqual([
        ...[6, 19, 67, 74, 90, 107, 122, 146, 149],
      ]);
      expect(await page.locator('section:has(#why-not) dt').allInnerTexts()).toEqual(['2 open']);
      expect(await violations()).toEqual([]);
    }));

  test('can be asked for by name', () =>
    visits.visit(async ({ page, open, shown }) => {
      await open(`${THEN}&view=explain`);
      await page.fill('#look-up', 'funnel pr pr.merged');
      await page.keyboard.press('Enter');
      await shown();
      expect(await page.locator('.name').innerText()).toBe('4 reached pr.merged');
    }));
});
