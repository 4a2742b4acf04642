import { expect, test } from '@jest/globals';
import SQLite from 'better-sqlite3';
import fc from 'fast-check';
import { againstOracle } from '../support/agrees-with-oracle.ts';
import { withFolder } from '../support/temporary.ts';
import { liveAgainstRebuild, type Plan, type TriggerAct } from './harness.ts';

const plans: fc.Arbitrary<Plan> = fc
  .record({
    seed: fc.integer({ min: 1, max: 1_000_000 }),
    version: fc.constantFrom(14, 19, 24, 35, 82),
    steps: fc.integer({ min: 20, max: 220 }),
    looks: fc.constantFrom(0.05, 0.3, 1),
    restarts: fc.constantFrom(0, 0.05, 0.3),
    upgrades: fc.constantFrom([], [], [], [82]),
  })
  .filter(({ version, upgrades }) => upgrades.every((upgrade) => upgrade > version));

test('whatever the history, the batches and the restarts, the live tables are those of one rebuild', () => {
  fc.assert(
    fc.property(plans, (plan) => {
      withFolder((folder) =>
        liveAgainstRebuild(folder, plan, ({ differences }) => {
          expect(differences).toEqual([]);
        }),
      );
    }),
    { numRuns: 60, seed: 20260618 },
  );
});

const acts = fc.constantFrom<TriggerAct>('install', 'install', 'uninstall', 'drop');

test('so they are with triggers from the start, and with triggers that come and go on the way', () => {
  const sometimes = fc.dictionary(fc.integer({ min: 1, max: 150 }).map(String), acts, { minKeys: 1, maxKeys: 5 });
  const withTriggers = fc
    .tuple(plans, fc.constantFrom<Plan['triggers']>({ 0: 'install' }, {}), sometimes)
    .map(([plan, first, later]): Plan => ({ ...plan, triggers: { ...first, ...later } }));
  let seen = 0;
  fc.assert(
    fc.property(withTriggers, (plan) => {
      withFolder((folder) =>
        liveAgainstRebuild(folder, plan, ({ differences, derived }) => {
          expect(differences).toEqual([]);
          seen += livesIn(derived);
        }),
      );
    }),
    { numRuns: 60, seed: 20260620 },
  );
  expect(seen).toBeGreaterThan(100);
});

test('the events are those of an independent reading of the rules', () => {
  let compared = 0;
  fc.assert(
    fc.property(plans, (plan) => {
      withFolder((folder) =>
        liveAgainstRebuild(folder, plan, (outcome) => {
          // Of what the daemon has pruned only our journal knows.
          if (outcome.pruned) return;
          compared += 1;
          const { derived, expected } = againstOracle(outcome);
          expect(derived).toEqual(expected);
        }),
      );
    }),
    { numRuns: 40, seed: 20260619 },
  );
  expect(compared).toBeGreaterThan(20);
});

/** How many incarnations the triggers saw something of. */
function livesIn(path: string): number {
  const db = new SQLite(path, { readonly: true });
  try {
    return db.prepare<[], number>('SELECT count(*) FROM life').pluck().get()!;
  } finally {
    db.close();
  }
}
