import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, jest, test } from '@jest/globals';
import { loadKnown } from '../../fixtures/known.ts';
import { packageRoot } from '../../fixtures/package-root.ts';
import { rebuilt } from '../bundle/history.ts';
import { forged, textsIn } from '../bundle/made.ts';
import { hostPath, projector, tiersOn } from '../support/processes.ts';
import { commandIn } from './command.ts';

jest.setTimeout(60_000);

const NOW = Date.UTC(2026, 5, 14, 12, 10);
const ZIP = 'ao-projector-bug-report-20260614T121000Z.zip';
const WINDOW = ['--since', '2026-06-12', '--now', '2026-06-14T12:10:00Z'];

const folder = mkdtempSync(join(tmpdir(), 'ao-projector-test-'));
loadKnown(hostPath(folder)).close();
rebuilt(folder, NOW);
const env = tiersOn(folder);
const reports = mkdtempSync(join(tmpdir(), 'ao-projector-test-'));
const written = commandIn(reports, env, 'bug-report', ...WINDOW);

afterAll(() => {
  for (const path of [folder, reports]) rmSync(path, { recursive: true, force: true });
});

test('bug-report writes one zip, says what is inside and what was left out, and that nothing was sent', () => {
  expect(written).toMatchObject({ code: 0, stderr: '' });
  expect(readdirSync(reports)).toEqual([ZIP]);
  expect(written.stdout).toMatch(`${ZIP}: ${readFileSync(join(reports, ZIP)).length} bytes`);
  expect(written.stdout).toMatch('left out    134 facts of change_log and 126 of the journal, from before the window');
  expect(written.stdout).toMatch(/change_log\.ndjson +\d+ +20 facts, 0 rows that did not fit/);
  expect(written.stdout).toMatch('Nothing was sent anywhere.');
});

test('it works with all switches off, for it reads what is there', () => {
  const { AO_TELEMETRY_METRICS: _, AO_TELEMETRY_EVENTS: __, ...places } = env;
  expect(commandIn(reports, places, 'bug-report', '--preview', ...WINDOW).stdout).toMatch('35 events');
});

test('a second one of the same moment takes another name', () => {
  const again = mkdtempSync(join(tmpdir(), 'ao-projector-test-'));
  for (const _ of [1, 2]) expect(commandIn(again, env, 'bug-report', ...WINDOW).code).toBe(0);
  expect(readdirSync(again).sort()).toEqual([ZIP.replace('.zip', '-2.zip'), ZIP]);
  rmSync(again, { recursive: true });
});

test('a preview says the same and writes nothing', () => {
  const { stdout } = commandIn(reports, env, 'bug-report', '--preview', ...WINDOW);
  expect(stdout.split('\n').slice(1)).toEqual(written.stdout.split('\n').slice(1));
  expect(stdout).toMatch(/^Nothing was written: \d+ bytes/);
  expect(readdirSync(reports)).toEqual([ZIP]);
});

test('where nothing was derived there is nothing to report', () => {
  const empty = mkdtempSync(join(tmpdir(), 'ao-projector-test-'));
  const { code, stderr } = commandIn(empty, tiersOn(empty), 'bug-report');
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching('Nothing was derived yet') });
  expect(readdirSync(empty)).toEqual([]);
  rmSync(empty, { recursive: true });
});

test('open shows the manifest, the groups of failures and the last events', () => {
  const { stdout } = commandIn(reports, {}, 'bug-report', 'open', ZIP);
  expect(stdout).toMatch('made 2026-06-14 12:10:00Z by ao-projector');
  expect(stdout).toMatch(/lifecycle\.session_terminated_unexpected +found_dead_at_start +new +1/);
  expect(stdout).toMatch('the last 20 of 35 events');
  expect(stdout).toMatch(/ao\.session\.restored +p2-1/);
  const json = JSON.parse(commandIn(reports, {}, 'bug-report', 'open', ZIP, '--json').stdout);
  expect(json).toMatchObject({ now: NOW, as_of: { change_log: 161, telemetry: 214 }, manifest: { format: 1 } });
  expect(json.events).toHaveLength(35);
});

test('replay says that the same was derived, and ends with 0', () => {
  expect(commandIn(reports, {}, 'replay', ZIP)).toEqual({
    ...{ code: 0, stderr: '', stdout: 'the same: 35 events, 6 groups of failures\n' },
  });
});

test('replay plays without a terminal where a speed is asked for, and ends with the whole funnel', () => {
  const { stdout } = commandIn(reports, {}, 'replay', ZIP, '--speed', '1e9', '--from', '1d');
  const lines = stdout.trimEnd().split('\n');
  expect(lines[2]).toMatch('ao.app.returned');
  expect(lines.slice(2, -1)).toHaveLength(7);
  expect(lines.at(-1)).toMatch('2026-06-14 12:05:00Z  spawned 4 › first_signal 3 › pr.observed 2 › pr.ci_passed 1');
});

test('replay of a bundle that says something else ends with 1 and the first difference', () => {
  const texts = textsIn(readFileSync(join(reports, ZIP)));
  const other = texts['events.ndjson']!.replace('"end_cause":"found_dead_at_start"', '"end_cause":"unknown"');
  writeFileSync(join(folder, 'other.zip'), forged({ ...texts, 'events.ndjson': other }));
  const { code, stdout } = commandIn(folder, {}, 'replay', 'other.zip');
  expect(code).toBe(1);
  expect(stdout).toMatch(/first difference:\n {2}ao\.session\.killed [0-9a-f]{32}, dimensions\.end_cause\n/);
  expect(stdout).toMatch('in the bug report: "unknown"\n  projected anew:    "found_dead_at_start"\n');
  const json = JSON.parse(commandIn(folder, {}, 'replay', 'other.zip', '--json').stdout);
  expect(json).toMatchObject({ now: NOW, identical: false, first_difference: { field: 'dimensions.end_cause' } });
  expect(json.events).toHaveLength(35);
});

test('what is no bundle ends with 1 and what to do, and a step without a terminal with 2', () => {
  writeFileSync(join(folder, 'no.zip'), 'no zip');
  const refused = commandIn(folder, {}, 'replay', 'no.zip');
  expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching('expected: a zip') });
  expect(commandIn(reports, {}, 'replay', ZIP, '--step')).toMatchObject({ code: 2 });
  expect(commandIn(reports, {}, 'replay', ZIP, '--speed', '-1')).toMatchObject({ code: 2 });
  expect(commandIn(reports, {}, 'replay', ZIP, '--as-test', 'x')).toMatchObject({ code: 2 });
});

test('told to stop while it plays, it leaves no folder behind', async () => {
  const temporary = mkdtempSync(join(tmpdir(), 'ao-projector-test-'));
  const playing = projector({ TMPDIR: temporary }, 'replay', join(reports, ZIP), '--speed', '1');
  await playing.says('the same');
  expect(readdirSync(temporary)).toHaveLength(1);
  const { code } = await playing.stop('SIGINT');
  expect({ code, left: readdirSync(temporary) }).toEqual({ code: 0, left: [] });
  rmSync(temporary, { recursive: true });
});

test('a failure of a bug report becomes a test that passes, and that fails where the failure is another', () => {
  const specs = mkdtempSync(join(packageRoot(), 'test', 'replay', 'written-'));
  try {
    const zip = join(reports, ZIP);
    const wish = ['--as-test', 'found-dead', '--failure', '4215fd23'];
    const { stdout } = commandIn(specs, {}, 'replay', zip, ...wish);
    expect(stdout).toMatch(/^found-dead\.json: 4 of 108 facts, found in \d+ tries\nfound-dead\.test\.ts\n$/);
    const fixture = JSON.parse(readFileSync(join(specs, 'found-dead.json'), 'utf8'));
    expect(fixture.change_log.map(({ seq }: { seq: number }) => seq)).toEqual([142, 159, 160]);
    expect(fixture.journal.map(({ name }: { name: string }) => name)).toEqual(['ao.daemon.started']);
    expect(commandIn(specs, {}, 'replay', zip, ...wish)).toMatchObject({ code: 1, stdout: '' });
    expect(jestOn(specs, 'found-dead.test.ts')).toBe(0);
    const spec = join(specs, 'found-dead.test.ts');
    writeFileSync(spec, readFileSync(spec, 'utf8').replace("'found_dead_at_start'", "'runtime_gone'"));
    expect(jestOn(specs, 'found-dead.test.ts')).toBe(1);
  } finally {
    rmSync(specs, { recursive: true });
  }
});

/** How jest ends that runs one file. */
function jestOn(specs: string, file: string): number | null {
  const jest = join(packageRoot(), 'node_modules', 'jest', 'bin', 'jest.js');
  return spawnSync(process.execPath, [jest, '--runTestsByPath', join(specs, file)], { cwd: packageRoot() }).status;
}
