import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Daemon } from '../../fixtures/daemon/daemon.ts';
import { history } from '../../fixtures/daemon/history.ts';
import { toMilliseconds } from '../../fixtures/daemon/time.ts';
import { Random } from '../../fixtures/random.ts';
import type { Live } from '../../projector/pipeline/live.ts';
import { rebuild } from '../../projector/pipeline/rebuild.ts';
import { MAY_BE_PRUNED } from '../../projector/store/left-out-facts.ts';
import { dueBefore, lastPruning } from '../../projector/store/pruning.ts';
import type { Store } from '../../projector/store/store.ts';
import { install } from '../../triggers/install.ts';
import { derivedRows, differences } from '../support/derived-tables.ts';
import { hostPath, placesIn } from '../support/processes.ts';
import { withFolder } from '../support/temporary.ts';
import { begin, beginWithout, look, openStore } from './harness.ts';

interface Plan {
  readonly seed: number;
  readonly version: number;
  readonly steps: number;
  readonly looks: number;
  readonly triggers: boolean;
  /** After how many of the daemon's transactions the journal is pruned, and of how many rows a part is left. */
  readonly prunes: Readonly<Record<number, number>>;
  /** How likely the daemon's telemetry is read from its beginning again. */
  readonly rereads: number;
}

const plans: fc.Arbitrary<Plan> = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  version: fc.constantFrom(15, 24, 82),
  steps: fc.integer({ min: 60, max: 200 }),
  looks: fc.constantFrom(0.3, 1),
  triggers: fc.boolean(),
  prunes: fc.dictionary(fc.integer({ min: 10, max: 190 }).map(String), fc.constantFrom(0.1, 0.5, 0.9), {
    minKeys: 1,
    maxKeys: 3,
  }),
  rereads: fc.constantFrom(0, 0.1),
});

test('pruned on the way, the live tables are those of one rebuild, and no fact comes back', () => {
  let pruned = 0;
  let rereads = 0;
  fc.assert(
    fc.property(plans, (plan) => {
      withFolder((folder) => {
        const outcome = pruneOnTheWay(folder, plan);
        pruned += outcome.pruned;
        rereads += outcome.rereads;
        expect(outcome.differences).toEqual([]);
        expect(outcome.left).toBe(0);
      });
    }),
    { numRuns: 40, seed: 20260623 },
  );
  expect(pruned).toBeGreaterThan(500);
  expect(rereads).toBeGreaterThan(20);
});

function pruneOnTheWay(folder: string, plan: Plan) {
  const { AO_RUN_FILE: runFile } = placesIn(folder);
  const daemon = Daemon.create(hostPath(folder), { version: plan.version, seed: plan.seed, runFile });
  const random = new Random(plan.seed);
  const now = () => toMilliseconds(daemon.host.clock.now());
  const store = openStore(folder, now);
  if (plan.triggers) daemon.host.together(() => install(daemon.host.db, daemon.version, now()));
  let swap: ((live: Live) => void) | null = null;
  let pruned = 0;
  let rereads = 0;
  let live = begin(store);
  try {
    let written = 0;
    for (const _ of history(daemon, random, { steps: plan.steps })) {
      written += 1;
      const share = plan.prunes[written];
      if (share !== undefined && !swap) {
        live = look(store, live);
        swap = beginPruning(store, share);
      }
      if (!random.chance(plan.looks)) continue;
      if (random.chance(plan.rereads)) {
        store.analytics.prepare("UPDATE intake SET identity = ''").run();
        live.reopen();
        rereads += 1;
      }
      live = look(store, live);
      if (swap && random.chance(0.5)) {
        swap(live);
        swap = null;
        pruned += lastPruning(store.analytics, store.history)!.rows;
      }
    }
    live = look(store, live);
    swap?.(live);
    live = look(store, live);
    const { number } = store.current() as { number: number };
    live.close();
    const ofLive = derivedRows(store.paths.derived(number));
    const before = lastPruning(store.analytics, store.history)?.beforeAt ?? 0;
    for (const _ of rebuild(store));
    const rebuilt = store.paths.derived((store.current() as { number: number }).number);
    const old = `SELECT count(*) FROM journal WHERE at < ? AND ${MAY_BE_PRUNED}`;
    return {
      pruned,
      rereads,
      left: store.analytics.prepare<[number], number>(old).pluck().get(before),
      differences: differences(ofLive, derivedRows(rebuilt)),
    };
  } finally {
    store.close();
    daemon.close();
  }
}

/** Makes a file of which a share of the journal is left, as the thread beside a `run` does; null where there is nothing to go. */
function beginPruning(store: Store, share: number): ((live: Live) => void) | null {
  const { analytics } = store;
  const rows = analytics.prepare<[], number>(`SELECT count(*) FROM journal WHERE ${MAY_BE_PRUNED}`).pluck().get()!;
  const factsBefore = dueBefore(analytics, 0, Math.ceil(rows * share));
  if (factsBefore === null) return null;
  return beginWithout(store, { ...store.toLeaveOut(), factsBefore });
}
