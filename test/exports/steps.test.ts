import { expect, jest, test } from '@jest/globals';
import type { Backend } from './backend.ts';
import type { Durations } from './expected-sums.ts';
import { type ExportedInstall, MINUTE_MS } from './exported-install.ts';
import { receivedSums } from './received-sums.ts';
import { withInstall } from './with-install.ts';

jest.setTimeout(60_000);

test('steps are timed from the first event of the required step before', async () => {
  await withInstall({}, async (install, backend) => {
    const { daemon } = install;
    const session = begun(install);
    daemon.hook(session, 'active');
    const pull = daemon.provider.open('web', daemon.sessions.get(session).branch);
    poll(install);
    // What comes again is no first one.
    for (const passed of [true, false, true]) {
      daemon.provider.finish(pull, passed);
      poll(install);
    }
    daemon.provider.decide(pull, 'approved');
    poll(install);
    daemon.provider.become(pull, 'merged');
    poll(install);
    await install.finish();

    const at = (name: string) => install.derived().find((event) => event.name === name)!.at;
    const between = (before: string, step: string) => ({ count: 1, ms: at(step) - at(before) });
    expect(steps(backend)).toEqual({
      'session ao.session.first_signal': between('ao.session.spawned', 'ao.session.first_signal'),
      'session ao.pr.observed': between('ao.session.spawned', 'ao.pr.observed'),
      'session ao.pr.ci_passed': between('ao.pr.observed', 'ao.pr.ci_passed'),
      'session ao.pr.approved': between('ao.pr.observed', 'ao.pr.approved'),
      'session ao.pr.merged': between('ao.pr.observed', 'ao.pr.merged'),
      'pr ao.pr.ci_passed': between('ao.pr.observed', 'ao.pr.ci_passed'),
      'pr ao.pr.approved': between('ao.pr.observed', 'ao.pr.approved'),
      'pr ao.pr.merged': between('ao.pr.observed', 'ao.pr.merged'),
    });
    expect(at('ao.pr.approved')).toBeGreaterThan(at('ao.pr.ci_passed'));
  });
});

test('the review funnel begins where changes are requested, and each of its steps is required', async () => {
  await withInstall({}, async (install, backend) => {
    const { daemon } = install;
    const pull = daemon.provider.open('web', daemon.sessions.get(begun(install)).branch);
    poll(install);
    daemon.provider.decide(pull, 'approved');
    poll(install);
    daemon.provider.decide(pull, 'changes_requested');
    poll(install);
    daemon.provider.push(pull);
    poll(install);
    daemon.provider.become(pull, 'merged');
    poll(install);
    await install.finish();
    // Approved before, and merged without another approval.
    expect(Object.keys(steps(backend)).filter((of) => of.startsWith('review'))).toEqual(['review ao.pr.revised']);
  });
});

test('a PR that is taken over is a step of both sessions, and none of an orchestrator is one', async () => {
  await withInstall({}, async (install, backend) => {
    const { daemon } = install;
    const [first, second] = [begun(install), daemon.spawns.spawn('web')];
    const orchestrator = daemon.spawns.spawn('web', { kind: 'orchestrator' });
    for (const [finder, owner] of [
      [first, second],
      [orchestrator, orchestrator],
    ] as const) {
      const pull = daemon.provider.open('web', daemon.sessions.get(finder).branch);
      poll(install);
      daemon.pulls.claim(pull.url, owner);
      daemon.provider.become(pull, 'merged');
      poll(install);
    }
    await install.finish();
    expect(Object.entries(steps(backend)).map(([of, { count }]) => [of, count])).toEqual([
      ['pr ao.pr.merged', 2],
      ['session ao.pr.merged', 1],
      ['session ao.pr.observed', 2],
    ]);
  });
});

function begun({ daemon }: ExportedInstall): string {
  daemon.lifecycle.start();
  daemon.projects.add('web');
  return daemon.spawns.spawn('web');
}

function poll(install: ExportedInstall): void {
  install.later(MINUTE_MS);
  install.daemon.pulls.poll();
}

/** Times of steps by funnel and step. */
function steps(backend: Backend): Record<string, Durations> {
  const { durations } = receivedSums(backend.accepted('/v1/metrics'));
  const ofSteps = Object.entries(durations).filter(([of]) => /^(session|pr|review) /.test(of));
  return Object.fromEntries(ofSteps.sort(([a], [b]) => (a < b ? -1 : 1)));
}
