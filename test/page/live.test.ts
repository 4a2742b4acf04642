import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { daemonProcess, projector, type Running, tiersOn } from '../support/processes.ts';
import { inBrowser, VisitsTo } from './browser.ts';
import { rowsOf } from './read.ts';

/** So many are kept on the page. */
const MOST = 200;

const ids = (page: Page): Promise<string[]> =>
  page.evaluate('[...document.querySelectorAll(".events tbody tr")].map((row) => row.dataset.event)');

inBrowser('live', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ao-projector-live-'));
  let tail: Running;
  const daemon = (...args: string[]) => daemonProcess(folder, '--seed', '3', '--rate', '200', ...args);

  beforeAll(async () => {
    await daemon('--steps', '200').ended;
    tail = projector(tiersOn(folder), 'run');
    await tail.says('Tailing');
  }, 60_000);
  const visits = new VisitsTo(folder);
  afterAll(async () => {
    await tail.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  const derived = async (): Promise<string[]> => {
    const { stdout } = await projector(tiersOn(folder), 'events', '--json').ended;
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).id);
  };

  test('shows events as they are derived while the daemon writes, each once', () =>
    visits.visit(async ({ page, open }) => {
      await open('view=live');
      await page.waitForSelector('.state:has-text("connected")');
      const before = new Set(await derived());
      await daemon('--steps', '150').ended;
      const fresh = (await derived()).filter((id) => !before.has(id));
      expect(fresh.length).toBeGreaterThan(10);
      expect(fresh.length).toBeLessThan(MOST);
      for (const id of fresh) await page.waitForSelector(`[data-event="${id}"]`);
      const shown = await ids(page);
      expect(new Set(shown).size).toBe(shown.length);
      expect(shown.length).toBeLessThanOrEqual(MOST);
      const isNew = shown.map((id) => !before.has(id));
      expect(isNew.lastIndexOf(true)).toBe(isNew.filter(Boolean).length - 1);
    }));

  test('holds events back while it is paused', () =>
    visits.visit(async ({ page, open }) => {
      await open('view=live');
      await page.waitForSelector('.state:has-text("connected")');
      await page.focus('#pause');
      await page.keyboard.press('Space');
      const before = await ids(page);
      await daemon('--steps', '100').ended;
      await page.waitForSelector('#pause:has-text("held back")');
      expect(await ids(page)).toEqual(before);
      await page.keyboard.press('Space');
      expect((await ids(page))[0]).not.toBe(before[0]);
    }));

  test('shows those of one name alone where that is asked for', () =>
    visits.visit(async ({ page, open, shown }) => {
      await open('view=live');
      await page.selectOption('#name', 'ao.session.spawned');
      await page.waitForSelector('.events:not(:has(td:text-is("session.killed")))');
      await shown();
      await daemon('--steps', '100').ended;
      const names = new Set((await rowsOf(page, '.events')).map(([, name]) => name));
      expect([...names]).toEqual(['session.spawned']);
      expect(new URL(page.url()).searchParams.get('name')).toBe('ao.session.spawned');
    }));
});
