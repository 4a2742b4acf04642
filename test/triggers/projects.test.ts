import { describe, expect, test } from '@jest/globals';
import { AT, CLOCK, fact, LATER, type Row, withTriggers } from './support.ts';

const API: Row = {
  id: 'api',
  path: '/home/dev/api',
  repo_origin_url: 'https://github.com/acme/api.git',
  registered_at: '2026-06-18 18:04:56.789012345 +0530 IST m=+12.345678901',
  kind: 'workspace',
};

const ARCHIVED = fact('ao_projector.project_archived', {
  id: `aop:project_archived:web:${LATER}`,
  at: LATER,
  project: 'web',
  payload: '{}',
});

describe.each([15, 28, 82])('on version %i', (version) => {
  test('a project is added once, whatever is written over it', () => {
    withTriggers(version, (host) => {
      expect(host.adds(() => host.insert('projects', API))).toEqual([
        fact('ao_projector.project_added', {
          id: 'aop:project_added:api',
          at: AT,
          project: 'api',
          payload: '{"kind":"workspace","has_git_remote":true}',
        }),
      ]);
      const again = () => {
        host.insert('projects', API, { end: 'ON CONFLICT (id) DO UPDATE SET archived_at = NULL, config = NULL' });
        host.insert('projects', API, { or: 'OR REPLACE' });
        host.insert('projects', { ...API, registered_at: LATER }, { or: 'OR REPLACE' });
        host.update('projects', 'api');
      };
      expect(host.adds(again)).toEqual([]);
    });
  });

  test('a project without an origin has no remote', () => {
    withTriggers(version, (host) => {
      const [added] = host.adds(() => host.insert('projects', { ...API, repo_origin_url: '', kind: 'single_repo' }));
      expect(added?.payload_json).toBe('{"kind":"single_repo","has_git_remote":false}');
    });
  });

  test('a project is archived once, and once more after it was added again', () => {
    withTriggers(version, (host) => {
      const archive = () => host.update('projects', 'web', { archived_at: LATER });
      expect(host.adds(archive)).toEqual([ARCHIVED]);
      expect(host.adds(archive)).toEqual([]);
      expect(host.adds(() => host.update('projects', 'web', { archived_at: AT }))).toEqual([]);
      host.update('projects', 'web', { archived_at: null });
      const [second] = host.adds(() => host.update('projects', 'web', { archived_at: AT }));
      expect(second?.id).toBe(`aop:project_archived:web:${AT}`);
    });
  });

  test('a project is added again once for each time that it was archived, at the time of the write', () => {
    withTriggers(
      version,
      (host) => {
        const readd = () =>
          host.insert('projects', { ...API, id: 'web' }, { end: 'ON CONFLICT (id) DO UPDATE SET archived_at = NULL' });
        expect(host.adds(readd)).toEqual([]);
        host.update('projects', 'web', { archived_at: LATER });
        expect(host.adds(readd)).toEqual([
          fact('ao_projector.project_readded', {
            id: `aop:project_readded:web:${LATER}`,
            at: CLOCK,
            project: 'web',
            payload: '{}',
          }),
        ]);
        expect(host.adds(readd)).toEqual([]);
        host.update('projects', 'web', { archived_at: LATER });
        expect(host.adds(readd)).toEqual([]);
        host.update('projects', 'web', { archived_at: AT });
        expect(host.adds(readd).map(({ id }) => id)).toEqual([`aop:project_readded:web:${AT}`]);
      },
      { clock: true },
    );
  });
});

test('a scratch project is one of its own kind', () => {
  withTriggers(28, (host) => {
    const scratch = { id: 'scratch', path: '/home/dev', registered_at: AT, kind: 'scratch' };
    const [added] = host.adds(() => host.insert('projects', scratch));
    expect(added?.payload_json).toBe('{"kind":"scratch","has_git_remote":false}');
  });
});
