import { join } from 'node:path';
import { createHost, type HostDatabase, hostVersion } from '../fixtures/daemon/schema.ts';
import { install } from '../triggers/install.ts';
import { inFolder } from './folders.ts';

export const ROUNDS = 9;
/** The two databases take turns after so many transactions, so that what else the machine does meets both. */
const TURN = 250;

/** One commit of the daemon. */
export type Transaction = () => void;

/** Milliseconds that the same transactions took without our triggers and with them. */
export interface Pair {
  readonly without: number;
  readonly with: number;
}

/** Runs the same transactions in two fresh databases in turns, round after round. */
export async function rounds(
  version: number,
  transactionsOf: (db: HostDatabase) => readonly Transaction[],
  atEnd: (observed: HostDatabase) => void = () => {},
): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await inFolder((folder) => {
      const [alone, observed] = ['alone', 'observed'].map((name) => {
        return createHost(join(folder, `${name}.db`), { version, migratedAt: Date.now() });
      }) as [HostDatabase, HostDatabase];
      const ofAlone = transactionsOf(alone);
      const ofObserved = transactionsOf(observed);
      observed.transaction(() => install(observed, hostVersion(observed), Date.now()))();
      for (const db of [alone, observed]) db.pragma('wal_checkpoint(TRUNCATE)');
      pairs.push(inTurns(ofAlone, ofObserved, round % 2 === 0));
      atEnd(observed);
      alone.close();
      observed.close();
    });
  }
  return pairs;
}

function inTurns(alone: readonly Transaction[], observed: readonly Transaction[], aloneFirst: boolean): Pair {
  const pair = { without: 0, with: 0 };
  for (let from = 0; from < alone.length; from += TURN) {
    const runAlone = () => {
      pair.without += time(alone, from);
    };
    const runObserved = () => {
      pair.with += time(observed, from);
    };
    for (const run of aloneFirst ? [runAlone, runObserved] : [runObserved, runAlone]) run();
  }
  return pair;
}

function time(transactions: readonly Transaction[], from: number): number {
  const turn = transactions.slice(from, from + TURN);
  const began = performance.now();
  for (const transaction of turn) transaction();
  return performance.now() - began;
}
