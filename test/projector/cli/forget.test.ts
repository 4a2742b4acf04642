import { existsSync, rmSync } from 'node:fs';
import { describe, expect, jest, test } from '@jest/globals';
import SQLite from 'better-sqlite3';
import { Random } from '../../../fixtures/random.ts';
import { status } from '../../../projector/answers/status.ts';
import { Keys } from '../../../projector/host/keys.ts';
import { rebuildFile } from '../../../projector/pipeline/rebuild.ts';
import { erase } from '../../../projector/store/erase.ts';
import { forgetEverything } from '../../../projector/store/forget-everything.ts';
import { readKey } from '../../../projector/store/key-file.ts';
import { noteForgotten } from '../../../projector/store/left-out-rows.ts';
import { pathsOf } from '../../../projector/store/paths.ts';
import { currentNumber } from '../../../projector/store/store.ts';
import { at, TinyHost } from '../../oracle/tiny.ts';
import { openStore } from '../../properties/harness.ts';
import { filesHolding } from '../../support/bytes.ts';
import { EVENTS_TIER } from '../../support/command-line.ts';
import { derivedRows, differences } from '../../support/derived-tables.ts';
import { hostPath, pause, placesIn, projector, tiersOn, until } from '../../support/processes.ts';
import { withFolder } from '../../support/temporary.ts';

jest.setTimeout(120_000);

const PULL = 'https://github.com/acme/zebra/pull/7';
const OTHER = 'https://github.com/acme/walrus/pull/8';

describe('a session that is forgotten', () => {
  test('is in no table and in no page, and its PR is not; others are as they were', async () => {
    await derived(async (folder) => {
      expect(filesHolding(folder, ['zebra-1'])).not.toEqual([]);
      const others = await ownEvents(folder, 'zebra-2');
      await answer(folder, 'forget', '--session', 'zebra-1');
      expect(filesHolding(folder, ['zebra-1', PULL])).toEqual([]);
      expect(await ownEvents(folder, 'zebra-2')).toEqual(others);
      expect(await linesOf(folder, 'pr', OTHER)).not.toEqual([]);
      for (const unknown of [
        ['session', 'zebra-1'],
        ['pr', PULL],
      ]) {
        expect(await projector(tiersOn(folder), ...unknown).ended).toMatchObject({ code: 1 });
      }
      expect(tablesHolding(folder, keysOf(folder).session('zebra-1'))).toEqual(['forgotten']);
    });
  });

  test('stays forgotten, whatever is rebuilt, and whatever the daemon goes on to write of it', async () => {
    await derived(async (folder, host) => {
      await answer(folder, 'forget', '--session', 'zebra-1');
      const before = rowsOf(folder);
      host.updated('zebra-1', 'waiting_input', false, at('60')).pull(PULL, 'zebra-1', at('61'), { ci: 'passing' });
      host.telemetry('ao.review.cancelled', at('62'), { cancelled_runs: 2 }, 'zebra', '', 'zebra-1');
      await answer(folder, 'rebuild');
      expect(rowsOf(folder)).toEqual(before);
      expect(filesHolding(folder, ['zebra-1', PULL])).toEqual([]);
      expect(tablesHolding(folder, keysOf(folder).session('zebra-1'))).toEqual(['forgotten']);
    });
  });

  test('leaves no gap in `seq`', async () => {
    await derived(async (folder) => {
      await answer(folder, 'forget', '--session', 'zebra-1');
      expect(JSON.parse(await answer(folder, 'status', '--json'))).toMatchObject({
        gaps: [],
        rolled_back_like_gaps: 0,
      });
    });
  });

  test.each(['hash', 'subject', 'beginning of it'])('may be named by its %s', async (how) => {
    await derived(async (folder) => {
      const { session } = (await linesOf(folder, 'session', 'zebra-1'))[0]!;
      const subject = String(session);
      const names = {
        hash: keysOf(folder).session('zebra-1'),
        subject,
        'beginning of it': subject.slice(0, 10),
      } as const;
      await answer(folder, 'forget', '--session', names[how as keyof typeof names]);
      expect(filesHolding(folder, ['zebra-1'])).toEqual([]);
      expect(filesHolding(folder, ['zebra-2'])).not.toEqual([]);
    });
  });

  test('is forgotten by a `run` that is asked, which goes on without it', async () => {
    await derived(async (folder, host) => {
      const run = projector(tiersOn(folder), 'run');
      await run.says('Tailing');
      expect(await answer(folder, 'forget', '--session', 'zebra-1')).toBe('');
      expect(filesHolding(folder, ['zebra-1', PULL])).toEqual([]);
      host.updated('zebra-1', 'waiting_input', false, at('60')).pull(PULL, 'zebra-1', at('61'));
      host.telemetry('ao.review.cancelled', at('62'), { cancelled_runs: 2 }, 'zebra', '', 'zebra-1');
      host.updated('zebra-2', 'active', false, at('63'));
      await until(() => run.child.exitCode !== null || isCaughtUp(folder));
      expect(filesHolding(folder, ['zebra-1', PULL])).toEqual([]);
      expect(await run.stop()).toMatchObject({ code: 0 });
      const live = rowsOf(folder);
      await answer(folder, 'rebuild');
      expect(differences(live, rowsOf(folder))).toEqual([]);
      expect(tablesHolding(folder, keysOf(folder).session('zebra-1'))).toEqual(['forgotten']);
    });
  });

  test('is told to be erased and still in a page where a `run` was asked and somebody goes on reading', async () => {
    await derived(async (folder) => {
      const run = projector(tiersOn(folder), 'run');
      await run.says('Tailing');
      const reader = new SQLite(pathsOf(placesIn(folder)).analytics, { readonly: true });
      reader.exec('BEGIN');
      reader.prepare('SELECT * FROM journal').all();
      const { code, stderr } = await projector(tiersOn(folder), 'forget', '--session', 'zebra-1').ended;
      expect([code, stderr]).toEqual([1, expect.stringContaining('tables are current now. The rows are erased, but')]);
      expect(stderr).not.toContain('stay as they are');
      expect((await linesOf(folder, 'events')).filter(({ raw }) => JSON.stringify(raw).includes('zebra-1'))).toEqual(
        [],
      );
      reader.close();
      expect(await run.stop()).toMatchObject({ code: 0 });
    });
  });

  test('takes the derived tables with it where no tier is on, or the database of the daemon is gone', async () => {
    await derived(async (folder) => {
      await answer(folder, 'forget', '--session', 'zebra-1', placesIn(folder));
      expect(filesHolding(folder, ['zebra-1', PULL])).toEqual([]);
      expect(filesHolding(folder, ['walrus'])).toEqual(['analytics.db']);
      expect(currentOf(folder)).toBeNull();
      rmSync(hostPath(folder));
      await answer(folder, 'forget', '--session', 'walrus-1');
      expect(filesHolding(folder, ['walrus-1', OTHER])).toEqual([]);
      expect(tablesHolding(folder, keysOf(folder).session('walrus-1'))).toEqual(['forgotten']);
    });
  });
});

test('a project goes with its sessions and PRs', async () => {
  await derived(async (folder) => {
    await answer(folder, 'forget', '--project', 'zebra');
    expect(filesHolding(folder, ['zebra'])).toEqual([]);
    expect(tablesHolding(folder, String(keysOf(folder).project('zebra')))).toEqual(['forgotten']);
    const left = (await linesOf(folder, 'events')).map(({ raw }) => (raw as { project: string | null }).project);
    expect(new Set(left)).toEqual(new Set(['walrus']));
    const hash = keysOf(folder).project('walrus').toString(16).padStart(12, '0');
    await answer(folder, 'forget', '--project', hash);
    expect(filesHolding(folder, ['walrus'])).toEqual([]);
    expect(await linesOf(folder, 'events')).toEqual([]);
  });
});

describe('everything', () => {
  test('is gone from the files, the key and the install id with it, and is not derived again', async () => {
    await derived(async (folder, host) => {
      await answer(folder, 'forget', '--session', 'zebra-2');
      const keys = keysOf(folder);
      const analytics = new SQLite(pathsOf(placesIn(folder)).analytics, { readonly: true });
      const ids = analytics
        .prepare<[], string>('SELECT install_id FROM install UNION SELECT history_id FROM history')
        .pluck()
        .all();
      analytics.close();
      const hashes = ['zebra-1', 'zebra-2', 'walrus-1'].map((id) => keys.session(id));
      const secrets = [...ids, ...hashes, keys.pull(PULL), keys.secret.toString('hex'), 'zebra', 'walrus'];
      expect(ids).toHaveLength(2);
      expect(filesHolding(folder, secrets)).toEqual(['analytics.db', 'analytics.derived.2.db', 'analytics.key']);

      await answer(folder, 'forget', '--all');
      expect(filesHolding(folder, secrets)).toEqual([]);
      expect(currentOf(folder)).toBeNull();

      await answer(folder, 'rebuild');
      expect(await linesOf(folder, 'events')).toEqual([]);
      expect(JSON.parse(await answer(folder, 'status', '--json'))).toMatchObject({
        streams: { change_log: { position: 9, lag_rows: 0 } },
        gaps: [],
      });
      host.created('walrus-2', at('60')).updated('zebra-1', 'waiting_input', false, at('61'));
      host.pull(PULL, 'zebra-1', at('62'), { ci: 'passing' });
      await answer(folder, 'rebuild');
      const told = (await linesOf(folder, 'events')).map(({ cause_position, name }) => `${cause_position} ${name}`);
      expect(told).toEqual(expect.arrayContaining(['10 ao.session.spawned', '12 ao.pr.ci_passed']));
      expect(told.filter((line) => Number.parseInt(line, 10) < 10)).toEqual([]);
      expect(tablesHolding(folder, 'zebra-1')).toEqual([]);
    });
  });

  test('is not forgotten beside a `run`, which would go on with it', async () => {
    await derived(async (folder) => {
      const run = projector(tiersOn(folder), 'run');
      await run.says('Tailing');
      const before = rowsOf(folder);
      expect(await projector(tiersOn(folder), 'forget', '--all').ended).toMatchObject({ code: 3 });
      expect(await run.stop()).toMatchObject({ code: 0 });
      expect(rowsOf(folder)).toEqual(before);
    });
  });

  test('is finished by the next start where that was killed', async () => {
    await derived(async (folder) => {
      const store = openStore(folder);
      erase(store.analytics, () => forgetEverything(store.analytics, 9, Date.now()));
      store.close();
      expect(filesHolding(folder, ['zebra-1'])).not.toEqual([]);
      await answer(folder, 'rebuild');
      expect(filesHolding(folder, ['zebra-1'])).toEqual([]);
      expect(await linesOf(folder, 'events')).toEqual([]);
    });
  });

  test('of a database that takes the place of the present one is not left out', async () => {
    await derived(async (folder) => {
      await answer(folder, 'forget', '--all');
      await answer(folder, 'rebuild');
      rmSync(hostPath(folder));
      new TinyHost(hostPath(folder)).created('heron-1', at('0')).close();
      await answer(folder, 'rebuild');
      expect((await linesOf(folder, 'session', 'heron-1')).map(({ name }) => name)).toContain('ao.session.spawned');
    });
  });
});

describe('what is killed on the way', () => {
  /** What `forget` does, one after the other. */
  const moments = ['noted', 'filled', 'current'] as const;

  test.each(moments)('is finished by the next `rebuild` after it was %s', async (moment) => {
    await derived(async (folder) => {
      const store = openStore(folder);
      noteForgotten(store.analytics, { kind: 'session', hash: store.keys.session('zebra-1') });
      if (moment !== 'noted') {
        store.leaveOut(store.toLeaveOut());
        const number = store.nextNumber();
        const { paths, keys, journal, identities, now } = store;
        const target = { hostPath: paths.host, path: paths.derived(number), keys, journal, identities, now };
        for (const _ of rebuildFile({ ...target, derived: store.derivedOptions() }));
        if (moment === 'current') store.makeCurrent(number);
      }
      store.close();
      expect(isWhole(folder)).toBe(moment !== 'current');
      await answer(folder, 'rebuild');
      expect(filesHolding(folder, ['zebra-1', PULL])).toEqual([]);
      expect(isWhole(folder)).toBe(false);
    });
  });

  test('has done all that can be seen or nothing, at any moment, and can be repeated', async () => {
    await derived(async (folder) => {
      const random = new Random(11);
      let killed = 0;
      for (let kill = 0; kill < 12; kill++) {
        const forget = projector(tiersOn(folder), 'forget', '--session', 'zebra-1');
        await pause(random.between(120, 320));
        killed += Number((await forget.stop('SIGKILL')).signal === 'SIGKILL');
        isWhole(folder);
      }
      expect(killed).toBeGreaterThan(3);
      await answer(folder, 'forget', '--session', 'zebra-1');
      expect(isWhole(folder)).toBe(false);
      expect(filesHolding(folder, ['zebra-1', PULL])).toEqual([]);
    });
  });
});

describe('wrong usage', () => {
  test('is to name nothing, or two things', async () => {
    await derived(async (folder) => {
      expect(await projector(tiersOn(folder), 'forget').ended).toMatchObject({ code: 2 });
      const two = await projector(tiersOn(folder), 'forget', '--identities', '--session', 'zebra-1').ended;
      expect(two).toMatchObject({ code: 2, stderr: expect.stringContaining('found: --identities --session') });
    });
  });

  test('is no session or project that is known; nothing is changed then', async () => {
    await derived(async (folder) => {
      const before = rowsOf(folder);
      for (const option of ['--session', '--project']) {
        const ended = await projector(tiersOn(folder), 'forget', option, 'zebra-9').ended;
        expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('that "zebra-9" names') });
      }
      expect(rowsOf(folder)).toEqual(before);
    });
  });
});

/** A session `zebra-1` with a PR, `zebra-2` beside it, and another project with a session and a PR; all is derived. */
async function derived(use: (folder: string, host: TinyHost) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const host = new TinyHost(hostPath(folder))
      .project('zebra', '2026-06-18 11:59:00 +0000 UTC')
      .project('walrus', '2026-06-18 11:59:30 +0000 UTC')
      .created('zebra-1', at('0'))
      .created('zebra-2', at('1'))
      .created('walrus-1', at('2'))
      .updated('zebra-1', 'active', false, at('10'))
      .updated('zebra-2', 'active', false, at('11'))
      .found(PULL, 'zebra-1', at('30'))
      .found(OTHER, 'walrus-1', at('31'))
      .check(PULL, 'zebra-1', 'abc', at('32'))
      .ended('walrus-1', at('35'))
      .telemetry('ao.review.cancelled', at('40'), { cancelled_runs: 2 }, 'zebra', '', 'zebra-1')
      .telemetry('ao.review.cancelled', at('41'), { cancelled_runs: 3 }, 'walrus', '', 'walrus-1');
    try {
      await answer(folder, 'rebuild');
      await use(folder, host);
    } finally {
      host.close();
    }
  });
}

/** Standard output of a command that ends well, asked with both tiers on unless an environment says otherwise. */
async function answer(folder: string, ...args: (string | Record<string, string>)[]): Promise<string> {
  const words = args.filter((arg) => typeof arg === 'string');
  const env = args.find((arg) => typeof arg === 'object') ?? tiersOn(folder);
  const { code, stdout, stderr } = await projector(env, ...words).ended;
  expect([code, stderr]).toEqual([0, expect.any(String)]);
  return stdout;
}

async function linesOf(folder: string, ...question: string[]): Promise<Record<string, unknown>[]> {
  const text = (await answer(folder, ...question, '--json')).trim();
  if (question[0] === 'events') return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line));
  return JSON.parse(text).events;
}

/** The events of a session but for milestones of the install: those may be another session's first. */
async function ownEvents(folder: string, id: string): Promise<Record<string, unknown>[]> {
  return (await linesOf(folder, 'session', id)).filter(({ subject_kind }) => subject_kind !== 'install');
}

function keysOf(folder: string): Keys {
  return new Keys(readKey(pathsOf(placesIn(folder)).key));
}

function currentOf(folder: string): number | null {
  const analytics = new SQLite(pathsOf(placesIn(folder)).analytics, { readonly: true });
  try {
    return currentNumber(analytics);
  } finally {
    analytics.close();
  }
}

function rowsOf(folder: string): string[] {
  return derivedRows(pathsOf(placesIn(folder)).derived(currentOf(folder)!));
}

function isCaughtUp(folder: string): boolean {
  const { streams } = status(pathsOf(placesIn(folder)), EVENTS_TIER, 0);
  return streams?.change_log.lag_rows === 0 && streams.telemetry.lag_rows === 0;
}

/** Tables of `analytics.db` and of the derived file, `meta` aside, in a cell of which the text stands. */
function tablesHolding(folder: string, text: string): string[] {
  const { analytics, derived } = pathsOf(placesIn(folder));
  const number = currentOf(folder);
  return [analytics, ...(number === null ? [] : [derived(number)])].flatMap((path) => {
    const db = new SQLite(path, { readonly: true });
    try {
      return db
        .prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'meta'")
        .pluck()
        .all()
        .filter((table) => JSON.stringify(db.prepare(`SELECT * FROM ${table}`).all()).includes(text));
    } finally {
      db.close();
    }
  });
}

/** Whether `zebra-1` is there; what shows it, shows all of it. */
function isWhole(folder: string): boolean {
  expect(existsSync(pathsOf(placesIn(folder)).analytics)).toBe(true);
  const hash = keysOf(folder).session('zebra-1');
  const analytics = new SQLite(pathsOf(placesIn(folder)).analytics, { readonly: true });
  const derivedFile = new SQLite(pathsOf(placesIn(folder)).derived(currentOf(folder)!), { readonly: true });
  try {
    const signs = [
      analytics.prepare("SELECT 1 FROM journal WHERE session = ? AND name LIKE 'ao.%'").get(hash),
      analytics.prepare("SELECT 1 FROM identity WHERE raw = 'zebra-1'").get(),
      analytics.prepare('SELECT 1 FROM identity WHERE raw = ?').get(PULL),
      derivedFile.prepare('SELECT 1 FROM session WHERE hash = ?').get(hash),
    ].map((row) => row !== undefined);
    expect(new Set(signs).size).toBe(1);
    return signs[0]!;
  } finally {
    derivedFile.close();
    analytics.close();
  }
}
