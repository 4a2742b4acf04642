import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { packagePath } from '../../projector/store/paths.ts';
import { NOW } from '../known/known.ts';
import { tiersOn } from '../support/processes.ts';
import { inBrowser, THEN, Visits } from './browser.ts';

const CLI = packagePath('dist', 'projector', 'cli', 'main.js');

const reached = async (page: Page) => (await page.locator('.steps .reached').allInnerTexts()).map(Number);
const questionOf = (page: Page) => JSON.parse(new URL(page.url()).searchParams.get('question')!);
const asking = (question: object) => `${THEN}&edit=1&question=${encodeURIComponent(JSON.stringify(question))}`;
const reachedOf = (answer: { steps: { reached: number }[] }) => answer.steps.map((step) => step.reached);

const SPAWNED_TO_MERGED = { steps: [{ events: ['ao.session.spawned'] }, { events: ['ao.pr.merged'] }] };

inBrowser('the editor of a question', () => {
  const visits = new Visits();

  /** What the command line answers to a question. */
  const answerTo = (question: object, ...more: string[]) =>
    visits.known.ask('funnel', '--question', JSON.stringify(question), '--now', NOW, ...more);

  /** What a shell answers to a line that was copied. */
  const answerOfShell = (line: string) => {
    const { folder } = visits.known;
    const command = join(folder, 'ao-projector');
    writeFileSync(command, `#!/bin/sh\nexec "${process.execPath}" "${CLI}" "$@" --json\n`, { mode: 0o755 });
    const env = { PATH: `${folder}${delimiter}${process.env.PATH}`, ...tiersOn(folder) };
    return JSON.parse(execFileSync('sh', ['-c', line], { env, encoding: 'utf8' }));
  };

  test('begins with a copy of the funnel that is shown', () =>
    visits.visit(async ({ page, open, shown }) => {
      await open(`${THEN}&by=harness`);
      await page.click('#edit');
      await shown();
      expect(await page.locator(':focus').innerText()).toBe('The question');
      expect(await page.inputValue('#edit-window')).toBe('30d');
      expect(await page.inputValue('#edit-by')).toBe('harness');
      const shipped = visits.known.ask('funnel', 'session', '--by', 'harness', '--now', NOW);
      expect(await reached(page)).toEqual(reachedOf(shipped));
      expect(answerTo(questionOf(page))).toEqual({ ...shipped, question: { ...shipped.question, name: null } });
    }));

  test('asks what the command line asks, whatever is written by its fields', () =>
    visits.visit(async ({ page, open, shown }) => {
      await open(asking(SPAWNED_TO_MERGED));
      await page.click('#add-step');
      await page.selectOption('#step-3-event-1', 'ao.pr.observed');
      await page.click('#edit-3-up');
      await page.click('#edit-1-where-add');
      await page.selectOption('#edit-1-where-1', 'harness');
      await page.fill('#edit-1-where-1-values', 'codex, claude-code');
      await page.click('#step-3-or');
      await page.selectOption('#step-3-event-2', 'ao.pr.closed_unmerged');
      await page.click('#add-step');
      await page.selectOption('#step-4-event-1', 'ao.session.killed');
      await page.check('#edit-4-optional');
      await page.fill('#edit-2-gap', '2d');
      await page.fill('#edit-window', '10d');
      await page.click('#add-exclusion');
      await page.selectOption('#exclude-1-event-1', 'ao.pr.ci_failed');
      await page.selectOption('#exclude-1-after', '1');
      await page.selectOption('#exclude-1-before', '3');
      await page.selectOption('#edit-by', 'project');
      await page.fill('#edit-top', '1');
      await page.selectOption('#edit-interval', 'week');
      await page.click('#ask');
      await shown();
      const question = {
        steps: [
          { events: ['ao.session.spawned'], where: { harness: ['codex', 'claude-code'] } },
          { events: ['ao.pr.observed'], gap_ms: 172_800_000 },
          { events: ['ao.pr.merged', 'ao.pr.closed_unmerged'] },
          { events: ['ao.session.killed'], optional: true },
        ],
        window_ms: 864_000_000,
        exclude: [{ events: ['ao.pr.ci_failed'], after: 1, before: 3 }],
        ...{ by: 'project', top: 1, interval: 'week' },
      };
      expect(questionOf(page)).toEqual(question);
      const answer = answerTo(question);
      expect(await reached(page)).toEqual(reachedOf(answer));
      const parts = await page.locator('.multiple caption').allInnerTexts();
      expect(parts).toEqual(answer.breakdown.map(({ value }: { value: string }) => value));
      expect(parts).toHaveLength(2);
    }));

  test('gives a line for the command line, which asks the same with the filters of the page', () =>
    visits.visit(async ({ page, open }) => {
      const question = { ...SPAWNED_TO_MERGED, name: "Ann's" };
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await open(`${asking(question)}&project=web&since=2026-06-03`);
      await page.click('#copy');
      await page.getByText('Copied.').waitFor();
      const line = String(await page.evaluate('navigator.clipboard.readText()'));
      expect(line).toMatch(/^ao-projector funnel --question '/);
      const answer = answerOfShell(line);
      expect(answer.question.name).toBe("Ann's");
      expect(reachedOf(answer)).toEqual(await reached(page));
      expect(reachedOf(answer)).toEqual(reachedOf(answerTo(question, '--project', 'web', '--since', '2026-06-03')));
    }));

  test('is one with the JSON beside it, both ways', () =>
    visits.visit(async ({ page, open, shown }) => {
      await open(asking(SPAWNED_TO_MERGED));
      await page.selectOption('#edit-order', 'strict');
      expect(JSON.parse(await page.inputValue('#edit-json'))).toEqual({ ...SPAWNED_TO_MERGED, order: 'strict' });
      const other = { steps: [{ events: ['ao.pr.observed'] }, { events: ['ao.pr.approved'] }], window_ms: 3_600_000 };
      await page.fill('#edit-json', JSON.stringify(other));
      expect(await page.inputValue('#step-2-event-1')).toBe('ao.pr.approved');
      expect(await page.inputValue('#edit-window')).toBe('1h');
      await page.click('#ask');
      await shown();
      expect(questionOf(page)).toEqual(other);
      expect(await reached(page)).toEqual(reachedOf(answerTo(other)));
    }));

  test('lets steps be moved and taken away', () =>
    visits.visit(async ({ page, open }) => {
      const names = ['ao.session.spawned', 'ao.pr.observed', 'ao.pr.merged'];
      await open(asking({ steps: names.map((name) => ({ events: [name] })) }));
      const written = async () => {
        const { steps } = JSON.parse(await page.inputValue('#edit-json'));
        return steps.map(({ events }: { events: string[] }) => events[0]);
      };
      await page.click('#edit-1-down');
      expect(await written()).toEqual(['ao.pr.observed', 'ao.session.spawned', 'ao.pr.merged']);
      expect(await page.locator(':focus').getAttribute('id')).toBe('edit-2-down');
      await page.click('#edit-1-remove');
      expect(await written()).toEqual(['ao.session.spawned', 'ao.pr.merged']);
      expect(await page.locator('#edit-1-remove').count()).toBe(0);
    }));

  test.each([
    [
      'an event that there is not',
      { steps: [{ events: ['ao.session.spawned'] }, { events: ['ao.pr.mergd'] }] },
      '#step-2-event-1',
    ],
    [
      'a dimension that there is not',
      { steps: [{ events: ['ao.session.spawned'], where: { colour: 'red' } }, { events: ['ao.pr.merged'] }] },
      '#edit-1-where-1',
    ],
    [
      'an exclusion that stands nowhere',
      { ...SPAWNED_TO_MERGED, exclude: [{ events: ['ao.pr.ci_failed'], after: 2, before: 2 }] },
      '#exclude-1-before',
    ],
    ['a last day before the first', { ...SPAWNED_TO_MERGED, since: 2, until: 1 }, null],
  ])('says what the server says where it is wrong: %s', (_, question, at) =>
    visits.visit(
      async ({ page, open }) => {
        await open(asking(question));
        expect(await page.locator('.wrong').innerText()).toMatch(
          /^The funnel question is wrong at .+ Expected .+; found /,
        );
        const marked = await page.locator('[aria-invalid]').evaluateAll((fields) => fields.map(({ id }) => `#${id}`));
        if (at === null) expect(marked).toEqual([]);
        else expect(marked).toContain(at);
      },
      [400],
    ),
  );

  test('says what is wrong with a text that is no question, and lets it be mended', () =>
    visits.visit(
      async ({ page, open, shown }) => {
        await open(`${THEN}&edit=1&question=${encodeURIComponent('{"steps":')}`);
        expect(await page.locator('.wrong').innerText()).toContain('a question in JSON');
        expect(await page.inputValue('#edit-json')).toBe('{"steps":');
        await page.fill('#edit-json', JSON.stringify(SPAWNED_TO_MERGED));
        await page.click('#ask');
        await shown();
        expect(await reached(page)).toEqual(reachedOf(answerTo(SPAWNED_TO_MERGED)));
      },
      [400],
    ));

  test('asks for nothing while a span is none', () =>
    visits.visit(async ({ page, open }) => {
      await open(asking(SPAWNED_TO_MERGED));
      const before = page.url();
      await page.fill('#edit-window', 'a week');
      await page.click('#ask');
      expect(await page.locator('#edit-window:invalid').count()).toBe(1);
      expect(page.url()).toBe(before);
    }));

  test('can be used with the keyboard alone', () =>
    visits.visit(async ({ page, open, shown }) => {
      await open(asking(SPAWNED_TO_MERGED));
      await page.focus('#edit-window');
      await page.keyboard.press('Control+A');
      await page.keyboard.type('3h');
      expect(await page.getByText('Changed; not asked yet.').count()).toBe(1);
      await page.keyboard.press('Enter');
      await shown();
      expect(questionOf(page).window_ms).toBe(10_800_000);
      expect(await page.locator(':focus').getAttribute('id')).toBe('edit-window');
      await page.focus('#add-step');
      await page.keyboard.press('Enter');
      expect(await page.locator(':focus').getAttribute('id')).toBe('step-3-event-1');
    }));

  test('keeps its question in the address, and lets it be changed from there', () =>
    visits.visit(async ({ page, open, shown }) => {
      await open(asking(SPAWNED_TO_MERGED).replace('edit=1&', ''));
      await page.selectOption('#choose-by', 'harness');
      await shown();
      expect(questionOf(page)).toEqual({ ...SPAWNED_TO_MERGED, by: 'harness' });
      await page.click('#edit');
      await shown();
      expect(await page.inputValue('#edit-by')).toBe('harness');
      await page.goBack();
      await page.goBack();
      await shown();
      expect(questionOf(page)).toEqual(SPAWNED_TO_MERGED);
    }));

  test('can be read by everybody, on a phone too, and where it is wrong', () =>
    visits.visit(
      async ({ page, open, violations }) => {
        await page.setViewportSize({ width: 360, height: 800 });
        const where = { harness: ['codex', 'aider'] };
        const [first, last] = SPAWNED_TO_MERGED.steps;
        const exclude = [{ events: ['ao.pr.ci_failed'], after: 2, before: 2 }];
        await open(asking({ steps: [{ ...first, where }, last], exclude }));
        expect(await violations()).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
      },
      [400],
    ));
});
