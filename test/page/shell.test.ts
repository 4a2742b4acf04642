import { expect, test } from '@jest/globals';
import { inBrowser, THEN, Visits } from './browser.ts';

inBrowser('the frame of the page', () => {
  const visits = new Visits();

  test('says what the answer rests on', () =>
    visits.visit(async ({ page, open }) => {
      await open(THEN);
      const { as_of } = visits.known.ask('status');
      const text = await page.locator('footer').innerText();
      expect(text).toContain(`as of change_log 161, telemetry ${as_of.telemetry}`);
      expect(text).toContain('now 2026-06-14 23:59:59Z');
    }));

  test('keeps the filters when one goes to another view', () =>
    visits.visit(async ({ page, open, shown }) => {
      await open(THEN);
      await page.click('#since-30-d');
      await page.selectOption('#project', 'web');
      await page.click('nav a:not([aria-current])');
      await shown();
      const { searchParams } = new URL(page.url());
      expect(Object.fromEntries(searchParams)).toMatchObject({ since: '30d', project: 'web' });
      expect(searchParams.get('now')).toBe('2026-06-14T23:59:59Z');
    }));

  test('offers the projects that there are', () =>
    visits.visit(async ({ page, open }) => {
      await open(THEN);
      await page.waitForSelector('#project');
      expect(await page.locator('#project option').allInnerTexts()).toEqual(['all', 'api', 'infra', 'web']);
    }));

  test('goes back to where one was', () =>
    visits.visit(async ({ page, open, shown }) => {
      await open(THEN);
      const title = await page.title();
      await page.click('nav a:not([aria-current])');
      await shown();
      expect(await page.title()).not.toBe(title);
      await page.goBack();
      await shown();
      expect(await page.title()).toBe(title);
    }));

  test('says where one is, to ears as to eyes', () =>
    visits.visit(async ({ page, open, shown }) => {
      await open(THEN);
      await page.click('nav a:not([aria-current])');
      await shown();
      expect(await page.locator(':focus').innerText()).toBe(await page.locator('h2').innerText());
      expect(await page.title()).toContain(await page.locator('nav a[aria-current]').innerText());
      expect(await page.locator('[role=status].said').innerText()).toContain('is shown');
    }));

  test('leaves the focus on what was chosen', () =>
    visits.visit(async ({ page, open, shown }) => {
      await open(THEN);
      await page.focus('#since-7-d');
      await page.keyboard.press('Enter');
      await shown();
      expect(await page.locator(':focus').innerText()).toBe('7 d');
    }));

  test('lets the keyboard skip to the content', () =>
    visits.visit(async ({ page, open }) => {
      await open(THEN);
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      expect(await page.evaluate('document.activeElement.id')).toBe('content');
    }));

  test('says how to come by a token, and takes it', () =>
    visits.visit(
      async ({ page, open, shown }) => {
        await open(THEN);
        await page.evaluate('sessionStorage.clear()');
        await page.goto(`${visits.origin}/?${THEN}`);
        await page.waitForSelector('.failure');
        expect(await page.locator('.failure').innerText()).toContain('ao-projector serve');
        await page.fill('#token', `${visits.origin}/${visits.token}`);
        await page.keyboard.press('Enter');
        await page.waitForSelector('.failure', { state: 'detached' });
        await shown();
        expect(await page.locator('footer').innerText()).toContain('change_log 161');
        expect(page.url()).not.toContain('token');
      },
      [401],
    ));

  test('hides the token from whoever looks at the address', () =>
    visits.visit(async ({ page, open }) => {
      await open(THEN);
      expect(page.url()).toBe(`${visits.origin}/?${THEN}`);
    }));

  test('says what is wrong with an address that asks what cannot be asked', () =>
    visits.visit(
      async ({ page, open, violations }) => {
        await open('since=yesterday');
        expect(await page.locator('[role=alert]').innerText()).toContain('"yesterday" is not a time.');
        expect(await violations()).toEqual([]);
      },
      [400],
    ));
});
