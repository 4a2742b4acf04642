import { expect, test } from '@jest/globals';
import { inBrowser, THEN, Visits } from './browser.ts';
import { drawingsOf, rowsOf } from './read.ts';

inBrowser('stuck', () => {
  const visits = new Visits();

  test('shows who waits, with a link to what happened to it', () =>
    visits.visit(async ({ page, open }) => {
      await open(`view=stuck&${THEN}`);
      expect(await rowsOf(page, '.waits')).toEqual([['infra-2', '2026-06-12 15:00:00Z', '2.4 d', '']]);
      const href = await page.locator('.waits a').getAttribute('href');
      expect(Object.fromEntries(new URLSearchParams(href!))).toMatchObject({ view: 'subject', id: 'infra-2' });
    }));

  test('shows how long waits took, by harness', () =>
    visits.visit(async ({ page, open }) => {
      await open(`view=stuck&${THEN}`);
      const rows = await rowsOf(page, '.dwell');
      expect(rows.map((row) => row.slice(0, 4))).toEqual([
        ['claude-code', '4', '11 min', '41 min'],
        ['aider', '1', '45 s', '45 s'],
      ]);
      expect(await drawingsOf(page, '.dwell')).toEqual([
        'waits of claude-code: 1 min to 5 min: 2, 15 min to 1 h: 2',
        'waits of aider: 10 s to 1 min: 1',
      ]);
    }));

  test('shows where those stopped whose time is over', () =>
    visits.visit(async ({ page, open }) => {
      await open('view=stuck&now=2026-07-15T00:00:00Z');
      const stopped = await rowsOf(page, '.stopped');
      expect(stopped.map(([step, count]) => [step, count])).toEqual([
        ['session.spawned', '1'],
        ['session.first_signal', '1'],
        ['pr.observed', '2'],
        ['pr.ci_passed', '2'],
        ['pr.approved', '1'],
      ]);
    }));

  test('shows the failures that stood in their way, and no crashes', () =>
    visits.visit(async ({ page, open }) => {
      await open(`view=stuck&${THEN}`);
      const groups = await rowsOf(page, '.groups');
      expect(groups.map(([name]) => name)).toEqual([
        'session.no_signal',
        'session.stuck_waiting',
        'cli.exit_2 usage ao pr merge',
        'cli.exit_2 usage ao send',
        'spawn.failed internal',
        expect.stringContaining('AGENT_BINARY_NOT_FOUND'),
        expect.stringContaining('AGENT_BINARY_NOT_FOUND'),
        'cli.exit_2 usage ao spawn',
        'cli.repeated_failure ao spawn',
        'ci.repeated_failure',
        'spawn.failed invalid BRANCH_NOT_FETCHED',
      ]);
    }));

  test('says what to do where nobody is stuck', () =>
    visits.visit(async ({ page, open }) => {
      await open(`view=stuck&since=2026-06-14T20:00:00Z&${THEN}`);
      expect(await page.locator('.empty').allInnerTexts()).toEqual([
        expect.stringContaining('Nobody waits.'),
        expect.stringContaining('No wait has ended.'),
        expect.stringContaining('Nobody has stopped.'),
        expect.stringContaining('Nothing failed.'),
      ]);
    }));
});
