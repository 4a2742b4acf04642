import { describe, expect, test } from '@jest/globals';
import type { EventAnswer } from '../../projector/answers/events.ts';
import { june, Known, seconds, words } from './known.ts';

const known = new Known();

/** Every event that the working names, by the rows that made it. */
const ROWS: Readonly<Record<string, string>> = {
  'ao.daemon.started': 't1',
  'ao.onboarding.first_project_added': 'observed',
  'ao.onboarding.first_session_spawned': 'c1',
  'ao.onboarding.first_agent_output': 'c2',
  'ao.onboarding.first_pr_observed': 'c6',
  'ao.onboarding.first_pr_reviewed': 'c11',
  'ao.onboarding.first_pr_revised': 'c61',
  'ao.onboarding.first_merge': 'c12',
  'ao.session.spawned': 'c1 c14 c16 c29 c33 c69 c103 c115 c140 c142 c152 c157',
  'ao.session.first_signal': 'c2 c17 c30 c34 c70 c104 c116 c141 c143 c153',
  'ao.session.waiting_input_entered': 'c3 c31 c71 c118 c137 c154',
  'ao.session.waiting_input_exited': 'c4 c32 c72 c119 c138',
  'ao.session.agent_exited': 'c134',
  'ao.session.agent_resumed': 'c135',
  'ao.session.killed':
    'c13 c24 c25 c28 c49 c50 c51 c77 c80 c81 c82 c83 c89 c94 c95 c96 c101 c102 c111 c112 c113 c114 c138 c159',
  'ao.session.restored': 'c26 c27 c52 c53 c54 c55 c84 c85 c86 c87 c97 c98 c99 c100 c110 c160',
  'ao.pr.observed': 'c6 c19 c67 c74 c90 c107 c122 c146 c149',
  'ao.pr.ci_passed': 'c9 c45 c62 c68 c91 c109 c125 c147',
  'ao.pr.ci_failed': 'c22 c39 c42',
  'ao.pr.review_requested': 'c56',
  'ao.pr.changes_requested': 'c57 c126',
  'ao.pr.revised': 'c61 c130',
  'ao.pr.approved': 'c11 c64 c131 c151',
  'ao.pr.merged': 'c12 c88 c93 c132',
  'ao.pr.closed_unmerged': 'c79',
  'ao.spawn.failed': 't17 t20 t49 t77 t113 t116',
  'ao.adapter.unavailable': 't17 t77 t113',
  'ao.cli.exit_2': 't42 t43 t44 t45 t46 t123 t124',
  'ao.cli.repeated_failure': 't44',
  'ao.daemon.error_envelope': 't53 t95',
  'ao.daemon.panic': 't51 t96',
  'ao.lifecycle.session_terminated_unexpected': 'c80 c81 c82 c83 c159',
  'ao.session.stuck_waiting': 'c31 c154',
  'ao.session.no_signal': 'c14 c157',
  'ao.ci.repeated_failure': 'c42',
  'ao.daemon.shutdown_unclean': 't72 t133',
  'ao.review.triggered': 't106 t109 t127',
  'ao.review.submitted': 't107 t110',
  'ao.review.cancelled': 't128',
  'ao.review.trigger_failed': 't120',
  'ao.send': 't57 t73 t108 t129',
  'ao.doctor.run': 't24 t121',
};

test.each(Object.entries(ROWS))('%s is made by %s', (name, rows) => {
  expect(known.rows(name)).toEqual(words(rows));
});

/** Told elsewhere: days and projects, whatever row was the first to tell of them. */
const ELSEWHERE = ['ao.app.returned', 'ao.project.added'];

test('and nothing else is, each with an id of its own', () => {
  const all = known.events().filter(({ name }) => !ELSEWHERE.includes(name));
  const counts = Object.values(ROWS).map((rows) => words(rows).length);
  expect(all).toHaveLength(counts.reduce((sum, count) => sum + count, 0));
  expect(all).toHaveLength(75 + 7 + 34 + 8 + 31 + 2 + 6);
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
});

/** The rows of a name for each value of a dimension. */
function by(name: string, dimension: string): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const event of known.events('--name', name)) {
    const value = String(event.dimensions[dimension]);
    found[value] = [...(found[value] ?? []), known.rowOf(event)];
  }
  return found;
}

describe('sessions', () => {
  test('every end has the cause that can be known', () => {
    expect(by('ao.session.killed', 'end_cause')).toEqual({
      merged: words('c13 c89 c94'),
      found_dead_at_start: words('c80 c81 c82 c83 c159'),
      daemon_stop: words('c24 c25 c49 c50 c51 c95 c96'),
      agent_exit: words('c77'),
      unknown: words('c28 c101 c102 c111 c112 c113 c114 c138'),
    });
  });

  test('every restore has the hand that did it', () => {
    expect(by('ao.session.restored', 'how')).toEqual({
      daemon: words('c26 c27 c52 c53 c54 c55 c84 c85 c86 c87 c97 c98 c99 c100 c160'),
      other: words('c110'),
    });
  });

  test('every wait that was left took its time', () => {
    const dwells = known.events('--name', 'ao.session.waiting_input_exited').map(({ measures }) => measures.dwell_ms);
    expect(dwells).toEqual([120_000, 3_000_000, 45_000, 60_000, 1_201_500]);
  });

  test('each has its harness and kind', () => {
    const spawned = known.events('--name', 'ao.session.spawned');
    expect(spawned.map(({ raw, dimensions }) => [raw?.subject, dimensions.harness, dimensions.session_kind])).toEqual([
      ['web-1', 'claude-code', 'worker'],
      ['web-2', 'codex', 'worker'],
      ['web-3', 'codex', 'worker'],
      ['api-1', 'claude-code', 'worker'],
      ['web-4', 'claude-code', 'orchestrator'],
      ['web-5', 'aider', 'worker'],
      ['infra-1', 'codex', 'worker'],
      ['web-6', 'claude-code', 'worker'],
      ['web-7', 'aider', 'worker'],
      ['api-3', 'codex', 'worker'],
      ['infra-2', 'codex', 'worker'],
      ['web-8', 'codex', 'worker'],
    ]);
  });

  test('web-2 has the fifteen events of its life', () => {
    const own = known.events().filter(({ raw }) => raw?.session === 'web-2');
    expect(own.map((event) => known.rowOf(event))).toEqual(
      words('c14 c14 c24 c26 c28 c53 c81 c81 c85 c90 c91 c93 c94 c98 c101'),
    );
  });
});

describe('PRs', () => {
  test('are found by their sessions, and one is claimed', () => {
    const observed = known.events('--name', 'ao.pr.observed');
    expect(observed.map(({ raw, dimensions }) => [pull(raw), raw?.session, dimensions.how])).toEqual([
      ['web/1', 'web-1', 'found'],
      ['web/2', 'web-3', 'found'],
      ['api/1', 'api-1', 'found'],
      ['web/3', 'web-5', 'found'],
      ['web/3', 'web-2', 'claimed'],
      ['infra/1', 'infra-1', 'found'],
      ['web/4', 'web-6', 'found'],
      ['api/2', 'api-3', 'found'],
      ['web/5', 'web-7', 'found'],
    ]);
  });

  test('web/2 went through everything, in this order', () => {
    const own = known.events().filter(({ raw, subject_kind }) => subject_kind === 'pr' && pull(raw) === 'web/2');
    expect(own.map((event) => `${known.rowOf(event)} ${event.name}`)).toEqual([
      'c19 ao.pr.observed',
      'c22 ao.pr.ci_failed',
      'c39 ao.pr.ci_failed',
      'c42 ao.pr.ci_failed',
      'c42 ao.ci.repeated_failure',
      'c45 ao.pr.ci_passed',
      'c56 ao.pr.review_requested',
      'c57 ao.pr.changes_requested',
      'c61 ao.pr.revised',
      'c62 ao.pr.ci_passed',
      'c64 ao.pr.approved',
      'c88 ao.pr.merged',
    ]);
  });
});

describe('failures', () => {
  const told = (name: string) =>
    known.events('--name', name).map((event) => [known.rowOf(event), event.raw?.project, event.dimensions]);

  test('of spawns have their reasons', () => {
    const worker = { session_kind: 'worker' };
    const missing = { ...worker, error_kind: 'invalid', error_code: 'AGENT_BINARY_NOT_FOUND', harness: 'aider' };
    const branch = { ...worker, error_kind: 'invalid', error_code: 'BRANCH_NOT_FETCHED', harness: 'codex' };
    expect(told('ao.spawn.failed')).toEqual([
      ['t17', 'web', missing],
      ['t20', 'web', branch],
      ['t49', 'api', { ...worker, error_kind: 'internal', harness: 'codex' }],
      ['t77', 'web', missing],
      ['t113', 'web', missing],
      ['t116', 'web', { ...worker, error_kind: 'internal', harness: 'aider' }],
    ]);
    const durations = known.events('--name', 'ao.spawn.failed').map(({ measures }) => measures.duration_ms);
    expect(durations).toEqual([40, 2050, 6100, 45, 50, 2020]);
  });

  test('of commands say the command and nothing that was typed after it', () => {
    expect(by('ao.cli.exit_2', 'command')).toEqual({
      'ao spawn': words('t42 t43 t44 t45'),
      'ao send': words('t46 t123'),
      'ao pr merge': words('t124'),
    });
  });

  test('of time stand at the end of their limit', () => {
    const at = (name: string) => known.events('--name', name).map((event) => [event.raw?.session, event.at]);
    expect(at('ao.session.stuck_waiting')).toEqual([
      ['api-1', june('02 09:10:00')],
      ['infra-2', june('12 15:30:00')],
    ]);
    expect(at('ao.session.no_signal')).toEqual([
      ['web-2', june('01 09:45:01')],
      ['web-8', june('14 10:10:01')],
    ]);
  });
});

test('milestones stand at their times', () => {
  const start = june('01 08:00:05');
  expect(known.events('--name', 'ao.daemon.started').map(({ at }) => at)).toEqual([start]);
  expect(known.events('--name', 'ao.onboarding.first_project_added').map(({ at }) => at)).toEqual([
    start + seconds(55.02),
  ]);
  expect(known.events('--name', 'ao.onboarding.first_pr_revised').map(({ at }) => at)).toEqual([june('03 10:10:00')]);
});

test('status says how far it was read and what is missing', () => {
  expect(known.ask('status')).toMatchObject({
    as_of: { change_log: 161, at: june('14 13:00:00') },
    host: { schema_version: 82, triggers: 'none', problem: null },
    streams: { change_log: { position: 161, head: 161, lag_rows: 0 }, telemetry: { lag_rows: 0 } },
    rejected: 0,
    unknown_types: 0,
    gaps: [
      { stream: 'change_log', from: 15, to: 15, kind: 'rolled_back_spawn' },
      { stream: 'change_log', from: 139, to: 139, kind: 'rolled_back_spawn' },
    ],
    rolled_back_like_gaps: 2,
    projections: [
      { name: 'sessions', rows: 75 + 7 },
      { name: 'pulls', rows: 34 },
      { name: 'onboarding', rows: 8 + 9 },
      { name: 'failures', rows: 31 + 2 },
      { name: 'usage', rows: 6 + 3 },
    ],
  });
});

/** `web/2` of a URL. */
function pull(raw: EventAnswer['raw']): string | undefined {
  return raw?.subject?.replace('https://github.com/ann/', '').replace('/pull/', '/');
}
