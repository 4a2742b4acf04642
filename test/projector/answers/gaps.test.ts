import { copyFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import SQLite from 'better-sqlite3';
import { Daemon } from '../../../fixtures/daemon/daemon.ts';
import { INTERNAL } from '../../../fixtures/daemon/spawns.ts';
import { loadRecorded } from '../../../fixtures/recorded.ts';
import { gaps } from '../../../projector/answers/gaps.ts';
import { Source } from '../../../projector/answers/source.ts';
import type { Live } from '../../../projector/pipeline/live.ts';
import { rebuild } from '../../../projector/pipeline/rebuild.ts';
import type { Store } from '../../../projector/store/store.ts';
import { install } from '../../../triggers/install.ts';
import { at, ms, type TinyHost } from '../../oracle/tiny.ts';
import { begin, catchUp, openStore } from '../../properties/harness.ts';
import { EVENTS_TIER } from '../../support/command-line.ts';
import { hostPath } from '../../support/processes.ts';
import { withFolder } from '../../support/temporary.ts';
import { asked, askedOver } from './asked.ts';

const told = (write: (host: TinyHost) => TinyHost) =>
  asked(write, (source) => gaps(source, 0).gaps.map(({ from, to, kind }) => [from, to, kind]));

const FAILED = {
  ...{ component: 'session_service', operation: 'spawn_session', kind: 'worker', harness: 'codex' },
  ...{ duration_ms: 2_000, error_kind: 'internal' },
};

const skip = (host: TinyHost, rows: number) => Array.from({ length: rows }).reduce<TinyHost>((all) => all.skip(), host);

describe('what a gap is', () => {
  test('is told with its evidence, by facts that come in another stream', () => {
    const rolledBack = (host: TinyHost) =>
      host
        .created('web-1', at('0'))
        .skip()
        .created('web-2', at('100'))
        .telemetry('ao.session.spawn_failed', at('52'), FAILED, 'web');
    asked(rolledBack, (source) => {
      const [gap] = gaps(source, 0).gaps;
      expect(gap).toMatchObject({
        ...{ stream: 'change_log', from: 2, to: 2, kind: 'rolled_back_spawn', last_at: ms(0), next_at: ms(100) },
        why: '1 row is missing. The daemon recorded 1 failed spawn that left no session.',
      });
      const [, , failure] = gap!.evidence;
      const name = source.analytics.prepare<[number], string>('SELECT name FROM journal WHERE position = ?').pluck();
      expect(name.get(failure!.position)).toBe('ao.session.spawn_failed');
    });
  });

  test('is not told by a failure whose session is still there', () => {
    const late = (host: TinyHost) =>
      host
        .created('web-1', at('0'))
        .skip()
        .created('web-2', at('50'))
        .ended('web-2', at('51.9'))
        .telemetry('ao.session.spawn_failed', at('52'), FAILED, 'web');
    expect(told(late)).toEqual([[2, 2, 'rolled_back_like']]);
  });

  test('is told by the migration that copied the log, where that was later', () => {
    const copied = (host: TinyHost) =>
      skip(host.migrated(1, '2026-06-18 11:00:00').migrated(6, '2026-06-18 12:10:00'), 40).created('web-1', at('0'));
    expect(told(copied)).toEqual([[1, 40, 'copied_log']]);
  });

  test('is a deletion where triggers saw a session launched that has no creation row', () => {
    const launched = (host: TinyHost) =>
      host
        .created('web-1', at('0'))
        .skip()
        .created('web-3', at('100'))
        .telemetry('ao_projector.session_launched', at('52'), { created_at: at('50') }, 'web', '', 'web-2')
        .telemetry('ao_projector.session_launched', at('101'), { created_at: at('100') }, 'web', '', 'web-3');
    expect(told(launched)).toEqual([[2, 2, 'deletion']]);
    asked(launched, (source) => expect(source.asOf().unexplained_gaps).toBe(1));
  });
});

test.each([
  ['v19', [['BRANCH_CHECKED_OUT_ELSEWHERE', 'INVALID_BRANCH'], [undefined], ['PROJECT_NOT_RESOLVABLE']]],
  ['v82', [['AGENT_BINARY_NOT_FOUND', 'INVALID_BRANCH'], ['INVALID_BRANCH']]],
] as const)('in the recorded history %s each gap stands beside the very failures that left it', (name, codes) => {
  const load = (path: string) => loadRecorded(name, path).close();
  askedOver(load, (source) => {
    const fact = source.analytics.prepare<[number], string>('SELECT data FROM journal WHERE position = ?').pluck();
    const told = gaps(source, 0).gaps.map(({ evidence }) =>
      evidence
        .filter(({ stream }) => stream === 'telemetry')
        .map(({ position }) => JSON.parse(fact.get(position)!).error_code),
    );
    expect(told).toEqual(codes);
  });
});

describe('answers rest on gaps', () => {
  const trimmed = (host: TinyHost) =>
    skip(host.created('web-1', at('0')), 17)
      .created('web-2', at('100'))
      .idle('web-2', at('200'));

  test('that nothing explains, those before a time left out', () => {
    asked(trimmed, (source) => {
      expect([null, ms(50), ms(100), ms(101)].map((since) => source.asOf(since).unexplained_gaps)).toEqual([
        1, 1, 1, 0,
      ]);
    });
  });

  test('that look like failed spawns without a word', () => {
    const short = (host: TinyHost) => host.created('web-1', at('0')).skip().created('web-2', at('100'));
    asked(short, (source) => expect(source.asOf().unexplained_gaps).toBe(0));
  });
});

/** A daemon of a version with a project. */
function daemonIn(folder: string, version: number): Daemon {
  const daemon = Daemon.create(hostPath(folder), { version });
  daemon.lifecycle.start();
  daemon.projects.add('web');
  return daemon;
}

/** A daemon that we tail; `look` catches up and says what the gaps are, live and rebuilt. */
function tailed(version: number, use: (daemon: Daemon, look: () => unknown[]) => void): void {
  withFolder((folder) => {
    const daemon = daemonIn(folder, version);
    const store = openStore(folder);
    let live: Live | null = null;
    const look = () => {
      live ??= begin(store);
      catchUp(live);
      const ofLive = present(store);
      live.close();
      live = null;
      for (const _ of rebuild(store));
      expect(present(store)).toEqual(ofLive);
      return ofLive.map(({ from, to, kind }) => [from, to, kind]);
    };
    try {
      use(daemon, look);
    } finally {
      store.close();
      daemon.close();
    }
  });
}

function present({ paths }: Store) {
  const source = Source.open(paths, EVENTS_TIER);
  try {
    return gaps(source, 0).gaps;
  } finally {
    source.close();
  }
}

/** So many lives, each with a few rows. */
function sessions(daemon: Daemon, count: number): void {
  for (let session = 0; session < count; session++) daemon.hook(daemon.spawns.spawn('web'), 'active');
}

describe('beside a daemon', () => {
  test('a creation row that was read before it went tells of its spawn, live and after a rebuild', () => {
    // This version has no telemetry: nothing else knows.
    tailed(14, (daemon, look) => {
      sessions(daemon, 1);
      const seed = daemon.spawns.seed('web');
      look();
      daemon.spawns.rollBack(seed, INTERNAL);
      daemon.spawns.rollBack(daemon.spawns.seed('web'), INTERNAL);
      sessions(daemon, 1);
      expect(look()).toEqual([[3, 4, 'rolled_back_like']]);
    });
    tailed(14, (daemon, look) => {
      sessions(daemon, 1);
      const seed = daemon.spawns.seed('web');
      look();
      daemon.spawns.rollBack(seed, INTERNAL);
      sessions(daemon, 1);
      expect(look()).toEqual([[3, 3, 'rolled_back_spawn']]);
    });
  });

  test('a spawn that triggers saw being taken back is told by them', () => {
    tailed(19, (daemon, look) => {
      daemon.host.together(() => install(daemon.host.db, 19, 0));
      sessions(daemon, 1);
      daemon.spawns.rollBack(daemon.spawns.seed('web'), INTERNAL);
      daemon.host.run("DELETE FROM telemetry_event WHERE name = 'ao.session.spawn_failed'");
      sessions(daemon, 1);
      expect(look()).toEqual([[3, 3, 'rolled_back_spawn']]);
    });
  });

  test('rows that somebody deleted are a deletion where they were read, and else unexplained', () => {
    tailed(14, (daemon, look) => {
      sessions(daemon, 15);
      look();
      sessions(daemon, 15);
      daemon.host.run('DELETE FROM change_log WHERE seq BETWEEN 5 AND 24 OR seq BETWEEN 35 AND 54');
      expect(look()).toEqual([
        [5, 24, 'deletion'],
        [35, 54, 'unexplained'],
      ]);
    });
  });

  test('an older copy that was put back is told by what the earlier history had read', () => {
    withFolder((folder) => {
      const daemon = daemonIn(folder, 14);
      sessions(daemon, 3);
      daemon.host.value('PRAGMA wal_checkpoint(TRUNCATE)');
      copyFileSync(hostPath(folder), `${hostPath(folder)}.copy`);
      sessions(daemon, 3);
      daemon.close();
      const store = openStore(folder);
      begin(store).close();
      copyFileSync(`${hostPath(folder)}.copy`, hostPath(folder));
      for (const _ of rebuild(store));
      expect(present(store)).toMatchObject([{ from: 7, to: 12, kind: 'restored_backup' }]);
      store.close();
    });
  });
});

test('rows around a gap may have any time, or none', () => {
  withFolder((folder) => {
    const db = new SQLite(hostPath(folder));
    db.exec(`CREATE TABLE change_log (seq INTEGER PRIMARY KEY AUTOINCREMENT, project_id TEXT, session_id TEXT,
      event_type TEXT, payload TEXT, created_at)`);
    const insert = db.prepare("INSERT INTO change_log VALUES (?, 'web', 'web-1', 'session_updated', '{}', ?)");
    for (const [seq, time] of [[2, 7] as const, [40, null] as const, [60, at('5')] as const]) insert.run(seq, time);
    db.close();
    const store = openStore(folder);
    for (const _ of rebuild(store));
    expect(present(store)).toMatchObject([
      { from: 1, to: 1, kind: 'rolled_back_like', last_at: null, next_at: null },
      { from: 3, to: 39, kind: 'unexplained', last_at: null, next_at: null },
      { from: 41, to: 59, kind: 'unexplained', last_at: null, next_at: ms(5) },
    ]);
    store.close();
  });
});
