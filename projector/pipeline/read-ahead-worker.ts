import { type MessagePort, workerData } from 'node:worker_threads';
import { HostDatabase, type Snapshot } from '../host/host-database.ts';
import { HostVersions } from '../host/host-versions.ts';
import { Keys } from '../host/keys.ts';
import { type QueueCounters, QueueSender } from './blocking-queue.ts';
import { ChangeReader } from './change-reader.ts';
import { observeSessions } from './intake.ts';
import { packFacts } from './packed-facts.ts';
import { PAGES_AHEAD, type PackedPage, type ReadAheadOrder } from './read-ahead.ts';
import { keepHeapSmall } from './small-heap.ts';

// A new thread begins with V8's own settings.
keepHeapSmall();

const order = workerData as ReadAheadOrder & { readonly port: MessagePort; readonly counters: QueueCounters };
const { hostPath, secret, leftOut, migrations, observedBorn, head } = order;
const queue = new QueueSender<PackedPage | null>(order.port, order.counters, PAGES_AHEAD);
const versions = new HostVersions();
versions.add(migrations);
const keys = new Keys(Buffer.from(secret));
const reader = new ChangeReader({ keys, leftOut, hostVersion: (at) => versions.at(at) }, []);

try {
  const host = HostDatabase.open(hostPath);
  try {
    let change = { position: 0, lastSeq: 0 };
    for (let wanted = true; wanted && change.position < head; ) {
      const page = host.look((snapshot) => read(snapshot, change));
      change = { position: page.scanned, lastSeq: page.lastSeq };
      wanted = queue.send(page, [page.facts.rows.buffer as ArrayBuffer]);
    }
  } finally {
    host.close();
  }
} finally {
  queue.send(null);
}

function read({ changes, observed }: Snapshot, change: { position: number; lastSeq: number }): PackedPage {
  const { batch, created } = reader.read(changes, change, head);
  return {
    ...batch,
    facts: packFacts(batch.facts),
    observed: observeSessions(observed, created, observedBorn, keys),
    tail: batch.scanned < head ? null : reader.tail(),
  };
}
