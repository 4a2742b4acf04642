import { expect, test } from '@jest/globals';
import SQLite from 'better-sqlite3';
import fc from 'fast-check';
import { EVENTS, eventByName, eventParts } from '../../projections/vocabulary.ts';
import { NOT_READ_YET } from '../oracle/oracle.ts';
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

test('so they are with triggers from the start or on the way, and no failed spawn is told twice', () => {
  const sometimes = fc.dictionary(fc.integer({ min: 1, max: 150 }).map(String), acts, { minKeys: 1, maxKeys: 5 });
  const withTriggers = fc
    .tuple(plans, fc.constantFrom<Plan['triggers']>({ 0: 'install' }, {}), sometimes)
    .map(([plan, first, later]): Plan => ({ ...plan, triggers: { ...first, ...later } }));
  let seen = 0;
  const occurred = new Set<string>();
  fc.assert(
    fc.property(withTriggers, (plan) => {
      withFolder((folder) =>
        liveAgainstRebuild(folder, plan, ({ differences, derived, failedSpawns }) => {
          expect(differences).toEqual([]);
          seen += livesIn(derived);
          const told = eventsIn(derived);
          for (const { definition } of told) occurred.add(definition.name);
          // A seed that was left behind is no spawn that the daemon knows to have failed; its trace is in `change_log`.
          const failures = told.filter(
            ({ stream, definition: { name } }) => stream === 'telemetry' && name === 'ao.spawn.failed',
          );
          expect(failures.length).toBeLessThanOrEqual(failedSpawns);
        }),
      );
    }),
    { numRuns: 60, seed: 20260620 },
  );
  expect(seen).toBeGreaterThan(100);
  expect([...occurred]).toEqual(expect.arrayContaining(['ao.terminal.opened', 'ao.notification.raised']));
});

test('the events are those of an independent reading of the rules, and each kind of event occurs', () => {
  let compared = 0;
  const occurred = new Set<string>();
  fc.assert(
    fc.property(plans, (plan) => {
      withFolder((folder) =>
        liveAgainstRebuild(folder, plan, (outcome) => {
          // Of what the daemon has pruned only our journal knows.
          if (outcome.pruned) return;
          compared += 1;
          const { derived, expected, names } = againstOracle(outcome);
          expect(derived).toEqual(expected);
          for (const name of names) occurred.add(name);
        }),
      );
    }),
    { numRuns: 40, seed: 20260619 },
  );
  expect(compared).toBeGreaterThan(20);
  const all = Object.values(EVENTS).map(({ name }) => name);
  expect(all.filter((name) => !occurred.has(name) && !NOT_READ_YET.includes(name))).toEqual(NOT_WITHOUT_TRIGGERS);
});

test('with triggers they are those of an independent reading of the rules too', () => {
  const marked = fc.constantFrom<TriggerAct>('install', 'uninstall');
  const sometimes = fc.dictionary(fc.integer({ min: 1, max: 150 }).map(String), marked, { maxKeys: 4 });
  const withTriggers = fc
    .tuple(plans, fc.constantFrom<Plan['triggers']>({ 0: 'install' }, {}), sometimes)
    .map(([plan, first, later]): Plan => ({ ...plan, triggers: { ...first, ...later } }));
  let compared = 0;
  fc.assert(
    fc.property(withTriggers, (plan) => {
      withFolder((folder) =>
        liveAgainstRebuild(folder, plan, (outcome) => {
          if (outcome.pruned) return;
          compared += livesIn(outcome.derived);
          // Of failures and acts the oracle reads the daemon's own records alone.
          const isFunnel = (name: string) => eventByName(name)?.category === 'funnel';
          const { derived, expected } = againstOracle(outcome, isFunnel);
          expect(derived).toEqual(expected);
        }),
      );
    }),
    { numRuns: 30, seed: 20260621 },
  );
  expect(compared).toBeGreaterThan(100);
});

/** What only triggers see; and no daemon writes a panic of an adapter today. */
const NOT_WITHOUT_TRIGGERS = ['ao.adapter.panic', 'ao.terminal.opened', 'ao.notification.raised'];

function eventsIn(path: string): ReturnType<typeof eventParts>[] {
  const db = new SQLite(path, { readonly: true });
  try {
    return db.prepare<[], number>('SELECT id FROM event').pluck().all().map(eventParts);
  } finally {
    db.close();
  }
}

/** How many incarnations the triggers saw something of. */
function livesIn(path: string): number {
  const db = new SQLite(path, { readonly: true });
  try {
    return db.prepare<[], number>('SELECT count(*) FROM life').pluck().get()!;
  } finally {
    db.close();
  }
}
