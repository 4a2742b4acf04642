import { describe, expect, test } from '@jest/globals';
import { rebuild } from '../../../projector/pipeline/rebuild.ts';
import { at, ms, TinyHost } from '../../oracle/tiny.ts';
import { openStore } from '../../properties/harness.ts';
import { answerOf, EVENTS_TIER } from '../../support/command-line.ts';
import { hostPath } from '../../support/processes.ts';
import { withFolder } from '../../support/temporary.ts';

const NOTE =
  'note: 1 gap in change_log is unexplained, so rows may be missing from this answer; see `ao-projector gaps`\n';

/** What a command line answers over a log in which so many rows are missing after the first. */
function answer(missing: number, ...words: string[]): string {
  return withFolder((folder) => {
    const host = new TinyHost(hostPath(folder)).project('web', at('0')).created('web-1', at('0'));
    for (let row = 0; row < missing; row++) host.skip();
    host.created('web-2', at('100')).updated('web-2', 'waiting_input', false, at('200')).close();
    const store = openStore(folder);
    for (const _ of rebuild(store));
    store.close();
    return answerOf(folder, EVENTS_TIER, ms(5_000), words);
  });
}

test.each(['failures', 'crashes', 'stuck', 'usage', 'activity', 'events', 'session web-1', 'explain web-1'])(
  '%s says below its answer that a gap is unexplained, and says nothing of one that is no riddle',
  (question) => {
    expect(answer(30, ...question.split(' ')).endsWith(NOTE)).toBe(true);
    expect(answer(1, ...question.split(' '))).not.toContain('note:');
  },
);

test.each([
  ['funnel', 'session'],
  ['funnel', 'onboarding'],
  ['funnel', 'pr', '--semantics', 'posthog'],
  ['funnel', 'compare', 'session'],
  ['funnel', 'lint', 'session'],
])('%s %s does so too', (...words) => {
  expect(answer(30, ...words).endsWith(NOTE)).toBe(true);
});

test('with --since a gap counts where the row after it is not older', () => {
  expect(answer(30, 'stuck', '--since', new Date(ms(100)).toISOString())).toContain(NOTE);
  expect(answer(30, 'stuck', '--since', new Date(ms(101)).toISOString())).not.toContain(NOTE);
});

test.each(['failures', 'crashes', 'stuck', 'usage', 'activity', 'status', 'gaps', 'funnel session'])(
  '%s --json has their number',
  (question) => {
    const told = answer(30, ...question.split(' '), '--json');
    expect(JSON.parse(told).as_of).toEqual({
      change_log: 33,
      telemetry: 4,
      at: ms(200),
      unexplained_gaps: 1,
      pruned_before: null,
    });
  },
);

describe('gaps', () => {
  test('prints each with the rows that it rests on', () => {
    const printed = answer(30, 'gaps').split('\n');
    expect(printed[0]).toMatch(/^change_log +kind +row before +row after +why +rows that say so$/);
    expect(printed[1]).toMatch(/^2 to 31 +unexplained +2026-06-18 12:00:00Z .*change_log 1, change_log 32$/);
  });

  test('has the same as JSON', () => {
    const { gaps } = JSON.parse(answer(30, 'gaps', '--json'));
    expect(gaps).toEqual([
      {
        ...{ stream: 'change_log', from: 2, to: 31, kind: 'unexplained', last_at: ms(0), next_at: ms(100) },
        why: expect.stringContaining('30 rows are missing'),
        evidence: [
          { stream: 'change_log', position: 1, role: expect.any(String) },
          { stream: 'change_log', position: 32, role: expect.any(String) },
        ],
      },
    ]);
  });

  test('says so where no row is missing', () => {
    expect(answer(0, 'gaps')).toBe('No row is missing.\n');
  });

  test('are counted by kind in status', () => {
    expect(answer(0, 'status')).toMatch(/^gaps +none$/m);
    expect(answer(1, 'status')).toMatch(/^gaps +1: 1 rolled_back_like; see `ao-projector gaps`$/m);
  });
});
