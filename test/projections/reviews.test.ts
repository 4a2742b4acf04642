import { describe, test } from '@jest/globals';
import { TRIGGERED } from '../../projections/facts.ts';
import { given, type Row } from '../support/spec.ts';
import { created, ended, instant, project, seen, spawnFailed, vanished } from './rows.ts';

function review(name: string, time: string, data: Record<string, string | number | boolean> = {}): Row {
  return { journal: { name, ...instant(time), project: project('web'), session: 'web-1', data } };
}

const born = created(1, 'web-1', '12:00:01');
const triggered = (time: string) =>
  review('ao.review.triggered', time, { harness: 'codex', created_runs: 2, reused: false });
const submitted = (time: string) =>
  review('ao.review.submitted', time, { harness: 'codex', verdict: 'approved', duration_ms: 500 });
const cancelled = (time: string) => review('ao.review.cancelled', time, { cancelled_runs: 1 });
const failed = (time: string) => review('ao.review.trigger_failed', time, { error_kind: 'agent_unavailable' });
const runCreated = (time: string) => review(TRIGGERED.reviewRunCreated, time, { harness: 'codex' });
const runChanged = (time: string, status: string, verdict = '') =>
  review(TRIGGERED.reviewRunChanged, time, { harness: 'codex', status, ...(verdict ? { verdict } : {}) });

const expectReviews = (rows: Row[], lines: string[]) => given(...rows).expectOnly('review', lines);

describe('what the daemon records of reviews is told once a row', () => {
  test('with what it says', () => {
    expectReviews(
      [born, triggered('12:01:00'), submitted('12:02:00'), cancelled('12:03:00'), failed('12:04:00')],
      [
        't1 review.triggered harness=codex count=2',
        't2 review.submitted harness=codex verdict=approved duration_ms=500',
        't3 review.cancelled count=1',
        't4 review.trigger_failed error_kind=agent_unavailable',
      ],
    );
  });

  test('however close two are', () => {
    expectReviews(
      [born, triggered('12:01:00'), triggered('12:01:00.5')],
      ['t1 review.triggered harness=codex count=2', 't2 review.triggered harness=codex count=2'],
    );
  });

  test('and of a session that is not known, or gone, not at all', () => {
    expectReviews([triggered('12:01:00')], []);
    expectReviews([born, triggered('12:01:00'), vanished(1)], []);
  });

  test('nor of one whose spawn failed', () => {
    const late = [ended(2, 'web-1', '12:00:02'), spawnFailed('web', '12:00:02.1', 1_200)];
    expectReviews([born, ...late, triggered('12:01:00')], []);
  });

  test('of the incarnation that is left, where a rolled-back one had the id before', () => {
    expectReviews(
      [born, triggered('12:03:00'), created(4, 'web-1', '12:02:00')],
      ['t1 review.triggered harness=codex count=2'],
    );
  });
});

describe('what triggers see of review runs', () => {
  test('tells it where the daemon does not', () => {
    expectReviews(
      [
        born,
        runCreated('12:01:00'),
        runChanged('12:02:00', 'complete', 'changes_requested'),
        runChanged('12:02:30', 'delivered', 'changes_requested'),
        runChanged('12:03:00', 'cancelled'),
        runChanged('12:04:00', 'failed'),
      ],
      [
        't1 review.triggered harness=codex',
        't2 review.submitted harness=codex verdict=changes_requested',
        't4 review.cancelled harness=codex',
      ],
    );
  });

  test('is no second event beside the row of the daemon, up to ten seconds before it or after', () => {
    const rows = (time: string) => [born, runCreated(time), triggered('12:01:10')];
    expectReviews(rows('12:01:00'), ['t2 review.triggered harness=codex count=2']);
    expectReviews(rows('12:01:20'), ['t2 review.triggered harness=codex count=2']);
    expectReviews(rows('12:00:59.999999999'), [
      't1 review.triggered harness=codex',
      't2 review.triggered harness=codex count=2',
    ]);
  });

  test('is one event for the runs that one request makes', () => {
    expectReviews(
      [born, runCreated('12:01:00.2'), runCreated('12:01:00'), runCreated('12:05:00')],
      ['t2 review.triggered harness=codex', 't3 review.triggered harness=codex'],
    );
  });
});

test('a trigger fact of another session tells nothing of this one', () => {
  const other = seen(TRIGGERED.sessionLaunched, 'web-2', '12:00:05', '12:00:06');
  expectReviews([born, other, runCreated('12:01:00')], ['t2 review.triggered harness=codex']);
});
