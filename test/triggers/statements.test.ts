import { describe, expect, test } from '@jest/globals';
import { AT, factsOf, type Host, LATER, type Row, SESSION, withTriggers } from './support.ts';

const END: Row = { activity_state: 'exited', is_terminated: 1, updated_at: LATER };
const RESTORE: Row = { activity_state: 'idle', is_terminated: 0, updated_at: LATER };
const POLICIES = ['', 'OR ABORT', 'OR FAIL', 'OR ROLLBACK', 'OR REPLACE', 'OR IGNORE'];

const session = (host: Host, id = 'web-1'): unknown =>
  host.db.prepare('SELECT activity_state, is_terminated FROM sessions WHERE id = ?').get(id);

describe('a statement that repeats a fact goes through, and the fact stays one', () => {
  test.each(POLICIES)('UPDATE %s', (or) => {
    withTriggers(82, (host) => {
      host.update('sessions', 'web-1', END);
      host.update('sessions', 'web-1', RESTORE);
      expect(factsOf(host.db)).toHaveLength(2);
      const repeated = host.adds(() => {
        host.update('sessions', 'web-1', END, { or });
        expect(session(host)).toEqual({ activity_state: 'exited', is_terminated: 1 });
        host.update('sessions', 'web-1', RESTORE, { or });
      });
      expect(repeated).toEqual([]);
      expect(session(host)).toEqual({ activity_state: 'idle', is_terminated: 0 });
    });
  });

  test.each(POLICIES)('INSERT %s', (or) => {
    withTriggers(82, (host) => {
      host.insert('sessions', SESSION);
      host.db.exec("DELETE FROM change_log WHERE session_id = 'web-2'");
      host.remove('sessions', 'web-2');
      expect(host.adds(() => host.insert('sessions', SESSION, { or }))).toEqual([]);
      expect(session(host, 'web-2')).toEqual({ activity_state: 'idle', is_terminated: 0 });
    });
  });

  test.each(POLICIES)('UPDATE %s of many rows, some of them new facts', (or) => {
    withTriggers(82, (host) => {
      for (const num of [2, 3, 4]) host.insert('sessions', { ...SESSION, id: `web-${num}`, num });
      host.update('sessions', 'web-3', END);
      host.update('sessions', 'web-3', RESTORE);
      const all = `UPDATE ${or} sessions SET is_terminated = 1, updated_at = '${LATER}'`;
      expect(host.adds(() => host.db.exec(all)).map(({ session_id }) => session_id)).toEqual([
        'web-1',
        'web-2',
        'web-4',
      ]);
    });
  });
});

test('a statement inside a transaction that fails with a constraint of its own leaves the others in place', () => {
  withTriggers(82, (host) => {
    host.db.exec('BEGIN');
    host.update('sessions', 'web-1', END, { or: 'OR FAIL' });
    expect(() => host.update('sessions', 'web-1', { kind: 'nobody' }, { or: 'OR FAIL' })).toThrow('CHECK constraint');
    host.db.exec('COMMIT');
    expect(factsOf(host.db)).toHaveLength(1);
  });
});

test('a whole row written as it was says nothing', () => {
  withTriggers(82, (host) => {
    host.insert('notifications', {
      id: 'n',
      session_id: 'web-1',
      project_id: 'web',
      type: 'pr_merged',
      title: '',
      created_at: AT,
    });
    const ids = { review_id: 'rev', session_id: 'web-1' };
    host.insert('review_run', { id: 'run', ...ids, harness: 'codex', created_at: AT, status: 'delivered' });
    host.insert('shell_terminals', { handle_id: 't', working_dir: '/', app_run_id: 'r', created_at: AT });
    const ended = { ...SESSION, is_terminated: 1, runtime_handle_id: 'h', first_signal_at: AT };
    host.insert('sessions', ended);
    const written = host.adds(() => {
      for (const [table, id] of Object.entries({ notifications: 'n', review_run: 'run', shell_terminals: 't' })) {
        host.update(table, id);
      }
      for (const id of ['web-1', 'web-2']) host.update('sessions', id);
      host.update('projects', 'web');
      host.update('projects', 'web', { archived_at: null });
    });
    expect(written).toEqual([]);
  });
});

describe('a fact shares the fate of its statement', () => {
  test('a savepoint takes it back alone', () => {
    withTriggers(82, (host) => {
      const added = host.adds(() => {
        host.db.exec('BEGIN');
        host.update('sessions', 'web-1', { runtime_handle_id: 'h' });
        host.db.exec('SAVEPOINT one');
        host.update('sessions', 'web-1', END);
        expect(factsOf(host.db)).toHaveLength(2);
        host.db.exec('ROLLBACK TO one');
        host.db.exec('RELEASE one');
        host.update('sessions', 'web-1', { first_signal_at: AT });
        host.db.exec('COMMIT');
      });
      expect(added.map(({ name }) => name)).toEqual([
        'ao_projector.session_launched',
        'ao_projector.session_first_signal',
      ]);
    });
  });

  test('a rollback takes it back, and it is written when the statement comes again', () => {
    withTriggers(82, (host) => {
      host.db.exec('BEGIN');
      host.update('sessions', 'web-1', END);
      host.db.exec('ROLLBACK');
      expect(factsOf(host.db)).toEqual([]);
      expect(host.adds(() => host.update('sessions', 'web-1', END))).toHaveLength(1);
    });
  });

  test('a statement that fails half-way leaves none', () => {
    withTriggers(82, (host) => {
      const two = 'INSERT INTO sessions (id, project_id, num, activity_last_at, created_at, updated_at) VALUES';
      const row = (id: string) => `('${id}', 'web', ${id.slice(4)}, '${AT}', '${AT}', '${AT}')`;
      expect(() => host.db.exec(`${two} ${row('web-2')}, ${row('web-1')}`)).toThrow('UNIQUE constraint failed');
      expect(factsOf(host.db)).toEqual([]);
    });
  });
});

test('the daemon’s own counters do not see our rows', () => {
  withTriggers(82, (host) => {
    const end = host.db.prepare("UPDATE sessions SET is_terminated = 1 WHERE id = 'web-1'");
    const { changes, lastInsertRowid } = end.run();
    const [rowid, changed] = host.db.prepare('SELECT last_insert_rowid(), changes()').raw().get() as number[];
    expect(factsOf(host.db)).toHaveLength(1);
    expect({ changes, changed, same: lastInsertRowid === rowid }).toEqual({ changes: 1, changed: 1, same: true });
    const inserted = host.db.prepare('INSERT INTO projects (id, path, registered_at) VALUES (?, ?, ?)');
    inserted.run('api', '/', AT);
    const own = host.db.prepare("SELECT rowid FROM projects WHERE id = 'api'").pluck().get();
    expect(inserted.run('docs', '/', AT).lastInsertRowid).toBe((own as number) + 1);
  });
});
