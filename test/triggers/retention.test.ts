import { describe, expect, test } from '@jest/globals';
import type { HostDatabase } from '../../fixtures/daemon/schema.ts';
import { holdBound } from '../../triggers/retention.ts';
import { type Host, LATER, schemaOf, withHost, withTriggers } from './support.ts';

/** The clock says 18 June. */
const OLD = '2026-05-19 07:59:59';
const YOUNG = '2026-05-19 08:00:01';

const COLUMNS = '(id, occurred_at, name, source, level, payload_json)';

/** So many rows, all within a second and each later than the one before. */
function fill(
  db: HostDatabase,
  count: number,
  at: string,
  { name = 'ao_projector.project_added', source = 'ao-projector' } = {},
): void {
  db.prepare(
    `INSERT INTO telemetry_event ${COLUMNS}
     WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?)
     SELECT ? || n, printf('%s.%06d +0000 UTC', ?, n), ?, ?, 'info', '{}' FROM number`,
  ).run(count, `${source} ${name} ${at} `, at, name, source);
}

const count = (db: HostDatabase, at: string): number =>
  db.prepare("SELECT count(*) FROM telemetry_event WHERE occurred_at LIKE ? || '%'").pluck().get(at) as number;

/** One more fact. */
function fire({ db }: Host): void {
  const before = db.prepare('SELECT count(*) FROM projects').pluck().get();
  db.prepare("INSERT INTO projects (id, path, registered_at) VALUES ('p' || ?, '/', ?)").run(before as number, LATER);
  expect(
    db
      .prepare("SELECT count(*) FROM telemetry_event WHERE id = 'aop:project_added:p' || ?")
      .pluck()
      .get(before as number),
  ).toBe(1);
}

const withClock = (use: (host: Host) => void): void => withTriggers(82, use, { clock: true });

describe('a firing takes old rows of ours away', () => {
  test('four at most, and the newest thousand never', () => {
    withClock((host) => {
      fill(host.db, 1_005, OLD);
      const left = [1, 2, 3, 4].map(() => {
        fire(host);
        return count(host.db, OLD);
      });
      expect(left).toEqual([1_001, 998, 997, 996]);
      const total = host.db.prepare("SELECT count(*) FROM telemetry_event WHERE source = 'ao-projector'").pluck();
      expect(total.get()).toBe(1_001);
    });
  });

  test('the oldest of them, as they were written', () => {
    withClock((host) => {
      fill(host.db, 1_002, OLD);
      fire(host);
      const ids = host.db.prepare<[string], string>(
        "SELECT id FROM telemetry_event WHERE occurred_at LIKE ? || '%' ORDER BY rowid LIMIT 1",
      );
      expect(ids.pluck().get(OLD)).toBe(`ao-projector ao_projector.project_added ${OLD} 4`);
    });
  });

  test('as far as a thousand of any kind are newer', () => {
    withClock((host) => {
      fill(host.db, 3, OLD);
      fill(host.db, 997, YOUNG, { name: 'ao_projector.session_ended' });
      const left = [1, 2, 3].map(() => {
        fire(host);
        return count(host.db, OLD);
      });
      expect(left).toEqual([2, 1, 0]);
    });
  });

  test('of its own kind', () => {
    withClock((host) => {
      fill(host.db, 5, OLD, { name: 'ao_projector.session_ended' });
      fill(host.db, 1_100, YOUNG);
      fire(host);
      expect(count(host.db, OLD)).toBe(5);
      host.update('sessions', 'web-1', { is_terminated: 1, updated_at: LATER });
      expect(count(host.db, OLD)).toBe(1);
    });
  });

  test('none while there are no more than a thousand', () => {
    withClock((host) => {
      fill(host.db, 998, OLD);
      fire(host);
      expect(count(host.db, OLD)).toBe(998);
    });
  });

  test('none that are younger than 30 days', () => {
    withClock((host) => {
      fill(host.db, 1_500, YOUNG);
      fire(host);
      expect(count(host.db, YOUNG)).toBe(1_500);
    });
  });

  test('none of the daemon, whatever they are called', () => {
    withClock((host) => {
      fill(host.db, 50, OLD, { name: 'ao.cli.invoked', source: 'cli' });
      fill(host.db, 50, OLD, { source: 'somebody else' });
      fill(host.db, 50, OLD, { name: 'ao.cli.invoked' });
      fill(host.db, 1_100, YOUNG);
      for (let times = 0; times < 5; times++) fire(host);
      expect(count(host.db, OLD)).toBe(150);
    });
  });

  test('not the fact itself, however far back it lies', () => {
    withClock((host) => {
      fill(host.db, 2_000, YOUNG);
      const imported = { id: 'legacy', path: '/', registered_at: '2020-01-01 10:00:00 +0530 +0530' };
      expect(host.adds(() => host.insert('projects', imported))).toHaveLength(1);
      fire(host);
      expect(count(host.db, '2020-01-01 04:30:00 +0000 UTC')).toBe(1);
    });
  });
});

describe('the bound', () => {
  const oldest = (db: HostDatabase): unknown =>
    db.prepare("SELECT id FROM telemetry_event WHERE source = 'ao-projector' ORDER BY rowid LIMIT 1").pluck().get();

  test('leaves a hundred thousand rows of ours, the newest, and all of the daemon', () => {
    withHost(82, (db, path) => {
      db.transaction(() => {
        fill(db, 10, OLD, { name: 'ao.cli.invoked', source: 'cli' });
        fill(db, 5_007, OLD);
        fill(db, 99_999, YOUNG);
      })();
      holdBound(path);
      expect([count(db, OLD), count(db, YOUNG)]).toEqual([11, 99_999]);
      expect(oldest(db)).toBe(`ao-projector ao_projector.project_added ${OLD} 5007`);

      const changes = db.pragma('data_version');
      holdBound(path);
      expect(db.pragma('data_version')).toEqual(changes);
    });
  });

  test('is none where there is no telemetry', () => {
    withHost(14, (db, path) => {
      const before = schemaOf(db);
      holdBound(path);
      expect(schemaOf(db)).toEqual(before);
    });
  });
});
