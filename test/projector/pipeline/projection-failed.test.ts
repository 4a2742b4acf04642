import { readdirSync } from 'node:fs';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import SQLite from 'better-sqlite3';
import { lastValueFrom, NEVER } from 'rxjs';
import { loadRecorded } from '../../../fixtures/recorded.ts';
import type { ChangeFact, JournalFact } from '../../../projections/facts.ts';
import type { State } from '../../../projections/state.ts';
import { derivedRows } from '../../support/derived-tables.ts';
import { hostPath } from '../../support/processes.ts';
import { withFolder } from '../../support/temporary.ts';

type Projections = typeof import('../../../projections/index.ts');
type Harness = typeof import('../../properties/harness.ts');
type Rebuild = typeof import('../../../projector/pipeline/rebuild.ts');
type Run = typeof import('../../../projector/pipeline/run.ts');
type LiveModule = typeof import('../../../projector/pipeline/live.ts');

const MODULE = '../../../projections/index.ts';

/** What the projections do from now on: nothing else until a test says so. */
let fails: { change?: number; telemetry?: number; settling?: boolean } = {};

function explode(): never {
  throw new TypeError('SECRET of a row');
}

function failing(actual: Projections): Projections {
  return {
    ...actual,
    foldChange: (state: State, fact: ChangeFact) =>
      fact.seq === fails.change ? explode() : actual.foldChange(state, fact),
    foldJournal: (state: State, fact: JournalFact) =>
      fact.position === fails.telemetry ? explode() : actual.foldJournal(state, fact),
    settle: (state: State) => (fails.settling ? explode() : actual.settle(state)),
  };
}

const FAILED = {
  code: 'projection_failed',
  found: expect.stringMatching(/^TypeError in explode \(projection-failed\.test\.ts:\d+\)$/),
};

/** Runs with projections that fail as {@link fails} says, over a recorded history that was rebuilt. */
function rebuilt(
  use: (modules: Harness & Rebuild & Run & LiveModule, folder: string) => Promise<void> | void,
): Promise<void> {
  return withFolder(async (folder) => {
    loadRecorded('v19', hostPath(folder)).close();
    jest.doMock(MODULE, () => failing(jest.requireActual(MODULE)));
    let modules!: Harness & Rebuild & Run & LiveModule;
    jest.isolateModules(() => {
      modules = {
        ...require('../../properties/harness.ts'),
        ...require('../../../projector/pipeline/rebuild.ts'),
        ...require('../../../projector/pipeline/run.ts'),
        ...require('../../../projector/pipeline/live.ts'),
      };
    });
    await use(modules, folder);
  });
}

afterEach(() => {
  fails = {};
  jest.dontMock(MODULE);
  jest.resetModules();
});

describe('a projection that throws', () => {
  test.each([
    [{ change: 40 }, 'change_log 40'],
    [{ telemetry: 30 }, 'telemetry 30'],
    [{ settling: true }, expect.stringMatching(/^the join of change_log \d+ and telemetry \d+$/)],
  ])('%j stops a rebuild, which names the fact and leaves the present tables as they are', async (what, position) => {
    await rebuilt(({ openStore, begin, rebuild }, folder) => {
      const store = openStore(folder);
      begin(store).close();
      const present = store.current() as { number: number };
      const before = derivedRows(store.paths.derived(present.number));
      fails = what;
      const error = thrownBy(() => [...rebuild(store)]);
      expect(error).toMatchObject(FAILED);
      expect(/failed at (.*)\. Nothing/.exec(error.message)![1]).toEqual(position);
      expect(JSON.stringify({ ...error })).not.toContain('SECRET');
      expect(store.current()).toEqual(present);
      expect(derivedRows(store.paths.derived(present.number))).toEqual(before);
      expect(readdirSync(folder).filter((name) => /derived\.\d+\.db$/.test(name))).toHaveLength(1);
      store.close();
    });
  });

  test('stops live before the fact, every time, until it is mended; then nothing is missing', async () => {
    await rebuilt(({ openStore, begin, catchUp, rebuild }, folder) => {
      const store = openStore(folder);
      const live = begin(store);
      create(folder, 'gamma-99');
      fails = { change: 128 };
      for (let look = 0; look < 2; look++) {
        const error = thrownBy(() => catchUp(live));
        expect(error).toMatchObject(FAILED);
        expect(error.message).toContain('failed at change_log 128.');
        live.reopen();
        expect(live.derived.change.position).toBe(127);
      }
      fails = {};
      catchUp(live);
      live.close();
      const { number } = store.current() as { number: number };
      const ofLive = derivedRows(store.paths.derived(number));
      expect(ofLive.some((row) => row.startsWith('session {"born":128'))).toBe(true);
      for (const _ of rebuild(store));
      expect(derivedRows(store.paths.derived((store.current() as { number: number }).number))).toEqual(ofLive);
      store.close();
    });
  });

  test('ends run with the same error', async () => {
    await rebuilt(async ({ openStore, begin, run }, folder) => {
      const store = openStore(folder, Date.now);
      begin(store).close();
      create(folder, 'gamma-99');
      fails = { change: 128 };
      const { number } = store.current() as { number: number };
      const ended = run({
        store,
        number,
        now: Date.now,
        retention: Number.MAX_SAFE_INTEGER,
        notice: () => {},
        onTriggers: () => {},
        stop: NEVER,
      });
      await expect(lastValueFrom(ended)).rejects.toMatchObject({
        ...FAILED,
        message: expect.stringContaining('failed at change_log 128.'),
      });
      store.close();
    });
  });
});

function thrownBy(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    return error as Error;
  }
  throw new Error('Expected an error, got none');
}

/** The daemon writes one more row. */
function create(folder: string, session: string): void {
  const db = new SQLite(hostPath(folder));
  db.pragma('foreign_keys = OFF');
  db.prepare(
    `INSERT INTO change_log (project_id, session_id, event_type, payload, created_at)
     VALUES ('gamma', ?, 'session_created', ?, '2026-11-23 00:00:00 +0000 UTC')`,
  ).run(session, JSON.stringify({ id: session, activity: 'idle', isTerminated: false }));
  db.close();
}
