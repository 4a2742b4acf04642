import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { packagePath } from '../../projector/store/paths.ts';
import { writeKnown } from '../known/write.ts';
import { projector, tiersOn } from '../support/processes.ts';
import { EXECUTABLE, FLAGS, SHOWN, THEN } from './chromium.ts';

interface Picture {
  readonly view: string;
  readonly query?: string;
  /** What shows that it is all there. */
  readonly drawn?: string;
}

const PICTURES: readonly Picture[] = [
  { view: 'funnel' },
  { view: 'stuck' },
  { view: 'crashes' },
  { view: 'activity', drawn: '.u-over' },
  { view: 'live', drawn: '.state:has-text("● connected")' },
  { view: 'playback', query: `at=${Date.parse('2026-06-05T12:00:00Z')}`, drawn: '.around .later' },
  { view: 'subject', query: 'id=web-2' },
];

const SIZE = { width: 1_280, height: 860 };

/** Takes a picture of each view, in light and dark, over the history with known answers, into `docs/page/`. */
async function takeAll(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ao-projector-screenshots-'));
  writeKnown(folder);
  const serving = projector(tiersOn(folder), 'serve');
  const browser = await chromium.launch({ ...(EXECUTABLE && { executablePath: EXECUTABLE }), args: FLAGS });
  try {
    await serving.says('Open this address');
    const address = new URL(/http:\S+/.exec(serving.stdout)![0]);
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await browser.newPage({ viewport: SIZE, colorScheme, reducedMotion: 'reduce' });
      for (const { view, query = '', drawn = SHOWN } of PICTURES) {
        await page.goto(`${address.origin}/?view=${view}&${query}&${THEN}${address.hash}`);
        await page.waitForSelector(SHOWN, { state: 'attached' });
        await page.waitForSelector(drawn, { state: 'attached' });
        await page.screenshot({ path: packagePath('docs', 'page', `${view}-${colorScheme}.png`) });
      }
    }
  } finally {
    await Promise.all([browser.close(), serving.stop()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

await takeAll();
