import { expect, test } from '@jest/globals';
import { inBrowser, THEN, Visits } from './browser.ts';
import { drawingsOf, rowsOf } from './read.ts';

/** The groups of the working: what failed, its state, how often, of how many sessions and projects, and when. */
const GROUPS = [
  'lifecycle.session_terminated_unexpected found_dead_at_start | ↺ regressed | 5 | 5 | 2 | 05 09:00:00 | 14 12:05:00',
  'daemon.shutdown_unclean | ↺ regressed | 2 | - | - | 05 09:00:00 | 14 12:05:00',
  'session.no_signal | ↺ regressed | 2 | 2 | 1 | 01 09:45:01 | 14 10:10:01',
  'session.stuck_waiting | ↺ regressed | 2 | 2 | 2 | 02 09:10:00 | 12 15:30:00',
  'cli.exit_2 usage ao pr merge | ◆ new | 1 | - | - | 12 09:06:00 | 12 09:06:00',
  'cli.exit_2 usage ao send | ↺ regressed | 2 | - | - | 02 12:15:00 | 12 09:05:00',
  'spawn.failed internal | ↺ regressed | 2 | - | 2 | 02 13:00:07 | 11 10:00:02',
  'spawn.failed invalid AGENT_BINARY_NOT_FOUND | ● ongoing | 3 | - | 1 | 01 09:50:00 | 11 09:00:00',
  'adapter.unavailable AGENT_BINARY_NOT_FOUND | ● ongoing | 3 | - | 1 | 01 09:50:00 | 11 09:00:00',
  'daemon.panic httpd http_request_panic | ↺ regressed | 2 | - | - | 02 14:00:00 | 09 15:00:00',
  'daemon.error_envelope internal httpd http_request | ● ongoing | 2 | - | - | 02 14:30:00 | 09 13:00:00',
  'cli.exit_2 usage ao spawn | ○ quiet | 4 | - | - | 02 12:00:00 | 02 12:09:00',
  'cli.repeated_failure ao spawn | ○ quiet | 1 | - | - | 02 12:08:00 | 02 12:08:00',
  'ci.repeated_failure | ○ quiet | 1 | 1 | 1 | 02 10:55:00 | 02 10:55:00',
  'spawn.failed invalid BRANCH_NOT_FETCHED | ○ quiet | 1 | - | 1 | 01 10:00:03 | 01 10:00:03',
];

const UNEXPECTED = 'lifecycle.session_terminated_unexpected';

inBrowser('crashes', () => {
  const visits = new Visits();

  test('shows everything that failed, in groups', () =>
    visits.visit(async ({ page, open }) => {
      await open(`view=crashes&${THEN}`);
      const rows = await rowsOf(page, '.groups');
      const told = rows.map(([name, state, , ...rest]) => [name, state, ...rest].join(' | '));
      const expected = GROUPS.map((line) =>
        line.replace(/(\d\d \d\d:\d\d:\d\d) \| (\d\d \d\d:\d\d:\d\d)$/, '2026-06-$1Z 2026-06-$2Z'),
      );
      expect([...told].sort()).toEqual([...expected].sort());
      expect(told[0]).toBe(expected[0]);
      const [days] = await drawingsOf(page, '.groups');
      expect(days).toBe('failures: 2026-06-05: 4, 2026-06-14: 1');
    }));

  test('opens a group to its failures, by keyboard, and closes it', () =>
    visits.visit(async ({ page, open, shown }) => {
      await open(`view=crashes&${THEN}`);
      await page.locator('.groups a').first().focus();
      await page.keyboard.press('Enter');
      await page.waitForSelector('.opening');
      await shown();
      const failures = await rowsOf(page, '.opening .events');
      expect(failures.map(([, name, subject]) => `${name} ${subject}`)).toEqual(
        ['api-3', 'web-4', 'web-3', 'web-2', 'api-1'].map((id) => `✕ failure: ${UNEXPECTED} ${id}`),
      );
      expect(failures.map((row) => row.at(-1))).toEqual([159, 83, 82, 81, 80].map((row) => `change_log ${row}`));
      const explain = await page.locator('.opening .events a').last().getAttribute('href');
      const [oldest] = visits.known.events('--name', `ao.${UNEXPECTED}`);
      expect(Object.fromEntries(new URLSearchParams(explain!))).toMatchObject({ view: 'explain', what: oldest!.id });
      await page.keyboard.press('Enter');
      await page.waitForSelector('.opening', { state: 'detached' });
    }));

  test('shows what crashed, the newest first', () =>
    visits.visit(async ({ page, open }) => {
      await open(`view=crashes&${THEN}`);
      const crashes = await rowsOf(page, 'section:first-child > .scroll > .events');
      expect(crashes.map(([at, name, subject]) => [at, name!.replace('✕ failure: ', ''), subject].join(' '))).toEqual([
        `2026-06-14 12:05:00Z ${UNEXPECTED} api-3`,
        '2026-06-14 12:05:00Z daemon.shutdown_unclean install',
        '2026-06-09 15:00:00Z daemon.panic install',
        `2026-06-05 09:00:00Z ${UNEXPECTED} web-4`,
        `2026-06-05 09:00:00Z ${UNEXPECTED} web-3`,
        `2026-06-05 09:00:00Z ${UNEXPECTED} web-2`,
        `2026-06-05 09:00:00Z ${UNEXPECTED} api-1`,
        '2026-06-05 09:00:00Z daemon.shutdown_unclean install',
        '2026-06-02 14:00:00Z daemon.panic install',
      ]);
    }));

  test('shows how the daemon went down before each start', () =>
    visits.visit(async ({ page, open }) => {
      await open(`view=crashes&${THEN}`);
      expect(await rowsOf(page, '.starts')).toEqual([
        ['2026-06-14 12:05:00Z', '✕ no stop: a crash', '1'],
        ['2026-06-10 08:00:00Z', '? unknown', '-'],
        ['2026-06-08 08:00:00Z', '✓ a clean stop', '-'],
        ['2026-06-05 09:00:00Z', '✕ no stop: a crash', '4'],
        ['2026-06-03 08:00:00Z', '✓ a clean stop', '-'],
        ['2026-06-02 08:00:00Z', '✓ a clean stop', '-'],
        ['2026-06-01 08:00:05Z', '? unknown', '-'],
      ]);
    }));
});
