import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { createHost } from '../fixtures/daemon/schema.ts';
import { goUtc, WallClock } from '../fixtures/daemon/time.ts';
import { now } from './clock.ts';

/** A row of the log, and when its commit was through. */
export type Commit = readonly [seq: number, at: number];

/**
 * The daemon's side of a measurement, in a process of its own: makes the host database in the folder that is its argument, and for
 * each number that it is sent flips a session so often, 200 times a second. Sends back what it committed. Ends at a zero.
 */
const EVERY_MS = 5;

const clock = new WallClock();
const text = (): string => goUtc(clock.now());
const db = createHost(join(process.argv[2]!, 'ao.db'), { version: 19, migratedAt: Date.now() });
db.prepare("INSERT INTO projects (id, path, registered_at) VALUES ('web', '/home/dev/web', ?)").run(text());
db.prepare(
  `INSERT INTO sessions (id, project_id, num, harness, activity_state, activity_last_at, created_at, updated_at, first_signal_at)
   VALUES ('web-1', 'web', 1, 'codex', 'active', @at, @at, @at, @at)`,
).run({ at: text() });
const update = db.prepare(
  "UPDATE sessions SET activity_state = ?, activity_last_at = ?, updated_at = ? WHERE id = 'web-1'",
);
const head = db.prepare<[], number>("SELECT seq FROM sqlite_sequence WHERE name = 'change_log'").pluck();

let waiting = false;

async function flip(times: number): Promise<Commit[]> {
  const commits: Commit[] = [];
  const began = now();
  for (let done = 0; done < times; done++) {
    const early = began + done * EVERY_MS - now();
    if (early > 0) await setTimeout(early);
    waiting = !waiting;
    const at = text();
    update.run(waiting ? 'waiting_input' : 'active', at, at);
    const committed = now();
    commits.push([head.get()!, committed]);
  }
  return commits;
}

process.on('message', async (times: number) => {
  if (times > 0) {
    process.send?.(await flip(times));
    return;
  }
  db.close();
  // It is this end that must let go: Node's parent would else not hear that its child has closed.
  process.disconnect();
});
process.send?.('ready');
