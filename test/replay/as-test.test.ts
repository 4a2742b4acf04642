import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { loadKnown } from '../../fixtures/known.ts';
import type { BundleFacts } from '../../projector/bundle/facts.ts';
import { readBundle } from '../../projector/bundle/open.ts';
import { zip } from '../../projector/bundle/zip.ts';
import { shownBy, smallestHistory } from '../../projector/replay/as-test.ts';
import { type Replayed, replaying } from '../../projector/replay/replay.ts';
import { writeSpec } from '../../projector/replay/spec.ts';
import { type Wish, wantedOf } from '../../projector/replay/wanted.ts';
import { rebuilt } from '../bundle/history.ts';
import { forged, madeIn, textsIn } from '../bundle/made.ts';
import { hostPath } from '../support/processes.ts';

jest.setTimeout(60_000);

const NOW = Date.UTC(2026, 5, 14, 12, 10);
const GOING_ON = new AbortController().signal;

const folder = mkdtempSync(join(tmpdir(), 'ao-projector-test-'));
let bytes: Uint8Array;

beforeAll(() => {
  loadKnown(hostPath(folder)).close();
  rebuilt(folder, NOW);
  bytes = zip(madeIn(folder, 0, NOW).files);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function over<T>(bundle: Uint8Array, use: (replayed: Replayed) => Promise<T> | T): Promise<T> {
  const path = join(folder, 'bundle.zip');
  writeFileSync(path, bundle);
  return replaying(path, use);
}

/** Positions of the facts in the smallest history of a wish, and the names of the events that it shows. */
function found(wish: Wish, bundle = bytes): Promise<{ rows: string[]; shows: string[] }> {
  return over(bundle, async (replayed) => {
    const bench = replayed.paths.dataDir;
    const wanted = wantedOf(replayed, wish);
    const { facts, isMinimal } = await smallestHistory(replayed.facts, wanted, { folder: bench, stop: GOING_ON });
    expect(isMinimal).toBe(true);
    return { rows: rowsOf(facts), shows: shownBy(facts, wanted, bench).map(({ name }) => name) };
  });
}

const rowsOf = ({ changes, journal }: BundleFacts) => [
  ...changes.map(({ seq, type }) => `${seq} ${type}`),
  ...journal.map(({ position, name }) => `t${position} ${name}`),
];

/** The event of a name whose cause stands at a position. */
function eventAt(name: string, position: number): { event: string } {
  const event = readBundle(bytes).derived.events.find((one) => one.name === name && one.cause_position === position);
  return { event: event!.id };
}

test('an event needs the rows that make it, and no others', async () => {
  expect(await found(eventAt('ao.session.killed', 159))).toEqual({
    rows: ['142 session_created', '159 session_updated', '160 session_updated', 't201 ao.daemon.started'],
    shows: ['ao.session.killed'],
  });
});

test('an event that the clock tells needs a row that moves the clock', async () => {
  const { rows, shows } = await found(eventAt('ao.session.stuck_waiting', 154));
  expect(shows).toEqual(['ao.session.stuck_waiting']);
  expect(rows.slice(0, 2)).toEqual(['152 session_created', '154 session_updated']);
  expect(rows).toHaveLength(3);
});

test('of a group of failures one is enough', async () => {
  const groups = readBundle(bytes).derived.failures.groups;
  const stuck = groups.find(({ name }) => name === 'ao.session.stuck_waiting')!;
  expect(stuck.count).toBe(2);
  expect((await found({ failure: stuck.fingerprint.slice(0, 6) })).shows).toEqual(['ao.session.stuck_waiting']);
});

test('the first difference is shown as it is derived now', async () => {
  const texts = textsIn(bytes);
  const told = texts['events.ndjson']!.replace('"end_cause":"found_dead_at_start"', '"end_cause":"unknown"');
  const other = forged({ ...texts, 'events.ndjson': told });
  expect((await found('difference', other)).shows).toEqual(['ao.session.killed']);
});

test.each<[string, Wish, string]>([
  ['a group that there is not', { failure: 'xyz' }, 'wish_unknown'],
  ['a beginning that several have', { event: '' }, 'wish_unknown'],
  ['a difference where there is none', 'difference', 'no_difference'],
])('%s cannot be shown', async (_, wish, code) => {
  await expect(over(bytes, (replayed) => wantedOf(replayed, wish))).rejects.toMatchObject({ code });
});

test('a difference that only the bug report tells cannot be shown', async () => {
  const texts = textsIn(bytes);
  const [first, ...others] = texts['events.ndjson']!.split('\n');
  const id = JSON.parse(first!).id as string;
  const other = forged({ ...texts, 'events.ndjson': [first!.replace(id, '0'.repeat(32)), ...others].join('\n') });
  const asked = over(other, (replayed) => wantedOf(replayed, 'difference'));
  await expect(asked).rejects.toMatchObject({ code: 'difference_not_derived' });
});

test('it ends when it is told to stop', async () => {
  const asked = over(bytes, (replayed) =>
    smallestHistory(replayed.facts, () => true, { folder: replayed.paths.dataDir, stop: AbortSignal.abort() }),
  );
  await expect(asked).rejects.toMatchObject({ code: 'stopped' });
});

test('a name that leads elsewhere is no name of a test, and no file is written over', () => {
  const into = join(folder, 'specs');
  mkdirSync(into);
  const facts = { changes: [], rejected: [], journal: [] };
  for (const name of ['', '../x', 'a/b', '.hidden', "a'b", 'a b']) {
    expect(() => writeSpec(into, name, facts, [])).toThrow(expect.objectContaining({ code: 'spec_not_written' }));
  }
  expect(writeSpec(into, 'one', facts, [])).toEqual(['one.json', 'one.test.ts']);
  expect(() => writeSpec(into, 'one', facts, [])).toThrow(expect.objectContaining({ found: 'one.json' }));
});
