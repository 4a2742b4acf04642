import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';
import { Known } from '../known/known.ts';
import { projector, type Running, tiersOn } from '../support/processes.ts';
import { EXECUTABLE, FLAGS, PLACES, SHOWN } from './chromium.ts';

/** A test that is slow is none that fails. */
const PATIENCE_MS = 60_000;

export { THEN } from './chromium.ts';

const SIZE = { width: 1_280, height: 900 };

const AXE = readFileSync(join(createRequire(__filename).resolve('axe-core'), '..', 'axe.min.js'), 'utf8');

/** What a test has of the page; nothing that it asks for may come from elsewhere, and nothing may fail unseen. */
export interface Visit {
  readonly page: Page;
  /** Opens an address of the page, such as `view=funnel&funnel=pr`, and waits until the view is shown. */
  open(query: string): Promise<void>;
  /** Resolves once the view that is asked for is shown. */
  shown(): Promise<void>;
  /** What axe finds that is serious or critical, in light and in dark. */
  violations(): Promise<string[]>;
}

/** The page over a data directory, served as a user serves it, in one browser for the tests of a file. */
export class VisitsTo {
  readonly #problems: string[] = [];
  #serving: Running | null = null;
  #browser: Browser | null = null;
  #page: Page | null = null;
  #expected: readonly number[] = [];
  #address = '';

  constructor(dataDir: string) {
    beforeAll(async () => {
      const serving = projector(tiersOn(dataDir), 'serve');
      this.#serving = serving;
      const [browser] = await Promise.all([
        chromium.launch({ executablePath: EXECUTABLE!, args: FLAGS }),
        serving.says('Open this address'),
      ]);
      this.#browser = browser;
      this.#address = /http:\S+/.exec(serving.stdout)![0];
      this.#page = await this.#newPage();
    });
    afterEach(() => {
      const problems = this.#problems.splice(0);
      expect(problems).toEqual([]);
    });
    afterAll(async () => {
      await Promise.all([this.#browser?.close(), this.#serving?.stop()]);
    });
  }

  /** Where the page is, without the token. */
  get origin(): string {
    return new URL(this.#address).origin;
  }

  /** The part of the address that carries the token. */
  get token(): string {
    return new URL(this.#address).hash;
  }

  /**
   * The window of the tests of a file, which is used by one after the other. `expected` are statuses of answers that are no problem though
   * they say that something is wrong.
   */
  async visit(use: (visit: Visit) => Promise<void>, expected: readonly number[] = []): Promise<void> {
    const page = this.#page!;
    this.#expected = expected;
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize(SIZE);
    await use(this.#visiting(page));
    await page.goto('about:blank');
  }

  /** The same in a window of its own: somebody else's. */
  async elsewhere(use: (visit: Visit) => Promise<void>): Promise<void> {
    const page = await this.#newPage();
    await use(this.#visiting(page));
    await page.context().close();
  }

  async #newPage(): Promise<Page> {
    const context = await this.#browser!.newContext({ viewport: SIZE });
    const page = await context.newPage();
    this.#watch(page);
    return page;
  }

  #visiting(page: Page): Visit {
    const shown = async () => {
      await page.waitForSelector(SHOWN, { state: 'attached' });
    };
    return {
      page,
      shown,
      open: async (query) => {
        await page.goto(`${this.origin}/?${query}${this.token}`);
        await shown();
      },
      violations: async () => {
        const found: string[] = [];
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          found.push(...(await violationsOf(page)).map((violation) => `${colorScheme}: ${violation}`));
        }
        return found;
      },
    };
  }

  #watch(page: Page): void {
    page.on('request', (request) => {
      if (new URL(request.url()).origin !== this.origin) this.#problems.push(`asked for ${request.url()}`);
    });
    page.on('pageerror', (error) => this.#problems.push(String(error)));
    page.on('console', (message) => {
      if (message.type() !== 'error' && message.type() !== 'warning') return;
      if (this.#expected.some((status) => message.text().includes(`status of ${status}`))) return;
      this.#problems.push(message.text());
    });
  }
}

/** The page over the history with known answers. */
export class Visits extends VisitsTo {
  readonly known: Known;

  constructor() {
    const known = new Known();
    super(known.folder);
    this.known = known;
  }
}

async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(`(async () => {
    const { violations } = await axe.run(document, { resultTypes: ['violations'] });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => id + ' at ' + html + ': ' + failureSummary));
  })()`);
}

/** A `describe` of tests in a browser: they are skipped where there is none, unless this is CI, where there must be one. */
export function inBrowser(name: string, tests: () => void): void {
  if (EXECUTABLE) {
    jest.setTimeout(PATIENCE_MS);
    describe(name, tests);
  } else if (process.env.CI) {
    test(name, () => {
      throw new Error(`Expected Chromium at CHROMIUM_PATH or one of ${PLACES.slice(1).join(', ')}; found none.`);
    });
  } else {
    process.stderr.write(`Skipped: ${name}. There is no Chromium; CHROMIUM_PATH may say where one is.\n`);
    test.skip(name, () => {});
  }
}
