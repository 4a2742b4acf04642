import assert from 'node:assert/strict';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import Database from 'better-sqlite3';
import { writeVolume } from '../fixtures/volume.ts';
import { EVENTS, eventId, eventParts } from '../projections/vocabulary.ts';
import type { FunnelAnswer } from '../projector/answers/funnel/answer.ts';
import { ask } from '../projector/answers/funnel/ask.ts';
import { DAY_MS, DEFAULTS, type FunnelQuestion } from '../projector/answers/funnel/question.ts';
import { SHIPPED } from '../projector/answers/funnel/shipped.ts';
import { Source } from '../projector/answers/source.ts';
import { Packing } from '../projector/store/derived/packed.ts';
import { type Paths, pathsOf } from '../projector/store/paths.ts';
import { environment, lastLine, script } from './children.ts';
import { openDerived } from './derived.ts';
import { inFolder } from './folders.ts';
import { fillEvents } from './funnel-events.ts';
import { PEERS, type Peer, THREADS } from './funnel-peers.ts';
import { median, note, print } from './report.ts';

const EVENTS_IN_ALL = 1_000_000;
const SESSIONS = 50_000;
const ROUNDS = 9;
/** Rounds that go before, uncounted: whatever compiles what runs often has done so by then. */
const WARM_UP = 5;
/** As much of the time of the faster of DuckDB and ClickHouse as ours may take, and of plain SQL. */
const SHARE_OF_FASTEST = 0.5;
const SHARE_OF_SQL = 1 / 15;
/** As long as a funnel that comes with the program may take. */
const SHIPPED_MS = 10;
const NEW_EVENTS = 1_000;
const TOUCHED = 100;
/** As much of the time of a packed answer as one with touched subjects may take. */
const TOUCHED_RATIO = 2;
const TIERS = { metrics: true, events: true, remote: [] };
const OF_ROUNDS = `median of ${ROUNDS}`;

const QUESTION: FunnelQuestion = {
  ...DEFAULTS,
  name: 'bench',
  subject: 'session',
  steps: [EVENTS.spawned, EVENTS.waitingEntered, EVENTS.prObserved, EVENTS.merged].map((event) => ({
    ...{ events: [event], where: {}, optional: false, gapMs: null },
  })),
  windowMs: 7 * DAY_MS,
  now: Date.UTC(2027, 0),
};
const WITH_PARTS: FunnelQuestion = { ...QUESTION, by: 'harness', interval: 'week' };

/** One funnel over the same events: ours, and that of other engines, whose answers must be ours. */
export async function benchFunnel(): Promise<void> {
  await inFolder(async (folder) => {
    const paths = await writeEvents(folder);
    const peers = await openPeers(folder);
    const source = Source.open(paths, TIERS);
    try {
      note(
        `${count(EVENTS_IN_ALL)} events of ${count(SESSIONS)} sessions, 4 steps in order within 7 d; each engine with a`,
      );
      note(
        `table of its own, loaded before, and ${THREADS} threads; ${WARM_UP} rounds went before, uncounted; all answers are equal`,
      );
      note('with parts: broken down by harness, and by the week of the entry');
      await measure('funnel', peers, {
        ours: () => countsOf(ask(source, QUESTION)),
        theirs: async (peer) => (await peer.counts(QUESTION))[0]!.map(Number),
      });
      await measure('funnel with parts', peers, {
        ours: () => partsOf(ask(source, WITH_PARTS)),
        theirs: async (peer) => sumsOf(await peer.byHarnessAndWeek(WITH_PARTS)),
      });
      await measureShipped(source);
      await measureTouched(source, paths);
    } finally {
      source.close();
      for (const peer of peers) peer.close();
    }
  });
}

/** The funnels that come with the program, over the same events. */
async function measureShipped(source: Source): Promise<void> {
  for (const [name, shipped] of Object.entries(SHIPPED)) {
    const times = await rounds(() => ask(source, { ...shipped, now: QUESTION.now }));
    print({ what: `funnel ${name}, ours`, value: median(times), unit: 'ms', of: OF_ROUNDS, bound: SHIPPED_MS });
  }
}

/** The funnel asked in turn of packed events, and of the same file with some subjects touched since. */
async function measureTouched(packed: Source, paths: Paths): Promise<void> {
  touchSome(packed.derived.name);
  const touched = Source.open(paths, TIERS);
  const ratios: number[] = [];
  try {
    for (let round = -WARM_UP; round < ROUNDS; round++) {
      const warm = await time(() => ask(packed, QUESTION));
      const after = await time(() => ask(touched, QUESTION));
      if (round >= 0) ratios.push(after / warm);
    }
  } finally {
    touched.close();
  }
  note(`touched: after ${count(NEW_EVENTS)} new events of ${TOUCHED} sessions, in a snapshot of its own`);
  const value = median(ratios);
  print({ what: 'funnel, touched to packed', value, unit: 'x', of: OF_ROUNDS, bound: TOUCHED_RATIO });
}

/** New events as a live tail commits them. */
function touchSome(path: string): void {
  const derived = new Database(path);
  const packing = new Packing(derived);
  const newest = derived
    .prepare<[], { id: number; at: number }>('SELECT id, at FROM event ORDER BY id DESC LIMIT 1')
    .get()!;
  const { position } = eventParts(newest.id);
  const insert = derived.prepare(
    'INSERT INTO event (id, subject, session, project, at) VALUES (:id, :subject, :session, 1, :at)',
  );
  derived.transaction(() => {
    for (let index = 1; index <= NEW_EVENTS; index++) {
      const session = 1 + (index % TOUCHED) * (SESSIONS / TOUCHED);
      const id = eventId('change_log', position + index, EVENTS.waitingEntered);
      const row = { id, subject: session, session, at: newest.at + index };
      insert.run(row);
      packing.touch(row);
    }
    packing.flush();
  })();
  derived.close();
}

/** The funnel asked of every engine in turn, so many times. */
async function measure<T>(
  what: string,
  peers: readonly Peer[],
  { ours, theirs }: { ours: () => T; theirs: (peer: Peer) => Promise<T> },
): Promise<void> {
  for (let round = 0; round < WARM_UP; round++) {
    const expected = ours();
    for (const peer of peers) assert.deepEqual(await theirs(peer), expected, `${peer.name} answers otherwise`);
  }
  const times = new Map<string, number[]>(['ours', ...peers.map(({ name }) => name)].map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    times.get('ours')!.push(await time(ours));
    for (const peer of peers) times.get(peer.name)!.push(await time(() => theirs(peer)));
  }
  const medians = new Map([...times].map(([name, of]) => [name, median(of)]));
  for (const [name, value] of medians) print({ what: `${what}, ${name}`, value, unit: 'ms', of: OF_ROUNDS });
  const mine = medians.get('ours')!;
  const fastest = Math.min(...['DuckDB', 'ClickHouse'].flatMap((name) => medians.get(name) ?? []));
  if (Number.isFinite(fastest)) {
    const against = 'the faster of DuckDB and ClickHouse';
    print({
      what: `${what}, ours to fastest`,
      value: mine / fastest,
      unit: 'x',
      of: 'of medians',
      bound: SHARE_OF_FASTEST,
      against,
    });
  }
  const sql = medians.get('plain SQLite')!;
  print({ what: `${what}, ours to plain SQL`, value: mine / sql, unit: 'x', of: 'of medians', bound: SHARE_OF_SQL });
}

/** Events in a derived file, and beside it as CSV. */
async function writeEvents(folder: string): Promise<Paths> {
  writeVolume(join(folder, 'ao.db'), { rows: 100, mix: 'R' });
  await lastLine(script('ours'), { env: environment(folder) });
  const reader = openDerived(folder);
  const derived = new Database(reader.name);
  reader.close();
  fillEvents(derived, EVENTS_IN_ALL, SESSIONS);
  derived.unsafeMode(true);
  derived.transaction(() => new Packing(derived).packAll())();
  derived.close();
  const lines = function* () {
    for (const row of rowsIn(folder)) yield `${row.join(',')}\n`;
  };
  await pipeline(Readable.from(lines()), createWriteStream(join(folder, 'events.csv')));
  return pathsOf(environment(folder));
}

function* rowsIn(folder: string): Generator<unknown[]> {
  const derived = openDerived(folder);
  const rows = derived.prepare<[], unknown[]>(
    'SELECT session, at, id % 64, harness FROM event JOIN observed_session ON born = session ORDER BY id',
  );
  yield* rows.raw().iterate();
  derived.close();
}

async function openPeers(folder: string): Promise<Peer[]> {
  const peers: Peer[] = [];
  for (const [name, open] of Object.entries(PEERS)) {
    try {
      peers.push(await open(join(folder, 'events.csv'), () => rowsIn(folder)));
    } catch (error) {
      note(`${name} is missing (${firstLine(error)}); npm install --prefix bench/peers`);
    }
  }
  return peers;
}

function firstLine(error: unknown): string {
  return String((error as Error).message).split('\n')[0]!;
}

function countsOf({ steps }: Pick<FunnelAnswer, 'steps'>): number[] {
  return steps.map(({ reached }) => reached);
}

/** Counts by step, of each harness and of each week. */
function partsOf({ breakdown, trend }: FunnelAnswer): [string, number[]][] {
  const parts = [
    ...breakdown.map((part): [string, number[]] => [String(part.value), countsOf(part)]),
    ...trend.map(({ from, reached }): [string, number[]] => [String(from), [...reached]]),
  ];
  return parts.sort(([a], [b]) => a.localeCompare(b));
}

/** The same, from rows of harness, week and counts by step. */
function sumsOf(rows: readonly unknown[][]): [string, number[]][] {
  const sums = new Map<string, number[]>();
  for (const [harness, week, ...counts] of rows) {
    for (const part of [String(harness), String(week)]) {
      const sum = sums.get(part) ?? counts.map(() => 0);
      sums.set(part, sum);
      counts.forEach((value, index) => {
        sum[index]! += Number(value);
      });
    }
  }
  return [...sums].sort(([a], [b]) => a.localeCompare(b));
}

async function rounds(work: () => unknown): Promise<number[]> {
  const times: number[] = [];
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    const took = await time(work);
    if (round >= 0) times.push(took);
  }
  return times;
}

async function time(work: () => unknown): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function count(value: number): string {
  return value.toLocaleString('en');
}
