import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import SQLite, { type Database } from 'better-sqlite3';
import { Daemon } from '../../../fixtures/daemon/daemon.ts';
import { history } from '../../../fixtures/daemon/history.ts';
import { Random } from '../../../fixtures/random.ts';
import { writeVolume } from '../../../fixtures/volume.ts';
import { status } from '../../../projector/answers/status.ts';
import { Live } from '../../../projector/pipeline/live.ts';
import { rebuild } from '../../../projector/pipeline/rebuild.ts';
import type { Store } from '../../../projector/store/store.ts';
import { begin, catchUp, openStore } from '../../properties/harness.ts';
import { hostPath, projector, projectorAsNobody, tiersOn } from '../../support/processes.ts';
import { withFolder } from '../../support/temporary.ts';

jest.setTimeout(60_000);

/** Opens a store on a folder, and the present derived file with plain SQL. */
function withStore<T>(folder: string, use: (store: Store, rows: (sql: string) => unknown[]) => T): T {
  const store = openStore(folder);
  try {
    return use(store, (sql) => {
      const present = store.current();
      if ('stale' in present) throw new Error(present.stale);
      const db = new SQLite(store.paths.derived(present.number), { readonly: true });
      try {
        return db.prepare(sql).all();
      } finally {
        db.close();
      }
    });
  } finally {
    store.close();
  }
}

/** A `change_log` without the daemon's checks, so that anything can stand in it. */
function bareLog(folder: string): {
  db: Database;
  add: (type: string, payload: string, at?: string, seq?: number) => void;
} {
  const db = new SQLite(hostPath(folder));
  db.pragma('journal_mode = WAL');
  db.exec(`CREATE TABLE change_log (seq INTEGER PRIMARY KEY AUTOINCREMENT, project_id TEXT, session_id TEXT,
    event_type TEXT, payload TEXT, created_at TIMESTAMP)`);
  const insert = db.prepare('INSERT INTO change_log VALUES (?, ?, ?, ?, ?, ?)');
  return {
    db,
    add: (type, payload, at = '2026-06-18 12:00:00 +0000 UTC', seq) =>
      insert.run(seq ?? null, 'web', 'web-1', type, payload, at),
  };
}

const CREATED = '{"id":"web-1","activity":"idle","isTerminated":false}';
const ACTIVE = '{"id":"web-1","activity":"active","isTerminated":false}';

describe('a host that is no host', () => {
  test.each([
    ['missing', () => {}, 'host_missing'],
    ['not a database', (folder: string) => writeFileSync(hostPath(folder), 'x'.repeat(8192)), 'host_not_a_database'],
    ['truncated', (folder: string) => truncated(folder), 'host_not_a_database'],
    [
      'without change_log',
      (folder: string) => new SQLite(hostPath(folder)).exec('CREATE TABLE t (x)').close(),
      'no_change_log',
    ],
  ])('%s: rebuild says what was expected, found and to do', async (_, make, code) => {
    await withFolder(async (folder) => {
      make(folder);
      const plain = await projector(tiersOn(folder), 'rebuild').ended;
      expect([plain.code, plain.stderr]).toEqual([
        1,
        expect.stringMatching(/expected: .*\n {2}found: .*\n {2}what to do: /),
      ]);
      expect(() => withStore(folder, (store) => [...rebuild(store)])).toThrow(
        expect.objectContaining({ code }) as never,
      );
      expect(readdirSync(folder).filter((name) => name.includes('derived'))).toEqual([]);
    });
  });
});

function truncated(folder: string): void {
  Daemon.create(hostPath(folder), { version: 19, seed: 1 }).close();
  execFileSync('truncate', ['-s', '20000', hostPath(folder)]);
}

describe('rows that do not fit', () => {
  test('are kept as position and reason, never as content, and the rest goes on', () => {
    withFolder((folder) => {
      const { db, add } = bareLog(folder);
      add('session_created', CREATED);
      add('session_updated', 'SECRET not JSON');
      add('session_updated', '{"id":"web-1","activity":"SECRET","isTerminated":false}');
      add('SECRET_type', '{}');
      add('session_updated', ACTIVE, 'SECRET time');
      add('session_updated', `{"id":"web-1","SECRET":"${'S'.repeat(1_000_000)}"}`);
      add('pr_created', '{"url":7}');
      add('session_updated', ACTIVE);
      db.close();
      withStore(folder, (store, rows) => {
        begin(store).close();
        expect(rows('SELECT * FROM rejected')).toEqual([
          { stream: 'change_log', position: 2, reason: 'payload: expected a JSON object' },
          { stream: 'change_log', position: 3, reason: 'payload.activity: expected an activity state' },
          { stream: 'change_log', position: 5, reason: 'created_at: expected a time' },
          { stream: 'change_log', position: 6, reason: 'payload.activity: expected an activity state' },
          { stream: 'change_log', position: 7, reason: 'payload.url: expected a URL' },
        ]);
        expect(
          rows("SELECT json_extract(state, '$.unknown') AS unknown FROM checkpoint WHERE stream = 'change_log'"),
        ).toEqual([{ unknown: 1 }]);
        expect(rows('SELECT id / 128 AS seq, id % 64 AS code FROM event WHERE subject = 1')).toEqual([
          { seq: 1, code: 10 },
          { seq: 8, code: 11 },
        ]);
      });
    });
  });

  test('times from the year 1 and from 2100 are kept as they are, and bound nothing', () => {
    withFolder((folder) => {
      const { db, add } = bareLog(folder);
      add('session_created', CREATED, '0001-01-01 00:00:00 +0000 UTC');
      add('session_updated', ACTIVE, '2100-01-01 00:00:00 +0000 UTC');
      add('session_updated', CREATED, '2026-06-18 12:00:00 +0000 UTC');
      db.close();
      withStore(folder, (store, rows) => {
        begin(store).close();
        expect(rows('SELECT at FROM event WHERE subject = 1 ORDER BY id')).toEqual([
          { at: Date.parse('0001-01-01T00:00:00Z') },
          // No signal for ten minutes, since the first came in 2100.
          { at: Date.parse('0001-01-01T00:10:00Z') },
          { at: Date.UTC(2100, 0, 1) },
        ]);
        expect(
          rows("SELECT json_extract(state, '$.newestAt') AS at FROM checkpoint WHERE stream = 'change_log'"),
        ).toEqual([{ at: Date.UTC(2026, 5, 18, 12) }]);
      });
    });
  });

  test('a clock that steps back makes no negative duration', () => {
    withFolder((folder) => {
      const { db, add } = bareLog(folder);
      add('session_created', CREATED);
      add(
        'session_updated',
        '{"id":"web-1","activity":"waiting_input","isTerminated":false}',
        '2026-06-18 12:30:00 +0000 UTC',
      );
      add('session_updated', ACTIVE, '2026-06-18 12:10:00 +0000 UTC');
      db.close();
      withStore(folder, (store, rows) => {
        begin(store).close();
        expect(rows('SELECT measures FROM event WHERE measures IS NOT NULL')).toEqual([{ measures: '{"dwell_ms":0}' }]);
      });
    });
  });

  test('gaps are recorded with the times around them, those like a rolled-back spawn told from longer ones', () => {
    withFolder((folder) => {
      const { db, add } = bareLog(folder);
      add('session_created', CREATED, '2026-06-18 11:00:00 +0000 UTC', 3);
      add('session_updated', ACTIVE, undefined, 5);
      add('session_updated', CREATED, undefined, 500);
      db.close();
      withStore(folder, (store, rows) => {
        begin(store).close();
        const [eleven, twelve] = [Date.UTC(2026, 5, 18, 11), Date.UTC(2026, 5, 18, 12)];
        expect(rows('SELECT * FROM gap ORDER BY "from"')).toEqual([
          { stream: 'change_log', from: 1, to: 2, last_at: null, next_at: eleven },
          { stream: 'change_log', from: 4, to: 4, last_at: eleven, next_at: twelve },
          { stream: 'change_log', from: 6, to: 499, last_at: twelve, next_at: twelve },
        ]);
        expect(status(store.paths, { metrics: true, events: true, remote: [] }, 0).gaps).toEqual([
          { stream: 'change_log', from: 1, to: 2, kind: 'rolled_back_like' },
          { stream: 'change_log', from: 4, to: 4, kind: 'rolled_back_like' },
          { stream: 'change_log', from: 6, to: 499, kind: 'unexplained' },
        ]);
      });
    });
  });
});

describe('a damaged database', () => {
  test('a row without a value that it must have is named as damage', () => {
    withFolder((folder) => {
      const { db, add } = bareLog(folder);
      add('session_created', CREATED);
      db.exec("INSERT INTO change_log (event_type) VALUES ('session_updated')");
      db.unsafeMode();
      db.pragma('writable_schema = ON');
      db.exec("UPDATE sqlite_master SET sql = replace(sql, 'payload TEXT', 'payload TEXT NOT NULL')");
      db.close();
      withStore(folder, (store) => {
        expect(() => [...rebuild(store)]).toThrow(expect.objectContaining({ code: 'host_damaged' }) as never);
      });
    });
  });

  test('pages that lie in another order are not read for ever', () => {
    withFolder((folder) => {
      const { db, add } = bareLog(folder);
      for (let row = 0; row < 1_500; row++) add('session_updated', `${ACTIVE}${' '.repeat(40)}`);
      const leaves = db
        .prepare<[], number>("SELECT pageno FROM dbstat WHERE name = 'change_log' AND pagetype = 'leaf' ORDER BY path")
        .pluck()
        .all();
      db.close();
      // The reader's first page ends in a leaf whose rows come before all others.
      exchangePages(hostPath(folder), leaves[0]!, leaves[Math.floor((499 / 1_500) * leaves.length)]!);
      withStore(folder, (store) => {
        expect(() => [...rebuild(store)]).toThrow(expect.objectContaining({ code: 'host_damaged' }) as never);
      });
    });
  });

  test('projects without an id and migrations without a time are passed over', () => {
    withFolder((folder) => {
      const { db, add } = bareLog(folder);
      add('session_created', CREATED);
      db.exec('CREATE TABLE projects (id, registered_at)');
      db.exec('CREATE TABLE goose_db_version (id INTEGER PRIMARY KEY, version_id, is_applied, tstamp)');
      db.exec("INSERT INTO projects VALUES (NULL, '2026-06-18 12:00:00 +0000 UTC'), ('web', NULL)");
      db.exec('INSERT INTO goose_db_version VALUES (1, 19, 1, NULL)');
      db.close();
      withStore(folder, (store) => {
        begin(store).close();
        expect(store.journal.observed('project')).toEqual([]);
        expect(store.journal.observed('migration')).toEqual([]);
      });
    });
  });
});

function exchangePages(path: string, one: number, other: number): void {
  const PAGE = 4096;
  const whole = readFileSync(path);
  const changed = Buffer.from(whole);
  whole.copy(changed, (one - 1) * PAGE, (other - 1) * PAGE, other * PAGE);
  whole.copy(changed, (other - 1) * PAGE, (one - 1) * PAGE, one * PAGE);
  writeFileSync(path, changed);
}

describe('another history', () => {
  test('an older copy put back stops the tail, whatever was written to it since', () => {
    withFolder((folder) => {
      const daemon = Daemon.create(hostPath(folder), { version: 19, seed: 8 });
      const steps = history(daemon, new Random(8), { steps: 200 });
      for (let step = 0; step < 80; step++) steps.next();
      daemon.host.value('PRAGMA wal_checkpoint(TRUNCATE)');
      copyFileSync(hostPath(folder), join(folder, 'backup'));
      for (const _ of steps);
      daemon.close();
      withStore(folder, (store) => begin(store).close());
      copyFileSync(join(folder, 'backup'), hostPath(folder));
      withStore(folder, (store) => {
        const live = new Live(store, (store.current() as { number: number }).number, () => 0);
        expect(() => catchUp(live)).toThrow(/older copy/);
        live.close();
        const before = store.history;
        for (const _ of rebuild(store));
        expect(store.history).toBe(before + 1);
        begin(store).close();
      });
    });
  });

  test('rows that went with a deleted WAL are missed at once, even while the database is open', () => {
    withFolder((folder) => {
      withFolder((other) => {
        const daemon = Daemon.create(hostPath(other), { version: 19, seed: 8 });
        for (const _ of history(daemon, new Random(8), { steps: 80 }));
        daemon.host.value('PRAGMA wal_checkpoint(TRUNCATE)');
        daemon.host.value('PRAGMA wal_autocheckpoint = 0');
        for (const _ of history(daemon, new Random(9), { steps: 80 }));
        for (const suffix of ['', '-wal']) copyFileSync(hostPath(other) + suffix, hostPath(folder) + suffix);
        daemon.close();
      });
      withStore(folder, (store) => {
        const live = begin(store);
        catchUp(live);
        for (const suffix of ['-wal', '-shm']) rmSync(hostPath(folder) + suffix);
        expect(() => catchUp(live)).toThrow(/older copy/);
        live.close();
      });
    });
  });

  test('two databases that were swapped are two histories, even when no derived file is left', () => {
    withFolder((folder) => {
      for (const [name, seed] of [
        ['ao.db', 1],
        ['other.db', 2],
      ] as const) {
        const daemon = Daemon.create(join(folder, name), { version: 19, seed });
        for (const _ of history(daemon, new Random(seed), { steps: 150 }));
        daemon.close();
      }
      withStore(folder, (store) => begin(store).close());
      execFileSync('sh', ['-c', `rm ${folder}/analytics.derived.*; mv ${folder}/other.db ${folder}/ao.db`]);
      withStore(folder, (store) => {
        const before = store.history;
        for (const _ of rebuild(store));
        expect(store.history).toBe(before + 1);
      });
    });
  });
});

describe('a place that cannot be written', () => {
  test('a read-only data directory is named, with what to do', async () => {
    await withFolder(async (folder) => {
      Daemon.create(hostPath(folder), { version: 19, seed: 1 }).close();
      chmodSync(folder, 0o555);
      const { code, stderr } = await projectorAsNobody(tiersOn(folder), 'rebuild').ended;
      chmodSync(folder, 0o755);
      expect([code, stderr]).toEqual([1, expect.stringContaining('cannot be written')]);
      expect(readdirSync(folder)).toEqual(['ao.db']);
    });
  });

  test('a key that may not be read is an error like any other', async () => {
    await withFolder(async (folder) => {
      Daemon.create(hostPath(folder), { version: 19, seed: 1 }).close();
      const key = join(folder, 'analytics.key');
      writeFileSync(key, `${'07'.repeat(32)}\n`);
      chmodSync(key, 0o000);
      chmodSync(folder, 0o777);
      const { code, stderr } = await projectorAsNobody(tiersOn(folder), 'rebuild').ended;
      expect([code, stderr]).toEqual([1, expect.stringMatching(/expected: .*\n {2}found: EACCES.*\n {2}what to do: /)]);
      expect(stderr).not.toContain('    at ');
    });
  });

  const onSmallDisk = canMount() ? test : test.skip;
  onSmallDisk('a full disk ends a rebuild with a clear error and leaves the old answer', async () => {
    await withFolder(async (folder) => {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder]);
      try {
        writeVolume(hostPath(folder), { rows: 3_000, mix: 'R', sessions: 60, seed: 1 });
        expect((await projector(tiersOn(folder), 'rebuild').ended).code).toBe(0);
        const { bavail, bsize } = statfsSync(folder);
        writeFileSync(join(folder, 'filler'), Buffer.alloc(bavail * bsize - 120_000));
        const before = readdirSync(folder).sort();
        const full = await projector(tiersOn(folder), 'rebuild').ended;
        expect([full.code, full.stderr]).toEqual([1, expect.stringContaining('There is no room left')]);
        expect(readdirSync(folder).sort()).toEqual(before);
        expect((await projector(tiersOn(folder), 'funnel', 'session').ended).code).toBe(0);
      } finally {
        execFileSync('umount', [folder]);
      }
    });
  });
});

/** Only root may mount a disk, and only on Linux is it this kind. */
function canMount(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0;
}

test('a corrupt analytics.db is an error that names the remedy, and stays as it is', async () => {
  await withFolder(async (folder) => {
    Daemon.create(hostPath(folder), { version: 19, seed: 1 }).close();
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'analytics.db'), 'y'.repeat(4096));
    const { code, stderr } = await projector(tiersOn(folder), 'rebuild').ended;
    expect([code, stderr]).toEqual([1, expect.stringContaining('Move it away')]);
    expect(readdirSync(folder).sort()).toEqual(['analytics.db', 'ao.db']);
  });
});

test('an analytics.db of a newer version is refused and not changed', async () => {
  await withFolder(async (folder) => {
    Daemon.create(hostPath(folder), { version: 19, seed: 1 }).close();
    expect((await projector(tiersOn(folder), 'rebuild').ended).code).toBe(0);
    const db = new SQLite(join(folder, 'analytics.db'));
    db.exec("INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('of a later version', 9999999999999)");
    db.close();
    for (const command of [['rebuild'], ['run'], ['events']]) {
      const { code, stderr } = await projector(tiersOn(folder), ...command).ended;
      expect([code, stderr]).toEqual([1, expect.stringContaining('another version')]);
    }
  });
});
