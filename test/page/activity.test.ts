import { expect, test } from '@jest/globals';
import { inBrowser, THEN, Visits } from './browser.ts';
import { drawingsOf, rowsOf } from './read.ts';

const june = (days: string) => days.split(' ').map((day) => `2026-06-${day}`);

inBrowser('activity', () => {
  const visits = new Visits();

  test('shows each day, active or not, by its name', () =>
    visits.visit(async ({ page, open }) => {
      await open(`view=activity&${THEN}`);
      const days = async (kind: string) => (await page.locator(`.calendar td.${kind}`).allInnerTexts()).sort();
      expect(await days('active')).toEqual(june('01 02 03 05 08 09 10 11 12 14').map((day) => `${day}: active`));
      expect(await days('idle')).toEqual(june('04 06 07 13').map((day) => `${day}: not active`));
    }));

  test('says how often, and who comes back', () =>
    visits.visit(async ({ page, open }) => {
      await open(`view=activity&${THEN}`);
      expect(await page.locator('.facts dd').allInnerTexts()).toEqual([
        '10, from 2026-06-01 to 2026-06-14',
        'active',
        '6 days of 7',
        '10 days of 30: 33 %',
        'on 9 later days: stays',
      ]);
    }));

  test('shows who stays and the life cycle, of the install and of projects', () =>
    visits.visit(async ({ page, open, shown }) => {
      await open(`view=activity&${THEN}`);
      const lifeCycle = '.wide:has(h3:text("Life cycle"))';
      expect(await rowsOf(page, '.retention')).toEqual([['2026-06-01', '1 100 %', '1 100 %']]);
      await page.click(`${lifeCycle} summary`);
      expect(await rowsOf(page, `${lifeCycle} .numbers`)).toEqual([
        ['2026-06-01', '1', '-', '-', '-'],
        ['2026-06-08', '-', '1', '-', '-'],
      ]);

      await page.click('#of-projects');
      await page.waitForSelector('#of-projects[aria-current]');
      await shown();
      expect(await rowsOf(page, '.retention')).toEqual([
        ['2026-06-01', '2 100 %', '2 100 %'],
        ['2026-06-08', '1 100 %', ''],
      ]);
      await page.click(`${lifeCycle} summary`);
      expect(await rowsOf(page, `${lifeCycle} .numbers`)).toEqual([
        ['2026-06-01', '2', '-', '-', '-'],
        ['2026-06-08', '1', '2', '-', '-'],
      ]);
    }));

  test('shows the commands of each day by who gave them', () =>
    visits.visit(async ({ page, open }) => {
      await open(`view=activity&${THEN}`);
      const commands = '.wide:has(h3:text("Commands by day"))';
      await page.click(`${commands} summary`);
      expect(await page.locator(`${commands} .numbers thead th`).allInnerTexts()).toEqual([
        ...['day', 'user', 'other', 'agent'],
      ]);
      const rows = await rowsOf(page, `${commands} .numbers`);
      expect(rows.map((row) => row.join(' ').replace('2026-06-', ''))).toEqual([
        ...['01 8 - -', '02 6 - -', '03 2 1 -', '04 - 3 -', '05 4 - -', '06 - - -', '07 - - -'],
        ...['08 4 - -', '09 2 - -', '10 2 - -', '11 2 - -', '12 1 - -', '13 - - 1', '14 1 - -'],
      ]);
    }));

  test('shows what is done, the most frequent first, and on which days', () =>
    visits.visit(async ({ page, open }) => {
      await open(`view=activity&${THEN}`);
      const done = '.panel:has(h3:text("What is done"))';
      const rows = await rowsOf(page, `${done} .done`);
      expect(rows.map(([name, times]) => `${name} ${times}`)).toEqual([
        ...['session.spawned 12', 'pr.merged 4', 'send 4', 'project.added 3', 'doctor.run 2'],
      ]);
      const [, merged] = await drawingsOf(page, done);
      expect(merged).toBe('pr.merged: 2026-06-01: 1, 2026-06-05: 2, 2026-06-10: 1');
    }));

  test('draws the same numbers, and says those of a day that is pointed at', () =>
    visits.visit(async ({ page, open }) => {
      await open(`view=activity&${THEN}`);
      const commands = '.wide:has(h3:text("Commands by day"))';
      const drawing = page.locator(`${commands} .u-over`);
      const { width, height } = (await drawing.boundingBox())!;
      await drawing.hover({ position: { x: (width * 2.5) / 14, y: height / 2 } });
      await page.waitForSelector(`${commands} .pointed:text("user")`);
      expect(await page.locator(`${commands} .pointed`).innerText()).toBe('2026-06-03: user 2, other 1, agent 0');
    }));
});
