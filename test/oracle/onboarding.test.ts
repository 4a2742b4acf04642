import { expect, test } from '@jest/globals';
import { milestones, OTHER, URL } from './asked.ts';
import { at, type TinyHost } from './tiny.ts';

test('a pruned first start is no milestone', () => {
  const start = 'telemetry 1 ao.daemon.started';
  expect(milestones((host) => host.started(at('5')).project('scratch', at('5')))).toEqual([start]);
  expect(milestones((host) => host.started(at('5')).project('scratch', at('4.9')))).toEqual([]);
  expect(milestones((host) => host.started(at('5')).project('scratch', '0001-01-01 00:00:00 +0000 UTC'))).toEqual([
    start,
  ]);
  expect(milestones((host) => host.started(at('5')).started(at('4')))).toEqual([]);
  const noise = (payload: string) => ({
    type: 'session_updated',
    project: 'scratch',
    session: 's',
    payload,
    at: at('1'),
  });
  expect(milestones((host) => host.started(at('5')).line(noise('{"id":"s"}')))).toEqual([start]);
});

test('the first project comes from its earliest source, scratch excepted', () => {
  const name = 'ao.onboarding.first_project_added';
  const spawned = 'change_log 2 ao.onboarding.first_session_spawned';
  expect(
    milestones((host) =>
      host
        .project('scratch', at('1'))
        .project('a', '2026-06-18 17:30:03 +0530 IST m=+1.5')
        .telemetry('ao.projects.created', at('3.1')),
    ),
  ).toEqual([`observed 0 ${name}`]);
  expect(milestones((host) => host.created('scratch-1', at('1')).created('a-1', at('2')))).toEqual([
    'change_log 1 ao.onboarding.first_session_spawned',
    `change_log 2 ${name}`,
  ]);
  expect(milestones((host) => host.skip().created('scratch-1', at('1')))).toEqual([spawned]);
});

test('a first review is a decision or a thread of a known PR', () => {
  const name = 'ao.onboarding.first_pr_reviewed';
  const reviewed = (write: (host: TinyHost) => TinyHost) => milestones(write).filter((line) => line.endsWith(name));
  const added = 'pr_review_thread_added';
  const start = (host: TinyHost) => host.created('a-1', at('0')).thread(OTHER, 'a-1', false, at('0'), added);
  expect(
    reviewed((host) =>
      start(host)
        .found(URL, 'a-1', at('1'), { review: 'review_required' })
        .thread(URL, 'a-1', false, at('2'), added)
        .pull(URL, 'a-1', at('3'), { review: 'approved' }),
    ),
  ).toEqual([`change_log 4 ${name}`]);
  expect(
    reviewed((host) =>
      start(host)
        .found(URL, 'a-1', at('1'))
        .pull(URL, 'a-1', at('1'), { review: 'changes_requested' })
        .thread(URL, 'a-1', false, at('1'), added),
    ),
  ).toEqual([`change_log 4 ${name}`]);
});
