import { describe, expect, test } from '@jest/globals';
import { AT, CLOCK, fact, LATER, type Row, withTriggers } from './support.ts';

const RUN: Row = { id: 'run', review_id: 'rev', session_id: 'web-1', harness: 'claude-code', created_at: AT };

describe.each([15, 18, 82])('on version %i', (version) => {
  test('a run is created once', () => {
    withTriggers(version, (host) => {
      expect(host.adds(() => host.insert('review_run', RUN))).toEqual([
        fact('ao_projector.review_run_created', {
          id: 'aop:review_run_created:run',
          at: AT,
          session: 'web-1',
          payload: '{"harness":"claude-code"}',
        }),
      ]);
      expect(host.adds(() => host.insert('review_run', RUN, { or: 'OR REPLACE' }))).toEqual([]);
      expect(host.adds(() => host.insert('review_run', RUN, { or: 'OR IGNORE' }))).toEqual([]);
    });
  });

  test('each status that a run comes to is one fact, at the time of the write', () => {
    withTriggers(
      version,
      (host) => {
        host.insert('review_run', RUN);
        const complete = () => host.update('review_run', 'run', { status: 'complete', verdict: 'approved' });
        expect(host.adds(complete)).toEqual([
          fact('ao_projector.review_run_changed', {
            id: 'aop:review_run_changed:run:complete',
            at: CLOCK,
            session: 'web-1',
            payload: '{"harness":"claude-code","status":"complete","verdict":"approved"}',
          }),
        ]);
        expect(host.adds(complete)).toEqual([]);
        expect(host.adds(() => host.update('review_run', 'run', { body: 'prose', verdict: '' }))).toEqual([]);
        const [failed] = host.adds(() => host.update('review_run', 'run', { status: 'failed' }));
        expect(failed?.payload_json).toBe('{"harness":"claude-code","status":"failed","verdict":""}');
        expect(host.adds(complete)).toEqual([]);
      },
      { clock: true },
    );
  });

  test('words that nobody knows are other ones, and one status of them is told once', () => {
    withTriggers(version, (host) => {
      host.insert('review_run', { ...RUN, harness: 'secret' });
      const [changed] = host.adds(() => host.update('review_run', 'run', { status: 'secret' }));
      expect(changed).toMatchObject({
        id: 'aop:review_run_changed:run:other',
        payload_json: '{"harness":"other","status":"other","verdict":""}',
      });
      expect(host.adds(() => host.update('review_run', 'run', { status: 'another secret' }))).toEqual([]);
    });
  });
});

test('a delivery has a time of its own from version 18 on', () => {
  withTriggers(18, (host) => {
    host.insert('review_run', RUN);
    const delivered = { status: 'delivered', verdict: 'changes_requested', delivered_at: LATER };
    expect(host.adds(() => host.update('review_run', 'run', delivered))).toEqual([
      fact('ao_projector.review_run_changed', {
        id: 'aop:review_run_changed:run:delivered',
        at: LATER,
        session: 'web-1',
        payload: '{"harness":"claude-code","status":"delivered","verdict":"changes_requested"}',
      }),
    ]);
  });
});

test('the time of a delivery is not the time of what comes after it', () => {
  withTriggers(
    82,
    (host) => {
      host.insert('review_run', { ...RUN, status: 'delivered', delivered_at: LATER });
      const [cancelled] = host.adds(() => host.update('review_run', 'run', { status: 'cancelled' }));
      expect(cancelled?.occurred_at).toBe(CLOCK);
    },
    { clock: true },
  );
});
