import SQLite from 'better-sqlite3';
import { Live } from '../../projector/pipeline/live.ts';
import { rebuild } from '../../projector/pipeline/rebuild.ts';
import type { Store } from '../../projector/store/store.ts';
import { look, openStore } from '../properties/harness.ts';
import { againstOracle } from '../support/agrees-with-oracle.ts';
import { derivedRows, differences } from '../support/derived-tables.ts';
import { type Ended, pause, projector, type Running, tiersOn } from '../support/processes.ts';

/** A process that says nothing for so long, and does not end when it is asked to, hangs. */
const LONGEST_MS = 60_000;

/** Throws unless it is so. */
export function expectThat(isSo: boolean, what: () => string): void {
  if (!isSo) throw new Error(what());
}

/** How a process ends that is to end by itself. */
export async function endOf(process: Running): Promise<Ended> {
  const limit = setTimeout(() => process.child.kill('SIGKILL'), LONGEST_MS);
  const ended = await process.ended;
  clearTimeout(limit);
  return ended;
}

/** Resolves once something is so; throws where it does not become so. */
export async function becomes(what: string, isSo: () => boolean, limitMs = LONGEST_MS): Promise<void> {
  for (const began = performance.now(); !isSo(); await pause(20)) {
    expectThat(performance.now() - began < limitMs, () => `Expected that ${what}, waited in vain`);
  }
}

const ERROR = /^.+\n {2}expected: .+\n {2}found: .+\n {2}what to do: .+\n/m;

/** Holds that a process ended with one of these exit codes, and, where it failed, said why as every command does. */
export function endedWell(ended: Ended, ...codes: number[]): void {
  const { code, signal, stderr } = ended;
  const isWell =
    code !== null && codes.includes(code) && !/^ {4}at /m.test(stderr) && (code === 0 || ERROR.test(stderr));
  expectThat(
    isWell,
    () => `Expected exit code ${codes.join(' or ')} and a plain error, got ${code ?? signal}: ${stderr}`,
  );
}

/**
 * Goes on from whatever is in the folder, and holds the tables against those of one rebuild, the events against an independent
 * reading of the daemon's database, and the journal against the daemon's telemetry.
 *
 * @param isCompared tells by their names which events the independent reading is asked for
 */
export function nothingLost(folder: string, isCompared = (_: string) => true): void {
  const store = openStore(folder);
  try {
    const ofLive = derivedRows(store.paths.derived(goOn(store)));
    for (const _ of rebuild(store));
    const derived = store.paths.derived(presentOf(store));
    const unlike = differences(ofLive, derivedRows(derived));
    expectThat(unlike.length === 0, () => `Expected the tables of one rebuild, got ${unlike.join('; ')}`);
    const { host, analytics } = store.paths;
    const journaled = journaledTelemetry(store);
    const written = hostTelemetry(host);
    expectThat(journaled >= written, () => `Expected ${written} rows of telemetry in the journal, got ${journaled}`);
    // Of what the daemon has pruned only our journal knows.
    if (journaled > written) return;
    const events = againstOracle({ host, analytics, derived }, isCompared);
    const odd = differences(events.derived, events.expected);
    expectThat(odd.length === 0, () => `Expected the events of the daemon's rows, got ${odd.join('; ')}`);
  } finally {
    store.close();
  }
}

/** As {@link nothingLost}, once a rebuild has begun another history. */
export async function nothingLostAfterRebuild(folder: string): Promise<void> {
  endedWell(await endOf(projector(tiersOn(folder), 'rebuild')), 0);
  nothingLost(folder);
}

/** Reads on to the end; returns the number of the derived file. */
function goOn(store: Store): number {
  const found = store.current();
  look(store, 'stale' in found ? null : new Live(store, found.number, store.now)).close();
  return presentOf(store);
}

/** Number of the derived file that is current. */
export function presentOf(store: Store): number {
  const found = store.current();
  if ('stale' in found) throw new Error(`Expected a derived file, found that ${found.stale}`);
  return found.number;
}

const TELEMETRY = "WHERE name LIKE 'ao.%'";

function journaledTelemetry({ analytics, history }: Store): number {
  const count = `SELECT count(*) FROM journal ${TELEMETRY} AND history = ?`;
  return analytics.prepare<[number], number>(count).pluck().get(history)!;
}

function hostTelemetry(path: string): number {
  const host = new SQLite(path, { readonly: true });
  try {
    return host.prepare<[], number>(`SELECT count(*) FROM telemetry_event ${TELEMETRY}`).pluck().get()!;
  } finally {
    host.close();
  }
}
