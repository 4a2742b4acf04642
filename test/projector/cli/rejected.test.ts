import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import SQLite from 'better-sqlite3';
import { rebuild } from '../../../projector/pipeline/rebuild.ts';
import { readRejectedAgain } from '../../../projector/pipeline/rejected-again.ts';
import type { Store } from '../../../projector/store/store.ts';
import { at, ms, TinyHost } from '../../oracle/tiny.ts';
import { openStore } from '../../properties/harness.ts';
import { answerOf, EVENTS_TIER } from '../../support/command-line.ts';
import { hostPath, projector, tiersOn } from '../../support/processes.ts';
import { withFolder } from '../../support/temporary.ts';

jest.setTimeout(60_000);

const FAILED = {
  ...{ component: 'session_service', operation: 'spawn_session', kind: 'worker', harness: 'codex' },
  ...{ duration_ms: 40, error_kind: 'internal' },
};

/** Rows 2 and 3 of `change_log` do not fit, and neither does one row of telemetry; what they hold is secret. */
function write(folder: string): void {
  const said = (payload: object) => ({
    ...{ type: 'session_updated', project: 'web', session: 'web-1', at: at('1'), payload: JSON.stringify(payload) },
  });
  new TinyHost(hostPath(folder))
    .project('web', at('0'))
    .created('web-1', at('0'))
    .line(said({ id: 'web-1', activity: 'SECRET', isTerminated: false, SECRET: 1 }))
    .line({ ...said({}), payload: 'SECRET' })
    .updated('web-1', 'active', false, at('2'))
    .telemetry('ao.session.spawned', at('1'), { kind: 'worker', harness: ['SECRET'], SECRET: null }, 'web')
    .telemetry('ao.session.spawn_failed', at('3'), FAILED, 'web')
    .close();
}

function withRejected(use: (ask: (words: string) => string, folder: string, store: Store) => void): void {
  withFolder((folder) => {
    write(folder);
    const store = openStore(folder);
    try {
      for (const _ of rebuild(store));
      use((words) => answerOf(folder, EVENTS_TIER, ms(60), words.split(' ')), folder, store);
    } finally {
      store.close();
    }
  });
}

function change(path: string, ...statements: string[]): void {
  const db = new SQLite(path);
  for (const statement of statements) db.exec(statement);
  db.close();
}

/** Position of the rejected telemetry row in the journal. */
function telemetryPosition(ask: (words: string) => string): number {
  const { rejected } = JSON.parse(ask('rejected list --json'));
  return rejected.find(({ stream }: { stream: string }) => stream === 'telemetry').position;
}

describe('rejected list', () => {
  test('counts the reasons and names each row', () => {
    withRejected((ask) => {
      const position = telemetryPosition(ask);
      const telemetry = { stream: 'telemetry', reason: 'payload_json.harness: expected a string' };
      const activity = { stream: 'change_log', reason: 'payload.activity: expected an activity state' };
      const object = { stream: 'change_log', reason: 'payload: expected a JSON object' };
      expect(JSON.parse(ask('rejected list --json'))).toMatchObject({
        as_of: { change_log: 4 },
        count: 3,
        reasons: [
          { ...activity, count: 1 },
          { ...object, count: 1 },
          { ...telemetry, count: 1 },
        ],
        rejected: [
          { ...activity, position: 2 },
          { ...object, position: 3 },
          { ...telemetry, position },
        ],
      });
      const printed = ask('rejected list');
      expect(printed).toMatch(/^change_log +payload: expected a JSON object +1$/m);
      expect(printed).toMatch(/^change_log@2 +payload\.activity: expected an activity state$/m);
      expect(ask('status')).toMatch(/^rejected +3 rows, 0 of unknown types; see `ao-projector rejected list`$/m);
    });
  });

  test('says so where there is none', () => {
    withRejected((ask, folder, store) => {
      change(hostPath(folder), 'DELETE FROM change_log WHERE seq IN (2, 3)');
      change(join(folder, 'analytics.db'), "DELETE FROM journal WHERE name = 'observed.rejected'");
      for (const _ of rebuild(store));
      expect(ask('rejected list')).toBe('No row was rejected.\n');
      expect(ask('rejected retry')).toBe('No row was rejected.\n');
    });
  });
});

describe('rejected show', () => {
  test('tells names and types of fields, and never what stands in them', () => {
    withRejected((ask) => {
      expect(JSON.parse(ask('rejected show change_log@2 --json'))).toMatchObject({
        ...{ stream: 'change_log', position: 2, reason: 'payload.activity: expected an activity state' },
        ...{ kind: 'session_updated', other_fields: 1, unread: null },
        fields: [
          ...['created_at', 'event_type', 'project_id', 'session_id', 'payload'].map((field) => ({
            field,
            type: 'text',
          })),
          { field: 'payload.id', type: 'string' },
          { field: 'payload.activity', type: 'string' },
          { field: 'payload.isTerminated', type: 'boolean' },
        ],
      });
      const printed = ask('rejected show 2');
      expect(printed).toMatch(/^change_log@2: payload\.activity: expected an activity state$/m);
      expect(printed).toMatch(/^payload\.activity +string$/m);
      expect(printed).toContain('and 1 of other names in the payload\n');
      const telemetry = ask(`rejected show telemetry@${telemetryPosition(ask)}`);
      expect(telemetry).toMatch(/^It is of the type ao\.session\.spawned\.$/m);
      expect(telemetry).toMatch(/^payload_json\.harness +array$/m);
      for (const answer of [printed, telemetry, ask('rejected show change_log@3'), ask('rejected list --json')]) {
        expect(answer).not.toContain('SECRET');
      }
    });
  });

  test('takes a bare position only where one stream has it', () => {
    withRejected((ask) => {
      const codeOf = (words: string) => {
        try {
          return ask(words);
        } catch (error) {
          return (error as { code: string }).code;
        }
      };
      expect(telemetryPosition(ask)).toBe(3);
      expect(JSON.parse(ask('rejected show 2 --json'))).toMatchObject({ stream: 'change_log', position: 2 });
      expect(codeOf('rejected show 3')).toBe('position_ambiguous');
      expect(codeOf('rejected show change_log@1')).toBe('not_rejected');
      expect(codeOf('rejected show change_log-1')).toBe('position_invalid');
    });
  });

  test('says why it has no fields: the row is gone, or the database', () => {
    withRejected((ask, folder) => {
      const position = telemetryPosition(ask);
      change(hostPath(folder), 'DELETE FROM change_log WHERE seq = 2', 'DELETE FROM telemetry_event');
      expect(ask('rejected show 2')).toContain('Its fields cannot be told: the row is gone.');
      expect(ask(`rejected show telemetry@${position}`)).toContain('the daemon has deleted the row');
      rmSync(hostPath(folder));
      expect(ask('rejected show 2')).toContain("the daemon's database cannot be read");
    });
  });
});

/** As it would stand if an earlier version had rejected row 4 of `change_log` and the failed spawn. */
function rejectedBefore(folder: string, store: Store): number {
  const journal = new SQLite(join(folder, 'analytics.db'));
  const position = journal
    .prepare<[], number>("SELECT position FROM journal WHERE name = 'ao.session.spawn_failed'")
    .pluck()
    .get()!;
  const blank = `name = 'observed.rejected', at = 0, nanos = 0, project = NULL, data = '{"reason":"before"}'`;
  journal.exec(`UPDATE journal SET ${blank} WHERE position = ${position}`);
  journal.close();
  change(
    store.paths.derived((store.current() as { number: number }).number),
    `INSERT INTO rejected VALUES ('change_log', 4, 'before'), ('telemetry', ${position}, 'before')`,
  );
  return position;
}

describe('rejected retry', () => {
  test('tells what this version would read, and changes nothing', () => {
    withRejected((ask, folder, store) => {
      const position = rejectedBefore(folder, store);
      change(hostPath(folder), 'DELETE FROM change_log WHERE seq = 3');
      const retried = JSON.parse(ask('rejected retry --json'));
      expect(retried).toMatchObject({ readable: 2, rejected: 2, gone: 1 });
      const outcomes = retried.rows.map(({ stream, position: place, outcome }: Record<string, unknown>) => {
        return `${stream}@${place} ${outcome}`;
      });
      expect(outcomes).toEqual(
        expect.arrayContaining([
          ...['change_log@2 rejected', 'change_log@3 gone', 'change_log@4 readable'],
          `telemetry@${position} readable`,
        ]),
      );
      const printed = ask('rejected retry');
      expect(printed).toContain('Of 5 rejected rows this version reads 2. 2 still do not fit, 1 are gone.\n');
      expect(printed).toContain(`\nchange_log@4\ntelemetry@${position}\n`);
      expect(printed).toContain('run `ao-projector rebuild`');
      expect(JSON.parse(ask('rejected retry --json'))).toEqual(retried);
    });
  });

  test('is followed by a rebuild, which takes them in at their places', () => {
    withRejected((ask, folder, store) => {
      const position = rejectedBefore(folder, store);
      for (const _ of rebuild(store));
      expect(JSON.parse(ask('rejected list --json')).count).toBe(3);
      const [failure] = ask('events --name ao.spawn.failed --json').trim().split('\n');
      expect(JSON.parse(failure!)).toMatchObject({ cause_position: position, at: ms(3) });
    });
  });

  test('tables that were folded before the journal had them are stale', () => {
    withRejected((_, folder, store) => {
      rejectedBefore(folder, store);
      expect(store.current()).toEqual({ number: 1 });
      readRejectedAgain(store.paths.host, store.journal, store.keys);
      expect(store.current()).toEqual({ stale: 'rows that were rejected are read by now' });
    });
  });

  test('needs the daemon’s database', () => {
    withRejected((ask, folder) => {
      rmSync(hostPath(folder));
      expect(() => ask('rejected retry')).toThrow(expect.objectContaining({ code: 'host_not_readable' }) as never);
    });
  });

  test('beside a run the rebuild that it asks for takes them in, too', async () => {
    await withFolder(async (folder) => {
      write(folder);
      const store = openStore(folder);
      for (const _ of rebuild(store));
      rejectedBefore(folder, store);
      store.close();
      const env = tiersOn(folder);
      const tail = projector(env, 'run');
      await tail.says('Tailing');
      expect((await projector(env, 'rebuild').ended).code).toBe(0);
      expect((await tail.stop()).code).toBe(0);
      const { stdout } = await projector(env, 'events', '--name', 'ao.spawn.failed', '--json').ended;
      expect(stdout.trim().split('\n').filter(Boolean)).toHaveLength(1);
    });
  });
});
