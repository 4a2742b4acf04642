import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { writeVolume } from '../fixtures/volume.ts';
import { EXECUTABLE, FLAGS, SHOWN } from '../test/page/chromium.ts';
import { Child, environment, lastLine, PROJECTOR, script } from './children.ts';
import { inFolder } from './folders.ts';
import { median, note, print } from './report.ts';

const ROWS = 1_000_000;
const SESSIONS = 20_000;
const ROUNDS = 5;
const FIRST_PAINT_BOUND_MS = 300;

/** How soon the page shows something over a long history, and how soon its funnel; each time in a browser profile of its own. */
export async function benchPage(): Promise<void> {
  if (!EXECUTABLE) {
    note('no page: Chromium is not installed; CHROMIUM_PATH may say where it is');
    return;
  }
  await inFolder(async (folder) => {
    writeVolume(join(folder, 'ao.db'), { rows: ROWS, sessions: SESSIONS, mix: 'R', seed: 1 });
    await lastLine(script('ours'), { env: environment(folder) });
    const serving = new Child([PROJECTOR, 'serve'], { env: environment(folder) });
    const browser = await chromium.launch({ executablePath: EXECUTABLE!, args: FLAGS });
    try {
      await serving.says('Open this address');
      const address = serving.printed.trim();
      await visit(browser, address);
      const visits = [];
      for (let round = 0; round < ROUNDS; round++) visits.push(await visit(browser, address));
      note(
        `mix R: ${ROWS.toLocaleString('en')} rows, ${SESSIONS.toLocaleString('en')} sessions; one visit went before`,
      );
      const of = `median of ${ROUNDS}`;
      const against = 'from the request for the page on';
      const paint = median(visits.map(({ painted }) => painted));
      print({ what: 'page, first paint', value: paint, unit: 'ms', of, bound: FIRST_PAINT_BOUND_MS, against });
      print({
        what: 'page, the session funnel',
        value: median(visits.map(({ shown }) => shown)),
        unit: 'ms',
        of,
        against,
      });
    } finally {
      await browser.close();
      await serving.stop();
    }
  });
}

/** Milliseconds until something was painted with content, and until the view was shown. */
async function visit(browser: Browser, address: string): Promise<{ painted: number; shown: number }> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(address);
    await page.waitForSelector(SHOWN);
    return await page.evaluate(`new Promise((resolve) => {
      const shown = performance.now();
      const told = (entries) => {
        const paint = entries.find(({ name }) => name === 'first-contentful-paint');
        if (paint) resolve({ painted: paint.startTime, shown });
      };
      new PerformanceObserver((list) => told(list.getEntries())).observe({ type: 'paint', buffered: true });
    })`);
  } finally {
    await context.close();
  }
}
