import { parentPort, workerData } from 'node:worker_threads';
import { Keys } from '../host/keys.ts';
import type { LeftOut } from '../host/left-out.ts';
import { openAnalytics } from '../store/analytics.ts';
import { Journal, type NewIdentity } from '../store/journal.ts';
import { readKey } from '../store/key-file.ts';
import { pathsOf } from '../store/paths.ts';
import { rebuildFile } from './rebuild.ts';
import { readRejectedAgain } from './rejected-again.ts';
import { keepHeapSmall } from './small-heap.ts';

/** What a worker is told. It writes a file of its own, so it needs no lease; the token is that of the process it works for. */
export interface RebuildOrder {
  readonly dataDir: string;
  readonly number: number;
  readonly history: number;
  readonly token: string;
  readonly leftOut: LeftOut;
  readonly events: boolean;
}

// A new thread begins with V8's own settings.
keepHeapSmall();

const { dataDir, number, history, token, leftOut, events } = workerData as RebuildOrder;
const paths = pathsOf({ AO_DATA_DIR: dataDir });
const analytics = openAnalytics(paths, Date.now());
const keys = new Keys(readKey(paths.key));
const identities: NewIdentity[] | null = events ? [] : null;

try {
  const journal = new Journal(analytics, history, leftOut);
  readRejectedAgain(paths.host, journal, keys);
  const progress = rebuildFile({
    hostPath: paths.host,
    path: paths.derived(number),
    keys,
    journal,
    identities,
    now: Date.now,
    derived: { keys, history, token, leftOut, identify: (kind, hash, raw) => identities?.push({ kind, hash, raw }) },
  });
  for (const step of progress) parentPort!.postMessage(step);
} finally {
  analytics.close();
}
