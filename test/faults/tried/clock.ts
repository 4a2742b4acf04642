import { ProjectorError } from '../../../projector/errors.ts';
import { Live } from '../../../projector/pipeline/live.ts';
import { pathsOf } from '../../../projector/store/paths.ts';
import { Store } from '../../../projector/store/store.ts';
import { begin, catchUp } from '../../properties/harness.ts';
import { placesIn } from '../../support/processes.ts';
import { inTurns, STEPS_BESIDE } from '../data-directory.ts';
import type { Fault } from '../fault.ts';
import { expectThat, nothingLost } from '../verdict.ts';

const DAY_MS = 86_400_000;
const DAY_NANOS = 86_400_000_000_000n;

export const clockSteps: Fault = {
  name: "the machine's clock a day forward and a day back again and again, under a tail",
  expected: 'rows are told by their order and the tables are those of one rebuild',
  times: { whole: 40, short: 2 },
  async *provoke({ random }, times) {
    yield* inTurns(random, times, (folder, data) => {
      let now = Date.now();
      const store = Store.open({ paths: pathsOf(placesIn(folder)), events: true, now: () => now, pid: process.pid });
      const live = begin(store);
      let isAhead = false;
      for (let look = 0; look < 30; look++) {
        if (random.chance(0.3)) {
          isAhead = !isAhead;
          now += isAhead ? DAY_MS : -DAY_MS;
          data.daemon.host.clock.step(isAhead ? DAY_NANOS : -DAY_NANOS);
        }
        data.write(STEPS_BESIDE / 30);
        catchUp(live);
        store.lease.beat(now);
      }
      live.close();
      store.close();
      data.close();
      nothingLost(folder);
      return 'went on; nothing lost';
    });
  },
};

export const clockUnderLease: Fault = {
  name: 'the clock a day forward while two processes are there',
  expected: 'the one that was not heard of for a day is taken over from, and can commit nothing any more',
  times: { whole: 10, short: 1 },
  async *provoke({ random }, times) {
    yield* inTurns(random, times, (folder, data) => {
      const now = Date.now();
      const open = (pid: number, at: number) =>
        Store.open({ paths: pathsOf(placesIn(folder)), events: true, now: () => at, pid });
      const first = open(process.ppid, now);
      const tail = begin(first);
      const second = open(process.pid, now + DAY_MS);
      const successor = new Live(second, (second.current() as { number: number }).number, second.now);
      data.write(STEPS_BESIDE);
      const lost = codeOf(() => catchUp(tail));
      expectThat(lost === 'lease_lost', () => `Expected the first to have lost the lease, got ${lost}`);
      tail.close();
      catchUp(successor);
      for (const each of [successor, first, second, data]) each.close();
      nothingLost(folder);
      return 'taken over; the first stopped, nothing lost';
    });
  },
};

function codeOf(act: () => void): string {
  try {
    act();
    return 'no error';
  } catch (error) {
    return error instanceof ProjectorError ? error.code : (error as Error).message;
  }
}
