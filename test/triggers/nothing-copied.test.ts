import { describe, expect, test } from '@jest/globals';
import { definitionsFor } from '../../triggers/definitions.ts';
import { AT, factsOf, type Host, LATER, type Row, withTriggers } from './support.ts';

/** A text that no fact may hold, told apart by its column. */
const secretIn = (column: string): string => `SECRET-${column}`;

/** What a fact is about, and when: ids and times alone may be copied as they are. */
const IDS = ['id', 'project_id', 'session_id', 'review_id', 'handle_id'];

/** A whole row: given values, and a secret in every other column that takes a text. */
function secretRow(host: Host, table: string, given: Row): Row {
  const columns = host.db
    .prepare<[string], { name: string; type: string }>('SELECT name, type FROM pragma_table_info(?)')
    .all(table);
  const others = columns.filter(({ name, type }) => type === 'TEXT' && !(name in given) && !IDS.includes(name));
  return { ...Object.fromEntries(others.map(({ name }) => [name, secretIn(name)])), ...given };
}

const ROWS: Readonly<Record<string, Row>> = {
  projects: { id: 'api', registered_at: AT },
  sessions: { id: 'web-9', project_id: 'web', num: 9, activity_last_at: AT, created_at: AT, updated_at: AT },
  review_run: { id: 'run', review_id: 'rev', session_id: 'web-1', created_at: AT },
  notifications: { id: 'ntf', session_id: 'web-1', project_id: 'web', created_at: AT },
  shell_terminals: { handle_id: 'term', project_id: 'web', created_at: AT },
};

/** Everything that makes a trigger fire, over rows full of secrets. */
function fireAll(host: Host): void {
  host.db.pragma('ignore_check_constraints = ON');
  for (const [table, row] of Object.entries(ROWS)) host.insert(table, secretRow(host, table, row));
  host.update('projects', 'api', { archived_at: LATER });
  host.update('projects', 'api', { archived_at: null });
  host.update('review_run', 'run', { status: 'SECRET-next' });
  host.update('sessions', 'web-9', { runtime_handle_id: '' });
  host.update('sessions', 'web-9', { runtime_handle_id: 'SECRET-handle', first_signal_at: 'SECRET-signal' });
  host.update('sessions', 'web-9', { activity_state: 'SECRET-left', is_terminated: 1 });
  host.update('sessions', 'web-9', { is_terminated: 0 });
  const seed = { workspace_path: '', runtime_handle_id: '', agent_session_id: '', prompt: '' };
  host.update('sessions', 'web-9', seed);
  host.db.exec("DELETE FROM change_log WHERE session_id = 'web-9'");
  host.remove('sessions', 'web-9');
}

describe('whatever stands in the texts of the daemon', () => {
  test('every kind of fact is written, and none holds any of it', () => {
    withTriggers(82, (host) => {
      fireAll(host);
      const facts = factsOf(host.db);
      const kinds = new Set(facts.map(({ name }) => name));
      expect([...kinds].sort()).toEqual(
        definitionsFor(host.db)
          .map(({ fact }) => fact)
          .sort(),
      );
      expect(JSON.stringify(facts)).not.toContain('SECRET');
    });
  });

  test('no trigger names a column that holds a text of a person, a path or an output, but to see whether it is empty', () => {
    withTriggers(82, (host) => {
      const sql = host.db
        .prepare<[], string>("SELECT sql FROM sqlite_master WHERE name GLOB 'ao_projector_*'")
        .pluck()
        .all()
        .join('\n')
        .replaceAll(/(NEW|OLD)\.\w+ (=|<>) ''/g, '');
      const named = new Set([...sql.matchAll(/(?:NEW|OLD)\.(\w+)/g)].map(([, column]) => column));
      expect([...named].sort()).toEqual([
        ...['activity_last_at', 'activity_state', 'archived_at', 'created_at', 'delivered_at', 'first_signal_at'],
        ...['handle_id', 'harness', 'id', 'is_terminated', 'kind', 'num', 'project_id', 'registered_at', 'session_id'],
        ...['status', 'type', 'updated_at', 'verdict'],
      ]);
    });
  });
});

test('an installation writes nothing of what is there already', () => {
  withTriggers(82, (host) => {
    expect(host.db.prepare('SELECT count(*) FROM sessions').pluck().get()).toBe(1);
    expect(factsOf(host.db)).toEqual([]);
  });
});
