import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { loadKnown } from '../../fixtures/known.ts';
import type { EventAnswer } from '../../projector/answers/events.ts';
import { rebuilt } from '../bundle/history.ts';
import { hostPath, projector, type Running, tiersOn } from '../support/processes.ts';
import { commandIn } from './command.ts';

const NOW = Date.UTC(2026, 5, 14, 12, 10);
const ZIP = 'ao-projector-bug-report-20260614T121000Z.zip';

const folder = mkdtempSync(join(tmpdir(), 'ao-projector-test-'));
let serving: Running;
let address: URL;

beforeAll(async () => {
  loadKnown(hostPath(folder)).close();
  rebuilt(folder, NOW);
  commandIn(folder, tiersOn(folder), 'bug-report', '--since', '2026-06-12', '--now', '2026-06-14T12:10:00Z');
  serving = projector({ TMPDIR: folder }, 'replay', join(folder, ZIP), '--serve');
  await serving.says('#token=');
  address = new URL((await serving.lines()).at(-1)!);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function asked(path: string): Promise<string> {
  const headers = { Authorization: `Bearer ${address.hash.replace('#token=', '')}` };
  return await (await fetch(`${address.origin}/api/v1/${path}`, { headers })).text();
}

test('the page plays what was projected from the bug report, with switches off or on', async () => {
  expect(address.search).toBe('?view=playback');
  expect((await serving.lines())[0]).toMatch(/^the same: /);
  const events = (await asked('events'))
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as EventAnswer);
  const { stdout } = commandIn(folder, {}, 'replay', join(folder, ZIP), '--json');
  expect(events.map(({ id }) => id)).toEqual(
    (JSON.parse(stdout) as { events: EventAnswer[] }).events.map(({ id }) => id),
  );
  expect(events.every(({ raw }) => raw !== null)).toBe(true);
});

test('questions are asked as of the end of the history', async () => {
  expect(JSON.parse(await asked('stuck'))).toMatchObject({ now: NOW });
});

test('where it is stopped nothing is left', async () => {
  const before = readdirSync(folder);
  expect(before.some((name) => name.startsWith('ao-projector-') && !name.endsWith('.zip'))).toBe(true);
  expect(await serving.stop()).toMatchObject({ code: 0 });
  expect(readdirSync(folder).filter((name) => name.startsWith('ao-projector-'))).toEqual([ZIP]);
});
