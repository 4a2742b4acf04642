import { describe, expect, test } from '@jest/globals';
import { OBSERVED, TRIGGERED } from '../../../projections/facts.ts';
import { NOTHING_LEFT_OUT } from '../../../projector/host/left-out.ts';
import type { NewFact } from '../../../projector/host/telemetry.ts';
import { Journal } from '../../../projector/store/journal.ts';
import { readLeftOut, removeLeftOut } from '../../../projector/store/left-out-rows.ts';
import { dueBefore, lastPruning } from '../../../projector/store/pruning.ts';
import type { Store } from '../../../projector/store/store.ts';
import { openStore } from '../../properties/harness.ts';
import { withFolder } from '../../support/temporary.ts';

const STARTED = 'ao.daemon.started';
const MARK = { rowid: 1, identity: 'i', observedBorn: 0, installedAt: 0 };

describe('what is due to be pruned', () => {
  test('is what is older than it may be', () => {
    inStore([100, 200, 300], (store) => {
      expect(dueBefore(store.analytics, 250)).toBe(250);
      expect(dueBefore(store.analytics, 100)).toBeNull();
    });
  });

  test('is the oldest of more rows than there may be, whatever their order', () => {
    inStore([300, 100, 500, 200, 400], (store) => {
      expect(dueBefore(store.analytics, 0, 3)).toBe(300);
      expect(dueBefore(store.analytics, 350, 3)).toBe(350);
      expect(dueBefore(store.analytics, 0, 5)).toBeNull();
    });
  });

  test('is never what rows of `change_log` need, or what the tables of the daemon would bring again', () => {
    inStore([], (store) => {
      const kept = [OBSERVED.session, OBSERVED.project, OBSERVED.migration, OBSERVED.triggersLost];
      const names = [...kept, TRIGGERED.installed, TRIGGERED.uninstalled];
      store.journal.append(
        names.map((name) => fact(name, 100)),
        [],
        MARK,
      );
      expect(dueBefore(store.analytics, 1_000, 1)).toBeNull();
    });
  });
});

test('what was pruned is remembered, and is not journaled again', () => {
  inStore([100, 200, 300], (store) => {
    const { analytics, history } = store;
    const leftOut = { ...NOTHING_LEFT_OUT, factsBefore: 250 };
    const before = new Journal(analytics, history, leftOut).read(0, 10);
    expect(removeLeftOut(analytics, leftOut, { history, derivedPath: null, now: 900 })).toBe(2);
    expect(lastPruning(analytics, history)).toEqual({ history, prunedAt: 900, beforeAt: 250, rows: 2 });
    const journal = new Journal(analytics, history, readLeftOut(analytics, history));
    expect(journal.read(0, 10)).toEqual(before);
    const last = journal.head();
    journal.append([fact(STARTED, 100), fact(STARTED, 249), fact(STARTED, 260), fact(OBSERVED.session, 90)], [], MARK);
    expect(journal.read(last, 10).map(({ at }) => at)).toEqual([260, 90]);
  });
});

function inStore(times: readonly number[], use: (store: Store) => void): void {
  withFolder((folder) => {
    const store = openStore(folder);
    try {
      store.journal.append(
        times.map((at) => fact(STARTED, at)),
        [],
        MARK,
      );
      use(store);
    } finally {
      store.close();
    }
  });
}

function fact(name: string, at: number): NewFact {
  return { identity: `${name} ${at}`, name, at, nanos: 0, project: null, session: null, data: {} };
}
