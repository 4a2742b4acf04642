import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Random } from '../../fixtures/random.ts';
import { writeVolume } from '../../fixtures/volume.ts';
import { status } from '../../projector/answers/status.ts';
import { ProjectorError } from '../../projector/errors.ts';
import { Live } from '../../projector/pipeline/live.ts';
import { rebuild } from '../../projector/pipeline/rebuild.ts';
import { explainStoreError } from '../../projector/store/analytics.ts';
import { type Paths, pathsOf } from '../../projector/store/paths.ts';
import { begin, openStore } from '../properties/harness.ts';
import { placesIn } from '../support/processes.ts';
import { DataDirectory } from './data-directory.ts';

/**
 * Gives `status`, `rebuild` and a tail one `ao.db` after the other that is none, or hardly one. Tells a file in a JSON line a
 * case what came of it, or the error that no command would have known what to say of. A crash, a hang and too much memory are
 * for the parent to see.
 */
const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    told: { type: 'string' },
    seed: { type: 'string' },
    count: { type: 'string' },
  },
});

const folder = values.folder!;
const random = new Random(Number(values.seed));
const paths = pathsOf(placesIn(folder));
const TIERS = { metrics: true, events: true, remote: [] };

type Mutation = (whole: Buffer) => Buffer;

const bytes = (length: number): Buffer => Buffer.from(Array.from({ length }, () => random.between(0, 255)));

function pageSize(whole: Buffer): number {
  return whole.readUInt16BE(16);
}

function somePage(whole: Buffer): number {
  const size = pageSize(whole);
  return size * random.between(0, whole.length / size - 1);
}

/** What may stand under the name of the database instead of it. */
const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'random bytes': () => bytes(random.scale(1, 20_000)),
  'a header and random bytes': (whole) => Buffer.concat([whole.subarray(0, 100), bytes(random.scale(1, 20_000))]),
  'cut off': (whole) => whole.subarray(0, random.between(0, whole.length)),
  'bits flipped': (whole) => {
    const copy = Buffer.from(whole);
    for (let flips = random.scale(1, 200); flips > 0; flips--) {
      copy[random.between(0, copy.length - 1)]! ^= 1 << random.between(0, 7);
    }
    return copy;
  },
  'a byte of a page header changed': (whole) => {
    const copy = Buffer.from(whole);
    for (let changes = random.between(1, 8); changes > 0; changes--) {
      copy[somePage(whole) + random.between(0, 40)] = random.between(0, 255);
    }
    return copy;
  },
  'a page zeroed': (whole) => {
    const copy = Buffer.from(whole);
    return copy.fill(0, ...pageAt(whole, somePage(whole)));
  },
  'a page of random bytes': (whole) => {
    const copy = Buffer.from(whole);
    bytes(pageSize(whole)).copy(copy, somePage(whole));
    return copy;
  },
  'two pages exchanged': (whole) => {
    const copy = Buffer.from(whole);
    const [one, other] = [somePage(whole), somePage(whole)];
    whole.copy(copy, one, ...pageAt(whole, other));
    whole.copy(copy, other, ...pageAt(whole, one));
    return copy;
  },
  'a page over another': (whole) => {
    const copy = Buffer.from(whole);
    whole.copy(copy, somePage(whole), ...pageAt(whole, somePage(whole)));
    return copy;
  },
};

function pageAt(whole: Buffer, from: number): [from: number, to: number] {
  return [from, from + pageSize(whole)];
}

/** Runs a command's work, and says how it went. */
function outcomeOf(act: () => void): string {
  try {
    act();
    return 'done';
  } catch (error) {
    const explained = explainStoreError(paths, error);
    if (explained instanceof ProjectorError) return 'refused';
    return `unexplained: ${(error as Error).stack}`;
  }
}

function emptied({ dataDir }: Paths): void {
  rmSync(dataDir, { recursive: true, force: true });
  mkdirSync(dataDir, { recursive: true });
}

/** Cycles of a tail that finds nothing new any more, however the rows lie. */
const MOST_CYCLES = 200;

function tails(number: number): void {
  const store = openStore(folder);
  try {
    const live = new Live(store, number, store.now);
    try {
      let cycles = 0;
      while (live.cycle().pace === 'behind') {
        if (++cycles > MOST_CYCLES) throw new RangeError('Expected the tail to come to an end, it goes on for ever');
      }
    } finally {
      live.close();
    }
  } finally {
    store.close();
  }
}

function makes(): void {
  const store = openStore(folder);
  try {
    let commits = 0;
    for (const _ of rebuild(store)) {
      if (++commits > MOST_CYCLES) throw new RangeError('Expected the rebuild to come to an end, it goes on for ever');
    }
  } finally {
    store.close();
  }
}

/** A whole database, and what was derived from it: a tail meets the change, a rebuild meets nothing but it. */
function whole(): { database: Buffer; derived: ReadonlyMap<string, Buffer> } {
  emptied(paths);
  if (random.chance(0.2)) {
    // More rows than one page of the reader has.
    writeVolume(paths.host, { rows: 3_000, mix: random.pick(['R', 'A']), sessions: 20, seed: random.uint32() });
  } else {
    const data = new DataDirectory(folder, random.uint32());
    data.write(random.between(60, 400));
    data.close();
  }
  const store = openStore(folder);
  begin(store).close();
  store.close();
  const names = ['analytics.db', 'analytics.key', 'analytics.derived.1.db'];
  const derived = new Map(names.map((name) => [name, readFileSync(join(folder, name))]));
  return { database: readFileSync(paths.host), derived };
}

const CASES_A_DATABASE = 25;
let present = whole();
for (let number = 0; number < Number(values.count); number++) {
  if (number > 0 && number % CASES_A_DATABASE === 0) present = whole();
  const name = random.pick(Object.keys(MUTATIONS));
  const database = MUTATIONS[name]!(present.database);
  // Should the process not survive it, this is the last line.
  say({ number, name });
  emptied(paths);
  writeFileSync(paths.host, database);
  const outcomes = [outcomeOf(() => status(paths, TIERS, 0)), outcomeOf(makes)];
  emptied(paths);
  writeFileSync(paths.host, database);
  for (const [file, content] of present.derived) writeFileSync(join(folder, file), content);
  outcomes.push(
    outcomeOf(() => tails(1)),
    outcomeOf(() => status(paths, TIERS, 0)),
  );
  const isAsItWas = existsSync(paths.host) && readFileSync(paths.host).equals(database);
  if (!isAsItWas) outcomes.push("unexplained: the daemon's database was changed");
  say({ number, name, outcomes });
}
say({ mostKiB: process.resourceUsage().maxRSS });

function say(line: object): void {
  appendFileSync(values.told!, `${JSON.stringify(line)}\n`);
}
