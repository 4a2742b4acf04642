import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Daemon } from '../../fixtures/daemon/daemon.ts';
import { history } from '../../fixtures/daemon/history.ts';
import { hostVersion } from '../../fixtures/daemon/schema.ts';
import { Random } from '../../fixtures/random.ts';
import { TRIGGERED } from '../../projections/facts.ts';
import { install } from '../../triggers/install.ts';
import { writeHost } from '../../triggers/write-host.ts';
import { withFolder } from '../support/temporary.ts';
import { factsOf, INSTALLED_AT, rowsOf } from './support.ts';

const STEPS = 400;
const UPGRADES: Readonly<Record<number, readonly number[]>> = {
  15: [17, 27, 36, 82],
  19: [35, 82],
  35: [53, 82],
  82: [],
};

interface Told {
  readonly words: readonly string[];
  readonly rows: Record<string, unknown[]>;
  readonly facts: readonly string[];
}

/** One history. Triggers are installed over a connection of their own, so that the daemon's counts its own writes alone. */
function tell(version: number, seed: number, triggers: boolean): Told {
  return withFolder((folder) => {
    const path = join(folder, 'ao.db');
    const daemon = Daemon.create(path, { version, seed });
    const installed = () =>
      writeHost(path, { whileRunning: true, daemon: null }, (db) => install(db, hostVersion(db), INSTALLED_AT));
    // The one time that the model takes from the machine when it makes a database.
    if (version >= 67) daemon.host.db.exec("UPDATE app_settings SET updated_at = '2026-06-18 06:00:00'");
    try {
      if (triggers) installed();
      const words: string[] = [];
      for (const word of history(daemon, new Random(seed + 100), { steps: STEPS, upgrades: UPGRADES[version] ?? [] })) {
        words.push(word);
        if (triggers && word.startsWith('upgraded')) installed();
      }
      const { db } = daemon.host;
      return { words, rows: rowsOf(db), facts: factsOf(db).map(({ name }) => name) };
    } finally {
      daemon.close();
    }
  });
}

const told = new Set<string>();

describe('a daemon writes the same rows with our triggers as without them', () => {
  const all = Object.keys(UPGRADES).flatMap((version) => [1, 2, 3].map((seed) => [Number(version), seed] as const));

  test.each(all)('from version %i on, seed %i', (version, seed) => {
    const alone = tell(version, seed, false);
    const observed = tell(version, seed, true);
    expect(observed.words).toEqual(alone.words);
    expect(observed.rows).toEqual(alone.rows);
    expect(Object.values(alone.rows).flat().length).toBeGreaterThan(STEPS);
    expect(alone.facts).toEqual([]);
    expect(observed.facts.length).toBeGreaterThan(20);
    for (const name of observed.facts) told.add(name);
  });

  test('and every kind of fact was among them', () => {
    const { installed, uninstalled, ...facts } = TRIGGERED;
    expect([...told].sort()).toEqual(Object.values(facts).sort());
    expect([installed, uninstalled].some((name) => told.has(name))).toBe(false);
  });
});
