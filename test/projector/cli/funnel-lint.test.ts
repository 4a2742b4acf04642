import { expect, test } from '@jest/globals';
import type { Finding } from '../../../projector/answers/funnel/lint.ts';
import { funnelCommand } from '../../../projector/cli/funnel.ts';
import { at, type TinyHost } from '../../oracle/tiny.ts';
import { answering } from './answered.ts';

/** Two PRs of one project: one is merged after an hour, the other after three; half way both have passed CI. */
const twoPulls = (host: TinyHost): TinyHost =>
  host
    .created('web-1', at('0'))
    .idle('web-1', at('1'))
    .found('https://web/1', 'web-1', at('10'))
    .found('https://web/2', 'web-1', at('10'))
    .pull('https://web/1', 'web-1', at('1810'), { ci: 'passing' })
    .pull('https://web/1', 'web-1', at('3610'), { ci: 'passing', state: 'merged' })
    .pull('https://web/2', 'web-1', at('5410'), { ci: 'passing' })
    .pull('https://web/2', 'web-1', at('10810'), { ci: 'passing', state: 'merged' });

const MERGED = 'ao.pr.observed > ao.pr.ci_passed > ao.pr.merged';
const { run } = answering(funnelCommand, twoPulls, 86_400);
const findings = (...words: string[]): Finding[] => JSON.parse(run('funnel', 'lint', ...words, '--json')).findings;
const found = (steps: string, ...words: string[]) => findings('--steps', steps, ...words);

test('a funnel that says what it seems to say has no finding', () => {
  expect(found(MERGED)).toEqual([]);
  expect(run('funnel', 'lint', '--steps', MERGED)).toBe('Nothing to warn of.\n');
});

test('a step of an event that never occurs is found', () => {
  expect(found('ao.pr.observed > ao.pr.approved | ao.pr.ci_passed > ao.pr.closed_unmerged')).toEqual([
    { part: 'steps.1.events.0', problem: 'event_never_occurs', found: { event: 'ao.pr.approved' } },
    { part: 'steps.2.events.0', problem: 'event_never_occurs', found: { event: 'ao.pr.closed_unmerged' } },
  ]);
});

test('an event that occurs in another project alone is found', () => {
  expect(found(MERGED, '--project', 'web')).toEqual([]);
  expect(found(MERGED, '--project', 'api').map(({ part }) => part)).toEqual(
    [0, 1, 2].map((step) => `steps.${step}.events.0`),
  );
});

test('a value that never occurs is found, with those that do', () => {
  expect(found('ao.pr.observed{how=found,how=claimed} > ao.pr.merged')).toEqual([
    { part: 'steps.0.where.how', problem: 'value_never_occurs', found: { value: 'claimed', values: ['found'] } },
  ]);
});

test('values that never occur together are found', () => {
  const steps = 'ao.pr.observed | ao.pr.merged{how=found, name=ao.pr.merged} > ao.pr.merged';
  expect(found(steps)).toEqual([{ part: 'steps.0.where', problem: 'nothing_passes', found: { events: 4 } }]);
});

test('an exclusion that is a step is found', () => {
  expect(found(MERGED, '--exclude', 'ao.pr.ci_passed@1-2')).toEqual([
    { part: 'exclude.0.events.0', problem: 'exclusion_is_a_step', found: { event: 'ao.pr.ci_passed', step: 2 } },
  ]);
});

test('an exclusion of an event that no subject of the question has is found', () => {
  expect(found(MERGED, '--exclude', 'ao.session.killed')).toEqual([
    { part: 'exclude.0.events.0', problem: 'event_never_occurs', found: { event: 'ao.session.killed' } },
  ]);
});

test('a window is found that is shorter than the median between two steps', () => {
  const median = (steps: [number, number], seconds: number): Finding[] => [
    { part: 'window_ms', problem: 'window_too_short', found: { steps, median_ms: seconds * 1_000 } },
  ];
  // From the first step to the second 1,800 s and 5,400 s, to the third 3,600 s and 10,800 s.
  expect(found(MERGED, '--within', '3599s')).toEqual(median([1, 2], 3_600));
  expect(found(MERGED, '--within', '1h')).toEqual(median([1, 3], 7_200));
  expect(found(MERGED, '--within', '2h')).toEqual([]);
});

test('a breakdown of one value is found', () => {
  expect(found(MERGED, '--by', 'project')).toEqual([{ part: 'by', problem: 'one_value', found: { value: 'web' } }]);
  expect(found('ao.pr.observed > ao.pr.merged', '--by', 'name', '--attribute', 'last')).toEqual([
    { part: 'by', problem: 'one_value', found: { value: 'ao.pr.merged' } },
  ]);
  expect(found('ao.pr.ci_passed | ao.pr.observed > ao.pr.merged', '--by', 'name', '--entry', 'every')).toHaveLength(1);
});

test('people read the part and what was found', () => {
  const lines = run(
    ...['funnel', 'lint', '--steps', 'ao.pr.observed{how=claimed} > ao.pr.approved > ao.pr.merged', '--subject', 'pr'],
    ...['--exclude', 'ao.pr.merged@1-2', '--by', 'harness'],
  ).split('\n');
  expect(lines.map((line) => line.replace(/ {2,}/, ': '))).toEqual([
    'part: finding',
    'steps.1.events.0: ao.pr.approved never occurs',
    'steps.0.where.how: claimed never occurs; what occurs: found',
    'exclude.0.events.0: ao.pr.merged is step 3 too; it voids an attempt before it may be a step',
    '',
  ]);
  expect(run('funnel', 'lint', '--steps', MERGED, '--within', '30m')).toContain(
    'steps 1 and 2 are 1 h apart (median) where no window ends an attempt',
  );
  expect(run('funnel', 'lint', '--steps', MERGED, '--by', 'harness')).toContain('all attempts have one value: unknown');
});

test('the milestones of onboarding are no steps in order', () => {
  expect(() => run('funnel', 'lint', 'onboarding')).toThrow(expect.objectContaining({ found: 'onboarding' }));
});

test('the funnels that ship, and files, are looked at as well; flags change them', () => {
  expect(findings('review').map(({ part }) => part)).toEqual([
    'steps.0.events.0',
    'steps.1.events.0',
    'steps.2.events.0',
  ]);
  expect(findings('pr', '--within', '1h').map(({ part }) => part)).toContain('window_ms');
});
