import type { Page } from 'playwright-core';

/** What is asked of elements in the page; the tests themselves know none. */
interface Told {
  readonly cells: Iterable<{ readonly innerText: string }>;
  getAttribute(name: string): string | null;
}

/** The texts of the cells of each row in the body of a table, as they are read out. */
export async function rowsOf(page: Page, table: string): Promise<string[][]> {
  const rows = await page
    .locator(`${table} > tbody > tr`)
    .evaluateAll((all) => (all as unknown as Told[]).map(({ cells }) => [...cells].map(({ innerText }) => innerText)));
  return rows.map((row) => row.map(inOneLine));
}

/** What a drawing is called for whoever does not see it. */
export async function drawingsOf(page: Page, place: string): Promise<(string | null)[]> {
  return page
    .locator(`${place} [role=img]`)
    .evaluateAll((all) => (all as unknown as Told[]).map((one) => one.getAttribute('aria-label')));
}

/** How far the page is wider than its window; pixels. */
export async function widthBeyondWindow(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

const REACHABLE = 'a[href], button, input, select, summary, [tabindex="0"]';

/** What can be seen and used and is not reached by the Tab key alone, with what it shows. */
export async function outOfReach(page: Page): Promise<string[]> {
  await page.evaluate(`
    window.left = new Set([...document.querySelectorAll(${JSON.stringify(REACHABLE)})].filter((one) => one.checkVisibility()));
    document.activeElement.blur();
  `);
  for (;;) {
    await page.keyboard.press('Tab');
    const isEnd = await page.evaluate(`window.left.delete(document.activeElement) === false`);
    if (isEnd) return page.evaluate('[...window.left].map((one) => one.outerHTML.slice(0, 200))');
  }
}

function inOneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
