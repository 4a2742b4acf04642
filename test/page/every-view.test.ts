import { describe, expect, test } from '@jest/globals';
import { inBrowser, THEN, Visits } from './browser.ts';
import { outOfReach, widthBeyondWindow } from './read.ts';

inBrowser('every view', () => {
  const visits = new Visits();

  describe.each(['stuck', 'crashes', 'activity', 'live', 'playback'])('%s', (view) => {
    test('is found without fault by axe, in light and dark', () =>
      visits.visit(async ({ open, violations }) => {
        await open(`view=${view}&${THEN}`);
        expect(await violations()).toEqual([]);
      }));

    test('is reached by keyboard alone, wherever one can click', () =>
      visits.visit(async ({ page, open }) => {
        await open(`view=${view}&project=api&${THEN}`);
        expect(await outOfReach(page)).toEqual([]);
      }));

    test('is never wider than a small phone', () =>
      visits.visit(async ({ page, open }) => {
        await page.setViewportSize({ width: 360, height: 740 });
        await open(`view=${view}&${THEN}`);
        expect(await widthBeyondWindow(page)).toBe(0);
      }));
  });
});
